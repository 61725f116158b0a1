import { chownSync, realpathSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readRepository } from "../../../src/host/git.ts";
import { processHost } from "../../../src/host/host.ts";
import { makeRepo } from "../../helpers/repo.ts";
import { scratch } from "../../helpers/run.ts";
import { folders, repository } from "./set-up.ts";

describe("the environment", () => {
  const settings = (key: string, value: string): Record<string, string> => ({
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: key,
    GIT_CONFIG_VALUE_0: value,
  });
  test.each([
    ["a pager among git's settings", settings("core.pager", "less")],
    ["a file system monitor among git's settings", settings("core.fsmonitor", "watch")],
    ["settings of git -c", { GIT_CONFIG_PARAMETERS: "'core.editor'='vi'" }],
    ["editors", { GIT_EDITOR: "vi", EDITOR: "vi", VISUAL: "vi", GIT_SEQUENCE_EDITOR: "vi" }],
    ["pagers", { GIT_PAGER: "less", PAGER: "less" }],
    ["ssh", { GIT_SSH: "ssh", GIT_SSH_COMMAND: "ssh -v", GIT_ASKPASS: "ask", SSH_ASKPASS: "ask" }],
    ["files of settings", { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" }],
    [
      "others",
      { GIT_EXTERNAL_DIFF: "diff", GIT_TEMPLATE_DIR: "/nowhere", GIT_PROXY_COMMAND: "x", PREFIX: "/usr" },
    ],
  ])("may hold %s", async (_, env: Record<string, string>) => {
    const repo = await repository();
    const host = { ...processHost(), cwd: repo.dir };
    const found = await readRepository({ ...host, env: { ...host.env, ...env } });
    expect(found.hooks).toBe(path.join(realpathSync(repo.dir), ".git/hooks"));
  });

  test.runIf(process.getuid?.() === 0)("may name the folders that git trusts", async () => {
    const repo = await repository();
    for (const file of [repo.dir, path.join(repo.dir, ".git")]) chownSync(file, 12345, 12345);
    const host = { ...processHost(), cwd: repo.dir };
    const env = { ...host.env, HOME: repo.dir, XDG_CONFIG_HOME: repo.dir, GIT_CONFIG_NOSYSTEM: "1" };
    const trusted = { ...env, ...settings("safe.directory", "*") };
    await expect(readRepository({ ...host, env })).rejects.toMatchObject({ code: "git-failed" });
    await expect(readRepository({ ...host, env: trusted })).resolves.toMatchObject({ hooksPath: false });
  });
});

test.each([
  ["outside of a repository", "no-repository"],
  ["in a bare repository", "no-work-tree"],
])("%s there is nothing to set up", async (where, code) => {
  const repo = await makeRepo();
  const bare = scratch();
  folders.push(repo.dir, bare);
  if (where.includes("bare")) await repo.git("init", "-q", "--bare", bare);
  const host = { ...processHost(), cwd: bare };
  await expect(readRepository(host)).rejects.toMatchObject({ code, exitCode: 2 });
});
