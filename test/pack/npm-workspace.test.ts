import path from "node:path";
import { readdirSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

function workspace(files: Readonly<Record<string, string>>, more: Record<string, unknown> = {}): Package {
  const pkg = makePackage({
    "package.json": manifest({ workspaces: ["packages/*"], files: ["a.js"], ...more }),
    "a.js": "1",
    "packages/a/package.json": manifest({ name: "a" }),
    "packages/b/package.json": manifest({ name: "@s/b", files: ["lib"] }),
    "packages/b/lib/x.js": "1",
    ...files,
  });
  made.push(pkg);
  return pkg;
}

const secret = token(61);
const env = `GITHUB_TOKEN=${secret}\n`;
const GITHUB = "github-personal-token";

describe("the project's .npmrc makes npm pack others than the package of the folder", () => {
  test("workspaces=true: every tarball is scanned, each with its own name and reasons", async () => {
    const pkg = workspace({
      ".npmrc": "workspaces=true\n",
      "packages/a/.env": env,
      "packages/b/lib/.env": `GITHUB_TOKEN=${token(62)}\n`,
    });
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.code).toBe(1);
    expect(checked.found.filter((found) => found.startsWith(GITHUB))).toEqual([
      `${GITHUB} a-1.0.0.tgz!.env`,
      `${GITHUB} s-b-1.0.0.tgz!lib/.env`,
    ]);
    expect(checked.included).toContain('no "files", no .npmignore, no .gitignore');
    expect(checked.included).toContain('files[0] "lib"');
  });

  test("workspace=packages/a: the reasons are those of a", async () => {
    const pkg = workspace({ ".npmrc": "workspace=packages/a\n", "packages/a/.env": env });
    await pkg.git("init", "-q");
    await pkg.git("add", "package.json");
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.found).toContain(`${GITHUB} a-1.0.0.tgz!.env`);
    expect(checked.included).toContain('no "files", no .npmignore, no .gitignore');
    expect(checked.notes).toContain(
      "a-1.0.0.tgz would publish files that git does not track: .env, package.json.",
    );
  });

  test("scripts of members run in the copy, and are named", async () => {
    const scripts = { prepack: `node -e "require('fs').writeFileSync('made.js', '')"` };
    const pkg = workspace({
      ".npmrc": "workspaces=true\n",
      "packages/a/package.json": manifest({ name: "a", scripts }),
    });
    const before = await pkg.state();
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked).toMatchObject({ code: 0, errors: [] });
    expect(checked.stderr).toContain("runs prepack of a@1.0.0");
    expect(await pkg.state()).toBe(before);
  });
});

describe("a member of a workspace is published from its folder or by its path", () => {
  test("a file that only the root's .gitignore names goes out by path, and the command is named", async () => {
    const pkg = workspace({ ".gitignore": ".env\n", "packages/a/.env": env });
    const checked = await checkPack(["packages/a"], { cwd: pkg.dir });
    expect(checked.code).toBe(1);
    expect(checked.found).toContain(`${GITHUB} a-1.0.0.by-path.tgz!.env`);
    expect(checked.found.join("\n")).not.toContain("a-1.0.0.tgz!");
    expect(checked.notes).toContain("a-1.0.0.by-path.tgz is what `npm publish ./packages/a` sends");
  });

  test("what goes out either way is one finding", async () => {
    const pkg = workspace({ ".gitignore": "x.js\n", "packages/a/x.js": "1", "packages/a/.env": env });
    const checked = await checkPack([], { cwd: path.join(pkg.dir, "packages/a") });
    expect(checked.found.filter((found) => found.startsWith(GITHUB))).toEqual([`${GITHUB} a-1.0.0.tgz!.env`]);
    expect(checked.stdout).toContain("a-1.0.0.by-path.tgz");
  });

  test("where both are the same, there is one tarball, and nothing to say", async () => {
    const pkg = workspace({ ".gitignore": "x.js\n" });
    const checked = await checkPack(["--keep", "out", "packages/a"], { cwd: pkg.dir });
    expect(checked).toMatchObject({ code: 0, found: [] });
    expect(checked.notes).not.toContain("by-path");
    expect(readdirSync(path.join(pkg.dir, "out"))).toEqual(["a-1.0.0.tgz"]);
  });

  test("what scripts make is in both", async () => {
    const scripts = {
      prepack: `node -e "require('fs').copyFileSync('.env', 'made.js')"`,
      postpack: "rm made.js",
    };
    for (const used of [scripts, { prepack: scripts.prepack }]) {
      const pkg = workspace({
        ".gitignore": ".env\nmade.js\n",
        "packages/a/package.json": manifest({ name: "a", scripts: used }),
        "packages/a/.env": env,
      });
      const checked = await checkPack(["packages/a"], { cwd: pkg.dir });
      expect(checked.found).toContain(`${GITHUB} a-1.0.0.by-path.tgz!made.js`);
    }
  });
});
