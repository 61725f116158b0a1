import { afterEach, expect, test } from "vitest";
import { checkPack, makePackage, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

async function check(patterns: readonly string[], args: readonly string[] = []): Promise<number | null> {
  const pkg = makePackage({
    "package.json": JSON.stringify({ name: "demo", version: "1.0.0" }),
    "a.js": `export const t = "${token(4)}";\n`,
    "stowaway.config.json": JSON.stringify({ ignorePaths: patterns }),
  });
  made.push(pkg);
  return (await checkPack(args, { cwd: pkg.dir })).code;
}

test.each([
  ["a whole package is never ignored", ["*.tgz"], 1],
  ["a file of the package is", ["a.js"], 0],
  ["other patterns change nothing", ["b.js"], 1],
] as const)("%s", async (_name, patterns, code) => {
  expect(await check(patterns)).toBe(code);
  expect(await check(patterns, ["--static"])).toBe(code);
});
