import { realpathSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { GUARD, guardValue, isBeingPacked } from "../../src/source/pack/guard.ts";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

let pkg: Package;
afterEach(() => pkg.remove());

/** Checks a leaking package with a guard in the environment; 0 means that it was passed over. */
async function answer(guard: (dir: string) => string): Promise<number | null> {
  pkg = makePackage({ "package.json": manifest(), ".env": `GITHUB_TOKEN=${token(41)}\n` });
  const value = guard(realpathSync(pkg.dir));
  return (await checkPack([], { cwd: pkg.dir, env: { [GUARD]: value } })).code;
}

describe("the guard against packing within packing", () => {
  test("counts where its process is above us", async () => {
    expect(await answer((dir) => guardValue([dir], {}))).toBe(0);
  });

  test.each<readonly [string, (dir: string) => string]>([
    ["another folder", () => guardValue(["/elsewhere"], {})],
    ["an ancestor's number, not its start", (dir) => JSON.stringify([{ dir, pid: process.pid, start: "1" }])],
    ["a process that is not above us", (dir) => JSON.stringify([{ dir, pid: 999_999_999, start: "1" }])],
    ["a plain 1", () => "1"],
    ["broken JSON", () => "[{"],
    ["JSON of another kind", (dir) => JSON.stringify({ dir })],
  ])("does not count: %s", async (_name, guard) => {
    expect(await answer(guard)).toBe(1);
  });

  test("a process is not its own ancestor", () => {
    pkg = makePackage({});
    expect(isBeingPacked(pkg.dir, { [GUARD]: guardValue([pkg.dir], {}) })).toBe(false);
  });
});
