import { describe, expect, test } from "vitest";
import { base, commit, head } from "./commit-row.ts";
import { NEWNESS_ROWS } from "./newness-rows.ts";
import { PEER_ROWS } from "./peer-rows.ts";
import { makeRepo } from "../helpers/repo.ts";
import { githubToken } from "../helpers/samples.ts";

describe.concurrent("a real git commit", () => {
  test.for([...PEER_ROWS, ...NEWNESS_ROWS])("$name: $outcome", async (row) => {
    const leak = `export const token = "${githubToken()}";\n`;
    const files = row.base === undefined ? base : row.base;
    const filled =
      files === false
        ? {}
        : Object.fromEntries(
            Object.entries(files).map(([name, text]) => [name, text === "LEAK" ? leak : text]),
          );
    const repo = await makeRepo(files === false ? {} : { commit: filled });
    try {
      repo.installHook();
      await row.act(repo, leak);
      const before = await head(repo);
      const tree = await repo.git("status", "--porcelain", "--ignored");
      const ran = await commit(repo, row);
      const said = ran.stdout + ran.stderr;
      expect({ said, code: ran.code === 0 ? "passes" : "stopped" }).toEqual({
        said,
        code: row.outcome === "passes" ? "passes" : "stopped",
      });
      if (row.outcome === "blocked") expect(said).toMatch(/github-personal-token/);
      if (row.outcome !== "passes") {
        expect(await head(repo)).toBe(before);
        expect((await repo.git("status", "--porcelain", "--ignored")).stdout).toBe(tree.stdout);
      }
      if (row.says !== undefined) expect(said).toMatch(row.says);
      expect(said).not.toContain(leak.slice(22, -3));
    } finally {
      repo.remove();
    }
  });
});
