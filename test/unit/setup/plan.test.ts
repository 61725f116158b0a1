import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { applyChanges } from "../../../src/setup/apply.ts";
import { describeEffect } from "../../../src/setup/describe.ts";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";
import { scratch } from "../../helpers/run.ts";
import { folders, MANIFEST, plan, repository, setUp, withHusky } from "./set-up.ts";

describe("the hook goes where this repository has its hooks", () => {
  test("git's own folder", async () => {
    const repo = await repository({ "package.json": MANIFEST });
    const { names, code, said } = await setUp(repo);
    expect({ names, code, said }).toEqual({
      names: [".git/hooks/pre-commit", "package.json"],
      code: 1,
      said: "checked\n",
    });
  });

  test("git's own folder, reached from a linked worktree", async () => {
    const main = await makeRepo({ commit: { "a.txt": "a" } });
    folders.push(main.dir);
    await main.git("worktree", "add", "-q", "linked");
    const linked: Repo = { ...main, dir: path.join(main.dir, "linked") };
    mkdirSync(path.join(linked.dir, "node_modules/stowaway/hooks"), { recursive: true });
    writeFileSync(path.join(linked.dir, "node_modules/stowaway/hooks/pre-commit"), "echo checked; exit 1\n");
    const planned = await plan(linked);
    applyChanges(planned.changes);
    expect(planned.hook.file).toBe(path.join(realpathSync(main.dir), ".git/hooks/pre-commit"));
    const { code, stderr } = await main.git("-C", "linked", "commit", "--allow-empty", "-m", "try");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "checked\n" });
  });

  test("git's own folder of a submodule", async () => {
    const library = await makeRepo({ commit: { "a.txt": "a" } });
    const main = await makeRepo();
    folders.push(library.dir, main.dir);
    const allow = ["-c", "protocol.file.allow=always"];
    await main.git(...allow, "submodule", "add", "-q", library.dir, "libs/a part");
    const sub: Repo = {
      ...main,
      dir: path.join(main.dir, "libs/a part"),
      git: async (...args) => await main.git("-C", "libs/a part", ...args),
    };
    mkdirSync(path.join(sub.dir, "node_modules/stowaway/hooks"), { recursive: true });
    writeFileSync(path.join(sub.dir, "node_modules/stowaway/hooks/pre-commit"), "echo checked; exit 1\n");
    expect(lstatSync(path.join(sub.dir, ".git")).isFile()).toBe(true);
    const { code, said } = await setUp(sub);
    expect({ code, said }).toEqual({ code: 1, said: "checked\n" });
    expect((await main.git("commit", "--allow-empty", "-m", "above")).code).toBe(0);
  });

  test.each([".husky", "hooks"])("husky's folder %s, with lines that stay", async (folder) => {
    const repo = await repository({ [`${folder}/pre-commit`]: "echo lint\n" });
    await withHusky(repo, folder);
    const { names, code, said } = await setUp(repo);
    expect({ names, code, said }).toEqual({
      names: [`${folder}/pre-commit`],
      code: 1,
      said: "lint\nchecked\n",
    });
  });

  test("husky's folder without a hook", async () => {
    const repo = await repository();
    await withHusky(repo, ".husky");
    const { names, said } = await setUp(repo);
    expect({ names, said }).toEqual({ names: [".husky/pre-commit"], said: "checked\n" });
  });

  test.each([
    ["husky", ".husky"],
    ["husky || exit 0", ".husky"],
    ["npm run build && husky config/hooks", "config/hooks"],
    ["husky install .githooks", ".githooks"],
  ])("husky's folder before its prepare script (%s) has run", async (script, folder) => {
    const repo = await repository({
      "package.json": JSON.stringify({ private: true, scripts: { prepare: script } }),
    });
    const planned = await plan(repo);
    expect(planned.changes.map((change) => change.name)).toEqual([`${folder}/pre-commit`]);
    expect(planned.notes.join()).toContain("npm install");
    expect(describeEffect(planned)).toBe(
      `husky will run stowaway before every commit (${folder}/pre-commit) once npm install has run (husky sets itself up then)`,
    );
  });

  test("husky's folder where git knows of husky, but its wrappers are gone", async () => {
    const repo = await repository({
      "package.json": JSON.stringify({ private: true, scripts: { prepare: "husky" } }),
    });
    await repo.git("config", "core.hooksPath", ".husky/_");
    const { changes, hook } = await plan(repo);
    expect(changes.map((change) => change.name)).toEqual([".husky/pre-commit"]);
    expect(hook.waiting).toBe(true);
  });
});

test("lefthook, which writes hooks anew, is named with what to add to it", async () => {
  const repo = await repository({ "lefthook.yml": "pre-commit:\n" });
  const { notes } = await plan(repo);
  expect(notes).toEqual([
    "lefthook replaces git's hooks when it is installed: add a pre-commit command to lefthook.yml that runs: sh node_modules/stowaway/hooks/pre-commit",
  ]);
});

describe("the hook goes where core.hooksPath says", () => {
  test("the folder of husky 8", async () => {
    const repo = await repository({
      ".husky/_/husky.sh":
        'if [ -z "$husky_skip_init" ]; then\n  export husky_skip_init=1\n  sh -e "$0" "$@"\n  exit $?\nfi\n',
      ".husky/pre-commit": '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\necho lint\n',
    });
    chmodSync(path.join(repo.dir, ".husky/pre-commit"), 0o755);
    await repo.git("config", "core.hooksPath", ".husky");
    const { names, code, said } = await setUp(repo);
    expect({ names, code, said }).toEqual({ names: [".husky/pre-commit"], code: 1, said: "lint\nchecked\n" });
  });

  test("the folder of core.hooksPath", async () => {
    const repo = await repository();
    await repo.git("config", "core.hooksPath", ".githooks");
    const { names, code, said } = await setUp(repo);
    expect({ names, code, said }).toEqual({ names: [".githooks/pre-commit"], code: 1, said: "checked\n" });
  });

  test("but not a folder that other repositories share", async () => {
    const repo = await repository();
    const shared = scratch();
    folders.push(shared);
    await repo.git("config", "core.hooksPath", shared);
    await expect(plan(repo)).rejects.toMatchObject({ code: "shared-hooks", exitCode: 1 });
  });
});

describe("an existing hook", () => {
  test("in another language is moved aside and still runs first", async () => {
    const repo = await repository({
      // Like overcommit's, it asks for the name it was started by.
      ".git/hooks/pre-commit":
        '#!/usr/bin/env node\nconsole.log(require("path").basename(process.argv[1]))\n',
    });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o755);
    const { code, said } = await setUp(repo);
    expect({ code, said }).toEqual({ code: 1, said: "pre-commit\nchecked\n" });
  });

  test.each([
    ["an open here-document", "#!/bin/sh\necho before\ncat <<X\n", "before\n"],
    [
      "an extended pattern",
      "#!/bin/bash\nshopt -s extglob\ncase a in !(b)) echo before ;; esac\n",
      "before\n",
    ],
  ])("with %s is moved aside and still runs first", async (_, text, before) => {
    const repo = await repository({ ".git/hooks/pre-commit": text });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o755);
    const { code, said } = await setUp(repo);
    expect(said.replace(/^.*here-document.*\n/gm, "")).toBe(`${before}checked\n`);
    expect(code).toBe(1);
  });

  test("for husky that is moved aside is still run with sh -e", async () => {
    const repo = await repository({ ".husky/pre-commit": "echo before\nfalse\ncat <<X\n" });
    await withHusky(repo, ".husky");
    const { code, said } = await setUp(repo);
    expect({ code, said }).toEqual({ code: 1, said: "before\n" });
  });

  test("into which a line was put before the block is mended", async () => {
    const repo = await repository();
    await setUp(repo);
    const file = path.join(repo.dir, ".git/hooks/pre-commit");
    writeFileSync(file, readFileSync(file, "utf8").replace("\n", "\nexit 0\n"));
    expect((await repo.git("commit", "--allow-empty", "-m", "through")).code).toBe(0);
    const { names, said } = await setUp(repo);
    expect({ names, said }).toEqual({ names: [".git/hooks/pre-commit"], said: "checked\n" });
  });

  test("that is a link is moved aside, and its target is not written to", async () => {
    const repo = await repository({ "scripts/hook.sh": "#!/bin/sh\necho linked\n" });
    chmodSync(path.join(repo.dir, "scripts/hook.sh"), 0o755);
    mkdirSync(path.join(repo.dir, ".git/hooks"), { recursive: true });
    symlinkSync("../../scripts/hook.sh", path.join(repo.dir, ".git/hooks/pre-commit"));
    const { said } = await setUp(repo);
    expect(said).toBe("linked\nchecked\n");
    expect(readlinkSync(path.join(repo.dir, ".git/hooks/stowaway-chained/pre-commit"))).toBe(
      "../../../scripts/hook.sh",
    );
    expect(readFileSync(path.join(repo.dir, "scripts/hook.sh"), "utf8")).toBe("#!/bin/sh\necho linked\n");
  });

  test("keeps its bytes where they are no UTF-8", async () => {
    const repo = await repository();
    const text = Buffer.from("#!/bin/sh\necho latin \xe9 >/dev/null\n", "latin1");
    repo.write({ ".git/hooks/pre-commit": text });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o755);
    const { said } = await setUp(repo);
    expect(said).toBe("checked\n");
    expect(readFileSync(path.join(repo.dir, ".git/hooks/stowaway-chained/pre-commit")).equals(text)).toBe(
      true,
    );
  });

  test("that git ignores is not woken up", async () => {
    const repo = await repository({ ".git/hooks/pre-commit": "#!/bin/sh\necho asleep\n" });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o644);
    await expect(plan(repo)).rejects.toMatchObject({ code: "hook-inactive", exitCode: 1 });
  });

  test.each(["a folder", "a link to nothing"])("that is %s is in the way", async (what) => {
    const repo = await repository();
    const file = path.join(repo.dir, ".git/hooks/pre-commit");
    if (what === "a folder") mkdirSync(file, { recursive: true });
    else {
      mkdirSync(path.dirname(file), { recursive: true });
      symlinkSync("nowhere", file);
    }
    await expect(plan(repo)).rejects.toMatchObject({ code: "hook-in-the-way" });
  });
});

describe("the shim that is called", () => {
  test("is the one of the package below the top, by a path from the top", async () => {
    const repo = await makeRepo();
    folders.push(repo.dir);
    repo.write({
      "packages/app/node_modules/stowaway/hooks/pre-commit": "echo checked; exit 1\n",
      "packages/app/package.json": MANIFEST,
      "packages/app/src/a.ts": "",
    });
    const { names, said } = await setUp(repo, "packages/app/src");
    expect({ names, said }).toEqual({
      names: [".git/hooks/pre-commit", "packages/app/package.json"],
      said: "checked\n",
    });
    expect(readFileSync(path.join(repo.dir, ".git/hooks/pre-commit"), "utf8")).not.toContain(repo.dir);
  });

  test("is the running program's own where the project has none; package.json stays then", async () => {
    const repo = await makeRepo();
    const own = scratch();
    folders.push(repo.dir, own);
    repo.write({ "package.json": MANIFEST });
    mkdirSync(path.join(own, "hooks"));
    writeFileSync(path.join(own, "hooks/pre-commit"), "echo own; exit 1\n");
    const planned = await plan(repo, ".", own);
    expect(planned.changes.map((change) => change.name)).toEqual([".git/hooks/pre-commit"]);
    expect(planned.notes.join()).toContain("package.json stays as it is");
    applyChanges(planned.changes);
    expect((await repo.git("commit", "--allow-empty", "-m", "try")).stderr).toBe("own\n");
  });

  test.each(["_npx/1a2b", "dlx-123"])("is never one in a cache (%s)", async (cache) => {
    const repo = await makeRepo();
    const own = path.join(scratch(), cache);
    folders.push(repo.dir, path.dirname(own));
    mkdirSync(path.join(own, "hooks"), { recursive: true });
    writeFileSync(path.join(own, "hooks/pre-commit"), "");
    await expect(plan(repo, ".", own)).rejects.toMatchObject({ code: "not-installed", exitCode: 1 });
  });
});
