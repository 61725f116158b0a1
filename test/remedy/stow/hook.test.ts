import path from "node:path";
import { chmodSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { githubToken } from "../../helpers/samples.ts";
import { PROJECT, run } from "../../helpers/run.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

const TOKEN = githubToken(11);
const APP = `const token = "${TOKEN}";\n`;
const MOVED = "const token = process.env.GITHUB_TOKEN;\n";
const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

interface OnTerminal {
  readonly seen: string;
  readonly code: number;
  readonly left: readonly unknown[];
}

let scene: Scene;
afterEach(() => scene.remove());

/** A repository with the hook, and `app.js` staged with a token in it. */
async function leaky(
  files: Readonly<Record<string, string>> = {},
  commit: Record<string, string> = {},
): Promise<void> {
  scene = await makeScene({ "app.js": APP, ...files }, { commit });
  scene.installHook();
}

/** Runs a command on a terminal, with nobody saying that this is CI. */
async function onTerminal(
  command: readonly string[],
  steps: readonly (readonly [text: string, keys: string])[],
  more: { background?: boolean; env?: Record<string, string> } = {},
): Promise<OnTerminal> {
  const input = JSON.stringify({ command, steps, background: more.background ?? false });
  const env = { HOME: scene.home, CI: undefined, TERM: "xterm", ...more.env };
  const driver = path.join(PROJECT, "test/remedy/stow/terminal.py");
  const ran = await run("python3", [driver], { cwd: scene.dir, env, input });
  return JSON.parse(ran.stdout) as OnTerminal;
}

const COMMIT = ["git", "commit", "-m", "work"];
const MOVE = [
  ["Leave it", ENTER],
  ["Do this?", ENTER],
] as const;

async function headHas(text: string): Promise<boolean> {
  const { stdout } = await scene.git("grep", "-c", "-F", text, "HEAD");
  return stdout !== "";
}

test("two keys move the secret, the commit stops, and the next one passes", async () => {
  await leaky();
  const first = await onTerminal(COMMIT, MOVE);
  expect(first.seen).toContain("fixed and restaged; look at it (git diff --cached), and commit again");
  expect([first.code, first.left]).toEqual([1, []]);
  expect((await scene.git("show", ":app.js")).stdout).toBe(MOVED);
  expect(scene.read(".env.local")).toBe(`GITHUB_TOKEN=${TOKEN}\n`);
  expect((await scene.git(...COMMIT.slice(1))).code).toBe(0);
  expect(await headHas(TOKEN)).toBe(false);
});

test("told to continue, the hook lets the mended commit go on", async () => {
  await leaky();
  const hook = path.join(scene.dir, ".git/hooks/pre-commit");
  writeFileSync(hook, `#!/bin/sh\nexec sh "${PROJECT}hooks/pre-commit" --continue\n`);
  chmodSync(hook, 0o755);
  const ran = await onTerminal(COMMIT, MOVE);
  expect(ran.seen).toContain("fixed and restaged; the commit goes on");
  expect(ran.code).toBe(0);
  expect((await scene.git("show", "HEAD:app.js")).stdout).toBe(MOVED);
});

test.each([
  ["Ctrl-C at the question", [["Leave it", CTRL_C]]],
  ["Ctrl-D at the question", [["Leave it", CTRL_D + CTRL_C]]],
  [
    "Ctrl-C at the plan",
    [
      ["Leave it", ENTER],
      ["Do this?", CTRL_C],
    ],
  ],
  [
    "no at the plan",
    [
      ["Leave it", ENTER],
      ["Do this?", "n"],
    ],
  ],
] as const)("%s changes nothing, and there is no commit", async (_what, steps) => {
  await leaky();
  const before = await stateOf(scene);
  const ran = await onTerminal(COMMIT, steps);
  expect(ran.code).not.toBe(0);
  expect(await stateOf(scene)).toEqual(before);
  expect((await scene.git("log", "--oneline")).stdout.trim().split("\n")).toHaveLength(1);
});

describe("where nobody can be asked", () => {
  test("CI is never asked", async () => {
    await leaky();
    const ran = await onTerminal(COMMIT, [], { env: { CI: "true" } });
    expect(ran.seen.replaceAll(/\s+/g, " ")).toContain("npx stowaway stow");
    expect([ran.code, ran.seen.includes("Leave it")]).toEqual([1, false]);
  });

  test("a background job is not stopped", async () => {
    await leaky();
    const ran = await onTerminal(COMMIT, [], { background: true });
    expect([ran.code, ran.seen.includes("Leave it")]).toEqual([1, false]);
  });

  test("without a terminal the way is printed", async () => {
    await leaky();
    const env = { HOME: scene.home, CI: undefined };
    const ran = await run("setsid", ["--wait", ...COMMIT], { cwd: scene.dir, env });
    expect(ran.code).toBe(1);
    expect(ran.stderr.replaceAll(/\s+/g, " ")).toContain("npx stowaway stow");
  });
});

describe("each form of commit", () => {
  test("-a: the disk is mended, and the same command passes then", async () => {
    await leaky({}, { "app.js": "const token = null;\n" });
    await scene.git("reset", "-q");
    const ran = await onTerminal(["git", "commit", "-a", "-m", "work"], MOVE);
    expect(ran.code).toBe(1);
    expect(scene.read("app.js")).toBe(MOVED);
    expect((await scene.git("commit", "-a", "-m", "work")).code).toBe(0);
    expect(await headHas(TOKEN)).toBe(false);
  });

  test("PATH: the secret does not come back with the next commit", async () => {
    await leaky({ "other.js": "const x = 1;\n" });
    const ran = await onTerminal([...COMMIT, "app.js"], MOVE);
    expect(ran.code).toBe(1);
    expect(scene.read("app.js")).toBe(MOVED);
    expect((await scene.git("commit", "-m", "all")).code).toBe(0);
    expect(await headHas(TOKEN)).toBe(false);
    expect((await scene.git("show", "HEAD:other.js")).stdout).toBe("const x = 1;\n");
  });

  test("partly staged: the unstaged hunk stays unstaged", async () => {
    await leaky();
    scene.write({ "app.js": `${APP}const later = 1;\n` });
    expect((await onTerminal(COMMIT, MOVE)).code).toBe(1);
    expect((await scene.git("show", ":app.js")).stdout).toBe(MOVED);
    expect(scene.read("app.js")).toBe(`${MOVED}const later = 1;\n`);
  });

  test("a secret in the unstaged hunk only is none of this commit's", async () => {
    await leaky({ "app.js": "const x = 1;\n" });
    scene.write({ "app.js": `const x = 1;\n${APP}` });
    expect((await scene.git(...COMMIT.slice(1))).code).toBe(0);
    expect(scene.read("app.js")).toBe(`const x = 1;\n${APP}`);
  });
});
