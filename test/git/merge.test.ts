import { describe, expect, test } from "vitest";
import { base, commit, stage } from "./commit-row.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { githubToken } from "../helpers/samples.ts";

describe.concurrent("a merge", () => {
  async function diverged(leak: string, where: "branch" | "nowhere"): Promise<Repo> {
    const repo = await makeRepo({ commit: { ...base, "b.js": "const b = 1;\n" } });
    await repo.git("switch", "-q", "-c", "side");
    await stage(
      repo,
      where === "branch" ? { "a.js": `export const a = 2;\n${leak}` } : { "a.js": "export const a = 2;\n" },
    );
    await repo.git("commit", "-q", "-m", "side");
    await repo.git("switch", "-q", "main");
    await stage(repo, { "a.js": "export const a = 3;\n", "b.js": "const b = 2;\n" });
    await repo.git("commit", "-q", "-m", "main");
    repo.installHook();
    await repo.git("merge", "-q", "side");
    return repo;
  }

  test("what a parent holds passes", async () => {
    const leak = `export const token = "${githubToken()}";\n`;
    const repo = await diverged(leak, "branch");
    await stage(repo, { "a.js": `export const a = 4;\n${leak}` });
    expect((await commit(repo, {})).code).toBe(0);
    repo.remove();
  });

  test("what only the merge has is blocked", async () => {
    const leak = `export const token = "${githubToken()}";\n`;
    const repo = await diverged(leak, "nowhere");
    await stage(repo, { "a.js": `export const a = 4;\n${leak}` });
    const ran = await commit(repo, {});
    expect(ran.code).not.toBe(0);
    expect(ran.stderr + ran.stdout).toMatch(/github-personal-token/);
    repo.remove();
  });

  test("what a parent holds passes under the name that we gave the file", async () => {
    const text = (extra: string): string => `${"const line = 1;\n".repeat(40)}${extra}`;
    const repo = await makeRepo({ commit: { ...base, "old.js": text("") } });
    await repo.git("switch", "-q", "-c", "side");
    await stage(repo, { "old.js": text(`export const token = "${githubToken()}";\n`) });
    await repo.git("commit", "-q", "-m", "side");
    await repo.git("switch", "-q", "main");
    await repo.git("mv", "old.js", "new.js");
    await repo.git("commit", "-q", "-m", "main");
    repo.installHook();
    await repo.git("merge", "-q", "--no-commit", "side");
    expect((await commit(repo, {})).code).toBe(0);
    await repo.git("reset", "-q", "--hard", "HEAD~1");
    await repo.git("merge", "-q", "--no-commit", "side");
    await stage(repo, { "a.js": `export const token = "${githubToken()}";\n` });
    expect((await commit(repo, {})).code).not.toBe(0);
    repo.remove();
  });
});
