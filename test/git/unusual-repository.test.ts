import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { base, commit, stage, wrapHook } from "./commit-row.ts";
import { makeRepo } from "../helpers/repo.ts";
import { PROJECT, run } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

describe.concurrent("unusual repositories", () => {
  test("linked worktree", async () => {
    const repo = await makeRepo({ commit: base });
    repo.installHook();
    const linked = `${repo.dir}-linked`;
    await repo.git("worktree", "add", "-q", linked);
    writeFileSync(path.join(linked, "a.js"), `const t = "${githubToken()}";\n`);
    const ran = await run("git", ["commit", "-q", "-a", "-m", "x"], { cwd: linked });
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/github-personal-token/);
    rmSync(linked, { recursive: true, force: true });
    repo.remove();
  });

  test("GIT_DIR and GIT_WORK_TREE apart", async () => {
    const repo = await makeRepo({ commit: base });
    repo.installHook();
    const store = `${repo.dir}-store`;
    renameSync(path.join(repo.dir, ".git"), store);
    repo.write({ "a.js": `const t = "${githubToken()}";\n` });
    const env = { GIT_DIR: store, GIT_WORK_TREE: repo.dir };
    const ran = await run("git", ["commit", "-q", "-a", "-m", "x"], { cwd: repo.dir, env });
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/github-personal-token/);
    rmSync(store, { recursive: true, force: true });
    repo.remove();
  });

  test("a submodule is skipped and said", async () => {
    const inner = await makeRepo({ commit: { "leak.js": `const t = "${githubToken()}";\n` } });
    const repo = await makeRepo({ commit: base });
    repo.installHook();
    await repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "lib");
    const ran = await commit(repo, {});
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/lib.*submodule/s);
    inner.remove();
    repo.remove();
  });

  test("SHA-256 objects", async () => {
    const repo = await makeRepo();
    rmSync(path.join(repo.dir, ".git"), { recursive: true });
    await repo.git("init", "-q", "--object-format=sha256");
    repo.installHook();
    await stage(repo, { "a.js": `const t = "${githubToken()}";\n` });
    const ran = await commit(repo, {});
    expect(ran.code).not.toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/github-personal-token/);
    repo.remove();
  });

  test("a file monitor of the repository is not run", async () => {
    const repo = await makeRepo({ commit: base });
    await stage(repo, { "a.js": `const t = "${githubToken()}";\n` });
    const ran = path.join(repo.dir, ".git/ran");
    await repo.git("config", "core.fsmonitor", `touch "${ran}" #`);
    for (const command of [
      ["sh", path.join(PROJECT, "hooks/pre-commit")],
      [process.execPath, path.join(PROJECT, "dist/bin.cjs")],
    ])
      expect((await run(command[0] ?? "", command.slice(1), { cwd: repo.dir })).code).toBe(1);
    expect(existsSync(ran)).toBe(false);
    repo.remove();
  });

  test("a listing that git could not finish stops the commit", async () => {
    const repo = await makeRepo({ commit: base });
    repo.installHook();
    await stage(repo, { "b.js": "export {};\n" });
    const fake = path.join(repo.dir, ".git/fake");
    mkdirSync(fake);
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    const dying = `#!/bin/sh\ncase "$*" in *--raw*) exit 128;; esac\nexec ${real} "$@"\n`;
    writeFileSync(path.join(fake, "git"), dying, { mode: 0o755 });
    wrapHook(repo, `PATH="${fake}:$PATH"`);
    const ran = await commit(repo, {});
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(/nothing was checked/);
    repo.remove();
  });

  test("a file for the order of listings is not opened: it may be a pipe that never ends", async () => {
    const repo = await makeRepo({ commit: base });
    const pipe = path.join(repo.dir, ".git/pipe");
    execFileSync("sh", ["-c", `mkfifo "${pipe}"`]);
    await repo.git("config", "diff.orderFile", pipe);
    repo.write({ "a.js": `const t = "${githubToken()}";\n` });
    await repo.git("add", "a.js");
    for (const command of [
      ["sh", path.join(PROJECT, "hooks/pre-commit")],
      [process.execPath, path.join(PROJECT, "dist/bin.cjs")],
    ])
      expect((await run("timeout", ["9", ...command], { cwd: repo.dir })).code).toBe(1);
    repo.remove();
  });
});
