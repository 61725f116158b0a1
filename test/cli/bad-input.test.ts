import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeRepo } from "../helpers/repo.ts";
import { PROJECT, run, runTool, scratch } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

const HOOK = path.join(PROJECT, "hooks/pre-commit");

function folder(): string {
  const dir = scratch();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A folder for PATH with a program named git. */
function fakeGit(script: string): string {
  const dir = folder();
  writeFileSync(path.join(dir, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return dir;
}

describe("git", () => {
  test("outside a repository the check says so, and what to do", async () => {
    const ran = await runTool(["check"], { cwd: folder() });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/no git repository[^]*hint: .*check PATH/);
  });

  test("the hook outside a repository never says clean", async () => {
    const ran = await run("sh", [HOOK], { cwd: folder() });
    expect(ran.code).toBe(3);
  });

  test("without git the check says how to get it", async () => {
    const ran = await runTool(["check"], { cwd: folder(), env: { PATH: folder() } });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/git was not found[^]*2\.25/);
  });

  test("a git that is too old is named", async () => {
    const old = fakeGit(
      'if [ "$1" = --version ]; then echo "git version 2.17.1"; else echo "unknown option" >&2; exit 129; fi',
    );
    const ran = await runTool(["check"], { cwd: folder(), env: { PATH: old } });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/git 2\.17 is too old[^]*2\.25/);
  });

  test("an index that is damaged stops the commit", async () => {
    const repo = await makeRepo({ commit: { "a.js": "export {};\n" } });
    onTestFinished(repo.remove);
    writeFileSync(path.join(repo.dir, ".git/index"), "not an index");
    expect((await run("sh", [HOOK], { cwd: repo.dir })).code).toBe(3);
    expect((await runTool(["check"], { cwd: repo.dir })).code).toBe(3);
  });

  test("an object that is damaged is reported, and the others are read", async () => {
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    repo.write({ "a.js": "export const a = 1;\n", "b.js": `const t = "${githubToken()}";\n` });
    await repo.git("add", "-A");
    const id = (await repo.git("rev-parse", ":a.js")).stdout.trim();
    const object = path.join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
    chmodSync(object, 0o644);
    writeFileSync(object, "garbage");
    for (const [command, args] of [
      ["sh", [HOOK]],
      [process.execPath, [path.join(PROJECT, "dist/bin.cjs")]],
    ] as const) {
      const ran = await run(command, args, { cwd: repo.dir });
      expect(ran.stdout).toContain("github-personal-token");
      expect(ran.stdout).toMatch(/a\.js[^]*not scanned|not scanned[^]*a\.js/);
      expect(ran.code).toBe(1);
    }
  });
});

describe("its own files", () => {
  test.each([
    ["the table of rules is missing", "prefilter.jsonl", null],
    ["the table of rules is cut short", "prefilter.jsonl", '{"automaton":'],
    ["everything but the first file is missing", "hook", null],
  ])("%s: one line, and never clean", async (_name, file, text) => {
    const copy = folder();
    cpSync(path.join(PROJECT, "dist"), path.join(copy, "dist"), { recursive: true });
    cpSync(path.join(PROJECT, "hooks"), path.join(copy, "hooks"), { recursive: true });
    rmSync(path.join(copy, "dist", file), { recursive: true });
    if (text !== null) writeFileSync(path.join(copy, "dist", file), text);
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    repo.write({ "a.js": `const t = "${githubToken()}";\n` });
    await repo.git("add", "-A");
    const ran = await run("sh", [path.join(copy, "hooks/pre-commit")], { cwd: repo.dir });
    expect(ran.code).toBe(3);
    expect(ran.stdout + ran.stderr).toMatch(/^stowaway: .*install stowaway again.*\n$/);
  });
});

test.each([
  ["an error", "process.nextTick(() => { throw new Error('x') })"],
  ["a promise", "process.nextTick(() => Promise.reject(new Error('x')))"],
])("%s that nobody caught stops the commit in one line", async (_name, script) => {
  const dir = folder();
  writeFileSync(path.join(dir, "fault.cjs"), script);
  const repo = await makeRepo();
  onTestFinished(repo.remove);
  // Read from a pack, by a process: the fault comes before its answer.
  repo.write({ "a.js": "export {};\n" });
  await repo.git("add", "-A");
  await repo.git("commit", "-q", "-m", "x");
  await repo.git("repack", "-adq");
  await repo.git("mv", "a.js", "b.js");
  const env = { NODE_OPTIONS: `--require ${path.join(dir, "fault.cjs")}` };
  const ran = await run("sh", [HOOK], { cwd: repo.dir, env });
  expect(ran.code).toBe(3);
  expect(ran.stdout + ran.stderr).toMatch(/^stowaway: .*\n$/);
});

describe("paths", () => {
  test("a hook that names files gets their staged version, and other files from the disk", async () => {
    const repo = await makeRepo({ commit: { "README.md": "# hello\n" } });
    onTestFinished(repo.remove);
    repo.write({ "a.js": `const t = "${githubToken()}";\n` });
    await repo.git("add", "a.js");
    repo.write({ "a.js": "export {};\n" });
    expect((await runTool(["check", "a.js"], { cwd: repo.dir })).code).toBe(0);
    const hook = (args: string): void =>
      writeFileSync(
        path.join(repo.dir, ".git/hooks/pre-commit"),
        `#!/bin/sh\nexec "${process.execPath}" "${path.join(PROJECT, "dist/bin.cjs")}" check ${args}\n`,
        { mode: 0o755 },
      );
    for (const args of ["a.js", '"$PWD/a.js"', ".", "a.js README.md"]) {
      hook(args);
      expect((await repo.git("commit", "-q", "-m", "x")).code).toBe(1);
    }
    await repo.git("add", "a.js");
    repo.write({ "new.js": `const t = "${githubToken()}";\n` });
    for (const args of ["new.js", "a.js new.js"]) {
      hook(args);
      expect((await repo.git("commit", "-q", "-m", "x")).stderr).toMatch(
        /new\.js[^]*github|github[^]*new\.js/,
      );
    }
    hook("a.js");
    expect((await repo.git("commit", "-q", "-m", "x")).code).toBe(0);
  });

  test("--staged with the name of nothing is a mistake, with an unstaged file it is none", async () => {
    const repo = await makeRepo({ commit: { "old.js": "export {};\n", "README.md": "# hello\n" } });
    onTestFinished(repo.remove);
    repo.write({ "a.js": `const t = "${githubToken()}";\n`, "new.js": "export {};\n" });
    await repo.git("add", "a.js");
    await repo.git("rm", "-q", "old.js");
    const check = async (...names: string[]): Promise<number | null> =>
      (await runTool(["check", "--staged", ...names], { cwd: repo.dir })).code;
    expect(await check("nonexist")).toBe(2);
    expect(await check("a.js", "nonexist")).toBe(2);
    expect(await check("old.js", "README.md", "new.js")).toBe(0);
    expect(await check("a.js")).toBe(1);
  });
});

describe("files", () => {
  test("names that are no UTF-8 are read", async () => {
    const dir = folder();
    const inner = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x64, 0xff])]);
    mkdirSync(inner);
    writeFileSync(
      Buffer.concat([inner, Buffer.from("/a"), Buffer.from([0xe9]), Buffer.from(".js")]),
      `const t = "${githubToken()}";\n`,
    );
    const ran = await runTool(["check", "."], { cwd: dir });
    expect(ran.stdout).toContain(String.raw`d\xff/a\xe9.js:1:`);
    expect(ran.code).toBe(1);
  });

  test("what cannot be read is named, and the answer is 3", async () => {
    const dir = folder();
    writeFileSync(path.join(dir, "fine.js"), "export {};\n");
    const missing = await runTool(["check", "fine.js", "missing.js"], { cwd: dir });
    expect(missing.code).toBe(3);
    expect(missing.stdout).toMatch(/no such file[^]*missing\.js/);
    if (process.getuid?.() === 0) return; // root reads everything
    writeFileSync(path.join(dir, "secret.js"), "x", { mode: 0 });
    const unreadable = await runTool(["check", "."], { cwd: dir });
    expect(unreadable.code).toBe(3);
    expect(unreadable.stdout).toMatch(/EACCES[^]*secret\.js/);
  });

  test("links are read by their text and never followed, pipes are never opened", async () => {
    const dir = folder();
    mkdirSync(path.join(dir, "in"));
    writeFileSync(path.join(dir, "outside.js"), `const t = "${githubToken()}";\n`);
    symlinkSync("../outside.js", path.join(dir, "in/link.js"));
    symlinkSync(".", path.join(dir, "in/loop"));
    await run("sh", ["-c", "mkfifo in/pipe"], { cwd: dir });
    const ran = await runTool(["check", "in"], { cwd: dir });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/pipe[^]*not a regular file/);
  });

  test("a staged file of 200 MB and a line of 20 MB are read to their ends", async () => {
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    const line = Buffer.alloc(20 * 2 ** 20, "const value = request(options.url, { key });  ");
    const leak = Buffer.from(` const t = "${githubToken()}";`);
    repo.write({
      "line.js": Buffer.concat([line, leak]),
      "large.log": Buffer.concat([...Array.from({ length: 10 }, () => line), leak]),
    });
    await repo.git("-c", "core.compression=0", "add", "-A");
    const ran = await run("sh", [HOOK], { cwd: repo.dir });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(`line.js:1:${line.length + 13}`);
    expect(ran.stdout).toContain("large.log:1:");
  });

  test("a file over the limit is reported with the key that raises it", async () => {
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    repo.write({
      "stowaway.config.json": '{ "limits": { "fileBytes": 1000 } }',
      "a.js": "export {};\n".repeat(200),
    });
    await repo.git("add", "-A");
    const ran = await run("sh", [HOOK], { cwd: repo.dir });
    expect(ran.code).toBe(3);
    expect(ran.stdout + ran.stderr).toMatch(/a\.js[^]*limits\.fileBytes/);
  });

  test.each([
    ["a rule that there is not", "github-personal-tokn", 2],
    ["a rule that there is", "github-personal-token", 0],
  ])("disable names %s", async (_name, id, code) => {
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    repo.write({
      "stowaway.config.json": JSON.stringify({ disable: [id] }),
      "a.js": `const t = "${githubToken()}";\n`,
    });
    await repo.git("add", "-A");
    const ran = await run("sh", [HOOK], { cwd: repo.dir });
    expect(ran.code).toBe(code);
    if (code === 2) expect(ran.stderr).toContain("Did you mean github-personal-token?");
  });

  test("broken configuration in the index stops the commit, quoting nothing", async () => {
    const repo = await makeRepo();
    onTestFinished(repo.remove);
    const value = githubToken();
    repo.write({ "stowaway.config.json": `{ "failOn": "${value}" }`, "a.js": "export {};\n" });
    await repo.git("add", "-A");
    const ran = await run("sh", [HOOK], { cwd: repo.dir });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/stowaway\.config\.json: line 1, column \d+/);
  });
});
