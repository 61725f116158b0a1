import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, run, runTool, scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

let repo: Repo;
beforeAll(async () => {
  repo = await makeRepo({ commit: { "readme.md": "nothing\n" } });
  repo.write({ "a.js": `const token = "${githubToken()}";\n` });
  await repo.git("add", "a.js");
});
afterAll(() => repo.remove());

const manifest = JSON.parse(readFileSync(path.join(PROJECT, "package.json"), "utf8")) as { version: string };
const bundle = (name: string): string => path.join(PROJECT, "dist", name);

test("--version prints the version and nothing else", async () => {
  expect(await runTool(["--version"])).toMatchObject({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: "",
  });
});

test("stowaway alone is stowaway check", async () => {
  const [alone, named] = await Promise.all([
    runTool([], { cwd: repo.dir }),
    runTool(["check"], { cwd: repo.dir }),
  ]);
  expect(alone).toMatchObject({ code: 1, stdout: named.stdout });
  expect(alone.stdout).toContain("a.js:1:16");
  expect(alone.stderr).toMatch(/\n1 finding \(1 critical\) in 1 file, \d+ ms; commit blocked\n$/);
});

test("check-pack is stowaway check-pack", async () => {
  const [own, sub] = await Promise.all([
    run(process.execPath, [bundle("check-pack.cjs"), "--help"]),
    runTool(["check-pack", "--help"]),
  ]);
  expect(own).toMatchObject({ code: 0, stdout: sub.stdout });
  expect(own.stdout).toMatch(/^stowaway check-pack: /);
});

test.each([
  [["chekc"], "stowaway: unknown command chekc\n  hint: Did you mean stowaway check?\n"],
  [["--stagde"], "stowaway: unknown option --stagde\n  hint: Did you mean --staged?\n"],
  [["check", "--fromat", "json"], "stowaway: unknown option --fromat\n  hint: Did you mean --format?\n"],
])("%j is wrong usage and names the nearest", async (args, stderr) => {
  expect(await runTool(args, { cwd: repo.dir })).toMatchObject({ code: 2, stdout: "", stderr });
});

test("--cwd works as if started there", async () => {
  expect(await runTool(["--cwd", repo.dir, "check", "--exit-code", "9"])).toMatchObject({ code: 9 });
});

test("a wrong configuration answers 2, names the place and quotes nothing", async () => {
  repo.write({ "wrong.json": '{\n  "failon": "low"\n}\n' });
  expect(await runTool(["check", "--config", "wrong.json", "a.js"], { cwd: repo.dir })).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "stowaway: wrong.json: line 2, column 3: this key is not known\n  hint: Did you mean failOn?\n",
  });
});

test("colours only when asked for, and never with --no-color", async () => {
  const escape = "\u001b[";
  const forced = await runTool([], { cwd: repo.dir, env: { FORCE_COLOR: "1" } });
  expect(forced.stdout).toContain(escape);
  expect(forced.stderr).toContain(escape);
  const plain = await runTool(["--no-color"], { cwd: repo.dir, env: { FORCE_COLOR: "1" } });
  expect(plain.stdout + plain.stderr).not.toContain(escape);
  expect((await runTool([], { cwd: repo.dir })).stdout).not.toContain(escape);
});

/** Starts the tool with one of its streams closed on the reader's side at once. */
async function withClosed(name: "stdout" | "stderr"): Promise<{ code: number | null; rest: string }> {
  const child = spawn(process.execPath, [bundle("bin.cjs")], { cwd: repo.dir, env: scrubbed(repo.dir) });
  child[name].destroy();
  const other = name === "stdout" ? child.stderr : child.stdout;
  let rest = "";
  other.on("data", (chunk: Buffer) => (rest += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", (exit) => resolve(exit));
  });
  return { code, rest };
}

test("a reader that went away keeps the answer and makes no noise", async () => {
  const out = await withClosed("stdout");
  expect(out.code).toBe(1);
  expect(out.rest).toMatch(/(?:^|\n)1 finding [^\n]*\n$/);
  const err = await withClosed("stderr");
  expect(err.code).toBe(1);
  expect(err.rest).toContain("a.js:1:16");
});

test.skipIf(process.platform === "win32").each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s answers %s", async (signal, code) => {
  const child = spawn(process.execPath, [bundle("bin.cjs"), "check", "--stdin"], {
    cwd: repo.dir,
    env: scrubbed(repo.dir),
  });
  // Once it takes more than a pipe holds, it has started.
  const chunk = Buffer.alloc(2 ** 16, "text\n");
  await new Promise<void>((resolve) => {
    const fill = (left: number): void =>
      void child.stdin.write(chunk, () => (left === 0 ? resolve() : fill(left - 1)));
    fill(8);
  });
  child.kill(signal);
  const exit = await new Promise<number | null>((resolve) => {
    child.on("close", (answer) => resolve(answer));
  });
  expect(exit).toBe(code);
});

test.skipIf(process.platform !== "linux")("a full disk is no clean scan", async () => {
  const shell = `exec "$0" "$1" > /dev/full`;
  const ran = await run("sh", ["-c", shell, process.execPath, bundle("bin.cjs")], { cwd: repo.dir });
  expect(ran.code).toBe(3);
  expect(ran.stderr).toContain("stowaway: what was to be said cannot be written\n");
});

test.each(["18.20.0", "20.18.3", "21.7.0", "22.11.0"])(
  "Node %s is refused before anything is loaded",
  async (version) => {
    const script = `Object.defineProperty(process.versions, "node", { value: "${version}" }); require(process.argv[1]);`;
    expect(await run(process.execPath, ["-e", script, bundle("bin.cjs")])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`this is ${version}\n`),
    });
  },
);
