import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { githubToken } from "../../helpers/samples.ts";
import { run } from "../../helpers/run.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

/** What hostile reviewers made of the first version. */

let scene: Scene;
afterEach(() => scene.remove());

const TOKEN = githubToken(31);
const OTHER = githubToken(32);
const APP = `const token = "${TOKEN}";\n`;
const STOW = ["stow", "--to", "dotenv", "--yes"];

describe("the plan shows no value", () => {
  test.each([
    ["as a key", "a.js", `const u = { "${TOKEN}": "${TOKEN}" };\n`],
    ["as a key in Python", "a.py", `u = {"${TOKEN}": "${TOKEN}"}\n`],
    ["in a comment behind", "a.js", `const a = "${TOKEN}"; // ${TOKEN}\n`],
    ["beside another secret", "a.js", `f("${TOKEN}", "${OTHER}");\n`],
  ])("%s", async (_what, file, text) => {
    scene = await makeScene({ [file]: text });
    const { stdout } = await scene.tool("stow", "--to", "dotenv", "--dry-run");
    expect(stdout).toContain(file);
    expect([stdout.includes(TOKEN), stdout.includes(OTHER)]).toEqual([false, false]);
  });
});

test("a plan shows the lines as they are and will be, code unmasked", async () => {
  scene = await makeScene({ "a.js": `const api = new Api("${TOKEN}", true);\n` });
  const { stdout } = await scene.tool("stow", "--to", "dotenv", "--dry-run");
  expect(stdout).toContain('- const api = new Api("***", true);');
  expect(stdout).toContain("+ const api = new Api(process.env.GITHUB_TOKEN, true);");
});

test("a finding in what became a link is listed, not passed over, and nothing else is moved for it", async () => {
  scene = await makeScene({ "l.js": APP, "real.js": "const x = 1;\n", "b.js": `const b = "${OTHER}";\n` });
  await scene.tool("check", "l.js");
  rmSync(path.join(scene.dir, "l.js"));
  symlinkSync("real.js", path.join(scene.dir, "l.js"));
  const before = await stateOf(scene);
  const ran = await scene.tool(...STOW);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/stays\s+l\.js:1 .*symbolic link/);
  expect(await stateOf(scene)).toEqual(before);
});

test("what only the index holds, behind a filter, is listed", async () => {
  scene = await makeScene({ ".gitattributes": "*.js filter=f\n", "a.js": APP });
  await scene.git("config", "filter.f.clean", "cat");
  scene.write({ "a.js": "const x = 1;\n" });
  const ran = await scene.tool(...STOW);
  expect([ran.code, ran.stdout.replaceAll(/\s+/g, " ")]).toEqual([1, expect.stringMatching(/filter|staged/)]);
});

test("what only the index holds of a file that leaves git is kept in the store", async () => {
  scene = await makeScene({ ".env": `GITHUB_TOKEN=${TOKEN}\n` });
  rmSync(path.join(scene.dir, ".env"));
  const before = await stateOf(scene);
  const ran = await scene.tool(...STOW);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/\.env leaves git's index; there is none on the disk/);
  expect(scene.read(".env.local")).toContain(TOKEN);
  expect((await scene.tool("undo", "--yes")).code).toBe(0);
  expect(await stateOf(scene)).toEqual(before);
});

test("a value of one file is taken out of every file that is edited, and listed where it cannot be", async () => {
  const second = `const other = "${OTHER}";\nif (input === "${TOKEN}") stop();\n// ${TOKEN}\n`;
  scene = await makeScene({ "a.js": APP, "b.js": second });
  const ran = await scene.tool(...STOW);
  expect(ran.code, ran.stderr).toBe(0);
  expect(scene.read("b.js")).toContain("if (input === process.env.GITHUB_TOKEN) stop();");
  expect(ran.stdout).toMatch(/stays\s+b\.js:3 /);
});

test("a value within a longer word stays, is listed, and keeps nothing else from being moved", async () => {
  scene = await makeScene({ "a.js": `${APP}const u = "pre${TOKEN}";\n` });
  const ran = await scene.tool(...STOW);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(/stays\s+a\.js:2 /);
  expect(scene.read("a.js")).toMatch(/^const token = process\.env\.GITHUB_TOKEN;/);
});

test("a template stays in git, without the value", async () => {
  scene = await makeScene({ ".env.example": `GITHUB_TOKEN=${TOKEN}\n` });
  expect((await scene.tool(...STOW)).code).toBe(0);
  expect((await scene.git("ls-files", ".env.example")).stdout).toBe(".env.example\n");
  expect(scene.read(".env.example")).not.toContain(TOKEN);
  expect((await scene.tool("check")).code).toBe(0);
});

test("an .npmrc stays in git once it holds no token", async () => {
  scene = await makeScene({
    ".npmrc": `registry=https://npm.example.com/\n//npm.example.com/:_authToken=${TOKEN}\n`,
  });
  expect((await scene.tool(...STOW)).code).toBe(0);
  expect((await scene.git("show", ":.npmrc")).stdout).toBe(
    "registry=https://npm.example.com/\n//npm.example.com/:_authToken=${GITHUB_TOKEN}\n",
  );
});

test("a name that the store holds, and no manifest knows of, is left alone", async () => {
  scene = await makeScene({ "a.js": APP, ".gitignore": ".env.local\n" });
  writeFileSync(path.join(scene.dir, ".env.local"), "GITHUB_TOKEN=other\n");
  expect((await scene.tool(...STOW)).code).toBe(0);
  expect(scene.read(".env.local")).toBe(`GITHUB_TOKEN=other\nGITHUB_TOKEN_A=${TOKEN}\n`);
  expect(scene.read("a.js")).toContain("process.env.GITHUB_TOKEN_A");
});

test("the command that is printed does the same, ids and name included", async () => {
  scene = await makeScene({ "a.js": APP, "b.js": `const b = "${OTHER}";\n` });
  const { stdout } = await scene.tool("check", "--format", "json");
  const { findings } = JSON.parse(stdout) as { findings: { id: string; path: string }[] };
  const id = findings.find((finding) => finding.path === "a.js")?.id ?? "";
  const asked = await scene.tool("stow", id, "--to", "dotenv", "--name", "MINE");
  expect(asked.stderr).toContain(`npx stowaway stow ${id} --to dotenv --name MINE --yes`);
});

test("8000 places of one value in one file", async () => {
  const many = Array.from({ length: 8000 }, () => `f("${TOKEN}");`).join("\n");
  scene = await makeScene({ "a.js": `${many}\n` });
  const ran = await run("timeout", ["60", "node", path.join(process.cwd(), "dist/bin.cjs"), ...STOW], {
    cwd: scene.dir,
    env: { HOME: scene.home },
  });
  expect(ran.code).toBe(0);
  expect(scene.read("a.js")).not.toContain(TOKEN);
});
