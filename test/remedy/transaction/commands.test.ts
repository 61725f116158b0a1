import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { existsSync } from "node:fs";
import path from "node:path";
import { bind } from "../../../src/vault/trust.ts";
import { run, runTool } from "../../helpers/run.ts";
import type { Ran } from "../../helpers/run.ts";
import { bench, noteState, read, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import { AFTER, NAME } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

/** A secret that was staged and stowed into the real dotenv store. */
async function stowed(): Promise<{ repo: Bench; before: string; tool: (...args: string[]) => Promise<Ran> }> {
  const repo = await bench(() => ({ "a.js": "1\n", ".gitignore": "dist\n" }));
  repo.write({ "a.js": `1\nkey = ${repo.secret}\n` });
  await repo.git("add", ".");
  const before = await snapshot(repo);
  const lines = { ".gitignore": ".env.local" };
  const job = engine.job({
    op: "stow",
    store: "dotenv:.env.local",
    secret: repo.secret,
    paths: ["a.js"],
    lines,
  });
  const env = { HOME: path.dirname(repo.storeFile) };
  const { code, stderr } = await run(process.execPath, [engine.file, job], { cwd: repo.dir, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const commonDir = path.join(repo.dir, ".git");
  const clone = { projectId: "test", commonDir, top: repo.dir, owned: true, platform: process.platform };
  await bind({ ...clone, env: repo.env });
  noteState(repo);
  const tool = async (...args: string[]): Promise<Ran> => await runTool(args, { cwd: repo.dir, env });
  return { repo, before, tool };
}

describe("undo", () => {
  test("without a terminal it shows what would come back, changes nothing, and says what to run", async () => {
    const { repo, tool } = await stowed();
    const now = await snapshot(repo);
    const { code, stdout, stderr } = await tool("undo");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^run 1, \d{4}-\d\d-\d\d \d\d:\d\d UTC\n/);
    expect(stdout).toContain(
      `\n  a.js: ${NAME} comes back\n  .gitignore: as it was\n  .env.local: without ${NAME}`,
    );
    expect(stderr).toBe(
      "Nothing was changed: there is no terminal to ask on. To do it, run: npx stowaway undo 1 --yes\n",
    );
    expect(await tool("undo", "--dry-run")).toMatchObject({
      code: 0,
      stderr: "Nothing was changed, because of --dry-run.\n",
    });
    expect(await snapshot(repo)).toBe(now);
  });

  test("--yes takes everything back, byte for byte; a second time there is nothing to undo", async () => {
    const { repo, before, tool } = await stowed();
    expect(await tool("undo", "--yes")).toMatchObject({
      code: 0,
      stderr:
        "Done: run 1 is taken back.\n" +
        "warning: the old text, with its value, is staged again in a.js; do not commit it\n",
    });
    expect(await snapshot(repo)).toBe(before);
    expect(existsSync(path.join(repo.dir, ".env.local"))).toBe(false);
    const again = await tool("undo", "--yes");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("there is nothing to undo");
  });

  test("an edited file: refused with the three ways; --forget closes the run", async () => {
    const { repo, tool } = await stowed();
    repo.write({ "a.js": `0\n1\nkey = ${AFTER}\n` });
    const { code, stderr } = await tool("undo", "1", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("a.js: was edited since");
    expect(stderr).toContain(`  before: <${NAME}>\n  stow:   ${AFTER}\n  now:    still in line 3\n`);
    expect(read(repo, "a.js")).toBe(`0\n1\nkey = ${AFTER}\n`);
    expect((await tool("undo", "--forget", "--yes")).code).toBe(2);
    expect((await tool("undo", "1", "--forget")).code).toBe(1);
    expect((await tool("undo", "1", "--forget", "--yes")).code).toBe(0);
    expect((await tool("undo", "--list")).stdout).toMatch(
      /^1 {2}.* closed {2}GITHUB_TOKEN \(\.env\.local\): .*a\.js/,
    );
    expect((await tool("undo", "--yes")).code).toBe(1);
  });

  test("--list and --format json", async () => {
    const { tool } = await stowed();
    expect((await tool("undo", "--list")).stdout).toMatch(/^1 {2}.* done {2}GITHUB_TOKEN/);
    const listed = await tool("undo", "--list", "--format", "json");
    expect(JSON.parse(listed.stdout)).toMatchObject({
      schema: 1,
      undo: {
        runs: [
          { run: 1, state: "applied", store: ".env.local", names: [NAME], paths: [".gitignore", "a.js"] },
        ],
      },
    });
    const done = await tool("undo", "--yes", "--format", "json");
    expect(JSON.parse(done.stdout)).toMatchObject({
      undo: {
        status: "done",
        run: 1,
        files: [{ path: "a.js", names: [NAME] }],
        plain: [".gitignore"],
        staged: ["a.js"],
      },
    });
  });

  test("in a clone that the project's manifest is not bound to, nothing comes back", async () => {
    const { repo, tool } = await stowed();
    repo.write({
      "stowaway.secrets.json": JSON.stringify({
        version: 1,
        projectId: "0123456789abcdef0123456789abcdef",
        secrets: {},
      }),
    });
    const { code } = await tool("undo", "--yes");
    expect(code).toBe(2);
    expect(read(repo, "a.js")).toContain(AFTER);
  });

  test("wrong usage, and places without a repository or a work tree", async () => {
    const { repo, tool } = await stowed();
    expect((await tool("undo", "one")).code).toBe(2);
    expect((await tool("undo", "1", "2")).code).toBe(2);
    expect((await tool("undo", "--list", "1")).code).toBe(2);
    const outside = await runTool(["undo"], { cwd: "/" });
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain("this folder is in no git repository");
    await repo.git("clone", "-q", "--bare", ".", "bare");
    const bare = await runTool(["undo"], { cwd: path.join(repo.dir, "bare") });
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain("no work tree");
  });
});

describe("scrub", () => {
  test("shows first, deletes with --yes, and then there is nothing to do", async () => {
    const { repo, before, tool } = await stowed();
    const shown = await tool("scrub");
    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/^[0-9a-f]{12} a\.js: nothing refers to it: to be deleted\n$/);
    expect((await tool("scrub", "--dry-run")).code).toBe(0);
    expect(await tool("scrub", "--yes")).toMatchObject({ code: 0, stderr: "Done: 1 object is deleted.\n" });
    const { code, stdout, stderr } = await tool("scrub", "--yes", "--format", "json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      scrub: { status: "nothing-to-do", objects: [{ state: "gone" }] },
    });
    expect((await tool("undo", "--yes")).code).toBe(0);
    expect(await snapshot(repo)).toBe(before);
  });
});
