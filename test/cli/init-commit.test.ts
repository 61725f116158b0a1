import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, run, runTool } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

/** Repositories that have hooks already, set up by the built tool, in which real commits are tried. */
let repo: Repo;
beforeEach(async () => {
  repo = await makeRepo({ commit: { "a.js": "first\n", ".gitignore": "node_modules\n" } });
  install("node_modules/stowaway");
});
afterEach(() => repo.remove());

function install(folder: string): void {
  const target = path.join(repo.dir, folder);
  cpSync(path.join(PROJECT, "hooks"), path.join(target, "hooks"), { recursive: true });
  symlinkSync(path.join(PROJECT, "dist"), path.join(target, "dist"), "junction");
}

async function init(env: Readonly<Record<string, string>> = {}, folder = "."): ReturnType<typeof run> {
  const ran = await runTool(["init", "--yes"], { cwd: path.join(repo.dir, folder), env });
  expect(ran.code, ran.stderr).toBe(0);
  return ran;
}

const count = async (): Promise<string> => (await repo.git("rev-list", "--count", "HEAD")).stdout.trim();

/** A commit of a token, staged by `git commit -a` itself, is stopped by the check; one without it passes. */
async function expectGuarded(): Promise<void> {
  const token = githubToken();
  const before = await count();
  repo.write({ "a.js": `const token = "${token}";\n` });
  const leak = await repo.git("commit", "-a", "-m", "leak");
  expect(leak.stderr).toContain("commit blocked");
  expect(leak.code).not.toBe(0);
  expect(await count()).toBe(before);
  repo.write({ "a.js": `const token = process.env.TOKEN; // ${before}\n` });
  const clean = await repo.git("commit", "-a", "-m", "clean");
  expect(clean.code, clean.stderr).toBe(0);
}

describe("a hook that was there, and the commits after init", () => {
  test.each([
    ["drops git's variables", "#!/bin/sh\nunset $(git rev-parse --local-env-vars)\n"],
    ["leaves in a case", "#!/bin/sh\ncase x in x)exit 0;; esac\n"],
    ["names functions like programs", "#!/bin/sh\nsh() { :; }\ngit() { :; }\nprintf() { :; }\n"],
    ["does not end a here-document", "#!/bin/sh\ncat >/dev/null <<END\ntext\n"],
    ["reads in another way", "#!/bin/bash\nshopt -s extglob\ncase a in !(b)) exit 0 ;; esac\n"],
    ["is replaced by a program", "#!/bin/sh\nexec true\n"],
    ["goes elsewhere", "#!/bin/sh\ncd / && PATH=/nowhere\n"],
    ["throws away what is said", "#!/bin/sh\nexec >/dev/null 2>&1\n"],
    ["is a program of another kind", "#!/usr/bin/env node\nprocess.exit(0);\n"],
  ])("where it %s", async (_, text) => {
    repo.write({ ".git/hooks/pre-commit": text });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o755);
    await init();
    await expectGuarded();
    const again = await init();
    expect({ stdout: again.stdout, said: again.stderr.split(":")[0] }).toEqual({
      stdout: "",
      said: "Nothing to do",
    });
  });

  test("where lines that leave were put before the check", async () => {
    await init();
    const file = path.join(repo.dir, ".git/hooks/pre-commit");
    repo.write({ ".git/hooks/pre-commit": readFileSync(file, "utf8").replace("\n", "\nexit 0\n") });
    expect((await init()).stderr).toContain("Done: git runs stowaway before every commit");
    await expectGuarded();
  });
});

describe("where init is run", () => {
  test.each([
    ["settings", { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "core.pager", GIT_CONFIG_VALUE_0: "less -R" }],
    ["half of a setting", { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "core.pager" }],
    ["editors and pagers", { GIT_EDITOR: "vi", EDITOR: "vi", GIT_PAGER: "less", PAGER: "less" }],
    ["a trace", { GIT_TRACE: "1" }],
  ])("with %s of git in the environment", async (_, env: Record<string, string>) => {
    await init(env);
    await expectGuarded();
  });

  test("in a package below the top, with spaces and quotes in its path", async () => {
    const folder = "packages/it's a part";
    install(`${folder}/node_modules/stowaway`);
    repo.write({ [`${folder}/package.json`]: '{ "name": "part", "version": "1.0.0" }' });
    const { stdout } = await init({}, folder);
    expect(stdout).toContain(`\n${folder}/package.json\n`);
    await expectGuarded();
  });

  test("in a linked worktree, for all worktrees that have stowaway installed", async () => {
    await repo.git("worktree", "add", "-q", "linked");
    install("linked/node_modules/stowaway");
    await init({}, "linked");
    await expectGuarded();
    repo.write({ "linked/b.js": `"${githubToken(2)}"\n` });
    await repo.git("-C", "linked", "add", "b.js");
    expect((await repo.git("-C", "linked", "commit", "-m", "leak")).stderr).toContain("commit blocked");
  });

  test("where husky waits for npm install, which is said as the next step until it has run", async () => {
    repo.write({ "package.json": '{ "private": true, "scripts": { "prepare": "husky" } }' });
    const effect =
      "husky will run stowaway before every commit (.husky/pre-commit) once npm install has run (husky sets itself up then).\n";
    expect((await init()).stderr).toContain(`Done: ${effect}`);
    const waiting = await init();
    expect(waiting.stderr).toContain("note: husky is not active in this clone yet: run npm install");
    expect(waiting.stderr).toContain(`Nothing to write: ${effect}`);
    mkdirSync(path.join(repo.dir, "node_modules"), { recursive: true });
    const husky = await run(process.execPath, [path.join(PROJECT, "node_modules/husky/bin.js")], {
      cwd: repo.dir,
    });
    expect(husky.code).toBe(0);
    expect((await init()).stderr).toContain("Nothing to do: husky runs stowaway before every commit");
    await expectGuarded();
  });
});
