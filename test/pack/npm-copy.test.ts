import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

function make(files: Readonly<Record<string, string>>): Package {
  const pkg = makePackage(files);
  made.push(pkg);
  return pkg;
}

const secret = token(51);
const env = `GITHUB_TOKEN=${secret}\n`;
const node = (script: string): string => `node -e "const fs = require('fs'); ${script}"`;
const busy = node(
  "fs.mkdirSync('dist'); fs.copyFileSync('.env', 'dist/a.js'); fs.writeFileSync('b.txt', 'x'); fs.rmSync('.env'); fs.appendFileSync('kept.js', '2')",
);

describe("scripts run in a copy: the user's folder is the same afterwards, byte for byte", () => {
  test.each(["prepack", "prepare", "postpack"])("%s, in a repository", async (name) => {
    const scripts = { [name]: busy };
    const pkg = make({
      "package.json": manifest({ scripts }),
      ".gitignore": ".env\ndist\n",
      ".env": env,
      "kept.js": "1",
    });
    await pkg.git("init", "-q");
    await pkg.git("add", "-A");
    const before = await pkg.state();
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.errors).toEqual([]);
    expect(checked.stderr).toContain(`runs ${name} of demo@1.0.0, in a copy of the project`);
    expect(await pkg.state()).toBe(before);
  });

  test("in no repository, and what the script made is scanned", async () => {
    const pkg = make({
      "package.json": manifest({ scripts: { prepack: busy } }),
      ".npmignore": ".env\n",
      ".env": env,
      "kept.js": "1",
    });
    const before = await pkg.state();
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.found).toEqual(["github-personal-token demo-1.0.0.tgz!dist/a.js"]);
    expect(await pkg.state()).toBe(before);
  });

  test("installed packages are there, and what is added to node_modules stays in the copy", async () => {
    const use = node("require('dep'); require('@s/dep'); fs.writeFileSync('node_modules/new.js', '1')");
    const pkg = make({
      "package.json": manifest({ scripts: { prepack: `tool && ${use}` } }),
      ".gitignore": "node_modules\n",
      "node_modules/dep/index.js": "",
      "node_modules/@s/dep/index.js": "",
      "node_modules/.bin/tool": "#!/bin/sh\nexit 0\n",
    });
    await pkg.git("init", "-q");
    chmodSync(path.join(pkg.dir, "node_modules/.bin/tool"), 0o755);
    const before = await pkg.state();
    expect(await checkPack([], { cwd: pkg.dir })).toMatchObject({ code: 0, errors: [] });
    expect(await pkg.state()).toBe(before);
  });

  test("a bundled dependency is packed from the copy too", async () => {
    const pkg = make({
      "package.json": manifest({
        scripts: { prepack: "exit 0" },
        dependencies: { dep: "1" },
        bundleDependencies: ["dep"],
      }),
      "node_modules/dep/package.json": manifest({ name: "dep" }),
      "node_modules/dep/.env": env,
    });
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.found).toContain("github-personal-token demo-1.0.0.tgz!node_modules/dep/.env");
  });

  test("a member of a workspace finds the files and packages of its root, and those above it", async () => {
    const use = node(
      "require('dep'); require('above'); require('../../shared.js'); fs.writeFileSync('../../x', '')",
    );
    const pkg = make({
      "node_modules/above/index.js": "",
      "ws/package.json": manifest({ private: true, workspaces: ["packages/*"] }),
      "ws/shared.js": "",
      "ws/node_modules/dep/index.js": "",
      "ws/packages/a/package.json": manifest({ name: "a", scripts: { prepack: use } }),
    });
    const before = await pkg.state();
    const checked = await checkPack([], { cwd: path.join(pkg.dir, "ws/packages/a") });
    expect(checked).toMatchObject({ code: 0, errors: [] });
    expect(await pkg.state()).toBe(before);
  });

  test("times of files are those of the originals, by which build tools decide", async () => {
    const NOTE = path.join(make({}).dir, "note");
    const pkg = make({
      "package.json": manifest({
        scripts: { prepack: node("fs.writeFileSync(process.env.NOTE, String(fs.statSync('a.js').mtimeMs))") },
      }),
      "a.js": "1",
    });
    utimesSync(path.join(pkg.dir, "a.js"), 1e9, 1e9);
    await checkPack([], { cwd: pkg.dir, env: { NOTE } });
    expect(readFileSync(NOTE, "utf8")).toBe("1000000000000");
  });
});

test("what is too large to copy is packed in place: what scripts made goes again, what they changed is named", async () => {
  const pkg = make({
    "package.json": manifest({ scripts: { prepack: busy }, files: ["dist"] }),
    ".env": env,
    "kept.js": "1",
  });
  mkdirSync(path.join(pkg.dir, "data"));
  const large = path.join(pkg.dir, "data/large.bin");
  writeFileSync(large, "");
  truncateSync(large, 2.2e9); // a hole: it takes no room
  const checked = await checkPack([], { cwd: pkg.dir });
  expect(checked.found).toEqual(["github-personal-token demo-1.0.0.tgz!dist/a.js"]);
  expect(checked.notes).toContain("What they made was removed again: b.txt, dist, dist/a.js.");
  expect(checked.notes).toContain("They changed or deleted: .env, kept.js.");
  expect(existsSync(path.join(pkg.dir, "dist"))).toBe(false);
  expect(existsSync(path.join(pkg.dir, "b.txt"))).toBe(false);
});

test("publishConfig that ignores scripts counts, as in npm publish", async () => {
  const pkg = make({
    "package.json": manifest({ scripts: { prepack: "exit 7" }, publishConfig: { "ignore-scripts": true } }),
  });
  const checked = await checkPack([], { cwd: pkg.dir });
  expect(checked).toMatchObject({ code: 0, errors: [] });
  expect(checked.stderr).not.toContain("npm pack runs");
});
