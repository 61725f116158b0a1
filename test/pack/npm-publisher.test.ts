import { afterEach, describe, expect, test } from "vitest";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

async function make(files: Readonly<Record<string, string>>): Promise<string> {
  const pkg = makePackage(files);
  made.push(pkg);
  await pkg.git("init", "-q");
  return pkg.dir;
}

const directory = { publishConfig: { directory: "dist" } };

describe("a package that another package manager publishes", () => {
  test.each<readonly [string, string, Record<string, string>]>([
    [
      "pnpm",
      'publishConfig.directory names another folder ("dist")',
      { "package.json": manifest({ packageManager: "pnpm@10.1.0", files: ["a.js"], ...directory }) },
    ],
    [
      "pnpm",
      "publishConfig.directory",
      { "package.json": manifest({ files: ["a.js"], ...directory }), "pnpm-lock.yaml": "" },
    ],
    ["yarn", "Yarn 2 and newer", { "package.json": manifest({ packageManager: "yarn@4.1.0" }) }],
    ["yarn", "Yarn 2 and newer", { "package.json": manifest(), "yarn.lock": "__metadata:\n  version: 8\n" }],
    ["yarn", "Yarn 2 and newer", { "package.json": manifest(), "yarn.lock": "", ".yarnrc.yml": "" }],
  ])(
    "%s, where npm's tarball may hide a file: the scan is incomplete, and the way is named",
    async (tool, why, files) => {
      const secret = token(71);
      const cwd = await make({ "dist/.env": `GITHUB_TOKEN=${secret}\n`, ".npmignore": "dist\n", ...files });
      for (const args of [[], ["--static"]]) {
        const checked = await checkPack(args, { cwd });
        expect(checked.code).toBe(3);
        expect(checked.errors).toMatchObject([
          { code: "other-packer", message: expect.stringContaining(why) as string },
        ]);
        expect(checked.stdout).toContain(`Pack it with ${tool}`);
      }
    },
  );

  test.each<readonly [string, Record<string, string>]>([
    ["pnpm", { "package.json": manifest({ packageManager: "pnpm@10.1.0" }) }],
    ["pnpm", { "package.json": manifest(), "pnpm-lock.yaml": "" }],
    ["yarn", { "package.json": manifest({ packageManager: "yarn@1.22.22" }) }],
    ["yarn", { "package.json": manifest(), "yarn.lock": "# yarn lockfile v1\n" }],
    ["bun", { "package.json": manifest(), "bun.lock": "" }],
  ])("%s, whose list is nearly npm's: a note", async (tool, files) => {
    const checked = await checkPack([], { cwd: await make(files) });
    expect(checked).toMatchObject({ code: 0, errors: [] });
    expect(checked.notes).toContain(`published with ${tool}`);
  });

  test("the root of the repository says it for the packages in it", async () => {
    const dir = await make({
      "package.json": JSON.stringify({ private: true, packageManager: "pnpm@10.1.0" }),
      "packages/a/package.json": manifest({ name: "a", ...directory }),
    });
    expect((await checkPack(["packages/a"], { cwd: dir })).errors).toMatchObject([{ code: "other-packer" }]);
  });

  test("npm, that ignores the directory, needs no word", async () => {
    for (const more of [{}, { packageManager: "npm@11.0.0" }]) {
      const cwd = await make({
        "package.json": manifest({ ...directory, ...more }),
        "package-lock.json": "{}",
      });
      expect(await checkPack([], { cwd })).toMatchObject({
        code: 0,
        errors: [],
        notes: expect.not.stringContaining("published with") as string,
      });
    }
  });
});
