import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startKeyring } from "../../helpers/keyring.ts";
import type { Keyring } from "../../helpers/keyring.ts";
import { githubToken } from "../../helpers/samples.ts";
import { scratch } from "../../helpers/run.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

const TOKEN = githubToken(21);

let keyring: Keyring;
let scene: Scene;
let temp: string;

beforeAll(async () => {
  keyring = await startKeyring();
});
afterAll(async () => await keyring.stop());
afterEach(() => {
  scene.remove();
  rmSync(temp, { recursive: true, force: true });
});

async function objects(): Promise<Set<string>> {
  const all = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"];
  const { stdout } = await scene.git(...all);
  return new Set(stdout.trim().split("\n"));
}

/** Files below a folder that hold the token. */
function holders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(TOKEN));
}

test("no file that stow, run and undo write holds the value, and no git object that stow makes", async () => {
  temp = scratch("stowaway-temp-");
  scene = await makeScene({ "app.js": `const token = "${TOKEN}";\n`, "conf/app.py": `t = "${TOKEN}"\n` });
  mkdirSync(path.join(scene.home, "state"));
  const env = {
    ...keyring.env,
    HOME: scene.home,
    TMPDIR: temp,
    XDG_STATE_HOME: path.join(scene.home, "state"),
  };
  await scene.toolWith(env, "check", "--verbose");
  const before = await objects();
  const stowed = await scene.toolWith(env, "stow", "--to", "keychain", "--yes", "--verbose");
  expect(stowed.code, stowed.stderr).toBe(0);
  const made = [...(await objects())].filter((id) => !before.has(id));
  expect(made.length).toBeGreaterThan(1);
  for (const id of made) expect((await scene.git("cat-file", "-p", id)).stdout).not.toContain(TOKEN);
  await scene.toolWith(env, "run", "--", "node", "app.js");
  expect([...holders(scene.dir), ...holders(scene.home), ...holders(temp)]).toEqual([]);
  expect((await scene.toolWith(env, "undo", "--yes", "--verbose")).code).toBe(0);
  expect(holders(scene.dir).map((file) => path.relative(scene.dir, file))).toEqual(["app.js", "conf/app.py"]);
  expect([...holders(scene.home), ...holders(temp), ...readdirSync(temp)]).toEqual([]);
});
