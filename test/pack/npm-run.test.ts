import { afterEach, describe, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

function make(files: Readonly<Record<string, string | Buffer>>): Package {
  const pkg = makePackage(files);
  made.push(pkg);
  return pkg;
}

const GITHUB = "github-personal-token";
const secret = token(1);
const env = `GITHUB_TOKEN=${secret}\n`;

const build = `node -e "require('fs').writeFileSync('made.js', require('fs').readFileSync('.hidden'))"`;
const hidden = { ".hidden": env, ".npmignore": ".hidden\n" };

describe("lifecycle scripts", () => {
  test.each(["prepack", "prepare"])(
    "a secret that %s makes is found, and the script is named first",
    async (name) => {
      const { dir } = make({ "package.json": manifest({ scripts: { [name]: build } }), ...hidden });
      const checked = await checkPack([], { cwd: dir });
      expect(checked.found).toContain(`${GITHUB} demo-1.0.0.tgz!made.js`);
      expect(checked.stderr).toContain(`npm pack runs ${name} of demo@1.0.0`);
    },
  );

  test("--ignore-scripts runs none", async () => {
    const { dir } = make({ "package.json": manifest({ scripts: { prepack: build } }), ...hidden });
    const checked = await checkPack(["--ignore-scripts"], { cwd: dir });
    expect(checked).toMatchObject({
      code: 0,
      found: [],
      stderr: expect.not.stringContaining("npm pack runs") as string,
    });
  });

  test("noise on standard output does no harm", async () => {
    const noise = `node -e "console.log('[1]'); console.log('{')"`;
    const { dir } = make({ "package.json": manifest({ scripts: { prepack: noise } }) });
    expect(await checkPack([], { cwd: dir })).toMatchObject({ code: 0, errors: [] });
  });
});

describe("lifecycle scripts that misbehave", () => {
  test("a failing script is an incomplete scan that names it and keeps its output to itself", async () => {
    const script = `node -e "console.error(require('fs').readFileSync('.hidden', 'utf8')); process.exit(7)"`;
    const { dir } = make({ "package.json": manifest({ scripts: { prepack: script } }), ...hidden });
    const checked = await checkPack([], { cwd: dir });
    expect(checked.code).toBe(3);
    expect(checked.errors).toMatchObject([
      { code: "pack-failed", message: expect.stringContaining('"prepack" (exit code 7)') },
    ]);
    expect(checked.stdout + checked.stderr).not.toContain(secret);
  });

  test("a script that takes too long is stopped", async () => {
    const wait = `node -e "setInterval(() => {}, 1000)"`;
    const { dir } = make({
      "package.json": manifest({ scripts: { prepack: wait }, files: [] }),
      "stowaway.config.json": JSON.stringify({ limits: { buildSeconds: 1 } }),
    });
    const checked = await checkPack([], { cwd: dir });
    expect(checked.errors).toMatchObject([
      { code: "pack-failed", message: "npm pack took more than 1 seconds" },
    ]);
  });

  test("publishing credentials are not in a script's environment, other variables are", async () => {
    const script = `node -e "require('fs').writeFileSync(process.env.NOTE, JSON.stringify(Object.keys(process.env)))"`;
    const { dir } = make({ "package.json": manifest({ scripts: { prepack: script } }) });
    const note = make({}).dir + "/names.json";
    const given = { NPM_TOKEN: token(2), NODE_AUTH_TOKEN: token(3), npm_config__password: token(4) };
    await checkPack([], { cwd: dir, env: { ...given, KEPT: "1", NOTE: note } });
    const { stdout } = await run("cat", [note], { cwd: dir });
    const names = JSON.parse(stdout) as string[];
    expect(names).toContain("KEPT");
    for (const name of Object.keys(given)) expect(names).not.toContain(name);
  });
});

describe("git's view", () => {
  test("published files that git ignores, and those it does not track, are named", async () => {
    const pkg = make({
      "package.json": manifest({ files: ["dist", "notes.txt"] }),
      ".gitignore": "dist\n",
      "dist/a.js": "1",
      "notes.txt": "1",
    });
    await pkg.git("init", "-q");
    await pkg.git("add", "package.json", ".gitignore");
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.code).toBe(0);
    expect(checked.notes).toContain("git ignores: dist/a.js.");
    expect(checked.notes).toContain("git does not track: notes.txt.");
  });

  test(".npmignore that switches .gitignore off is the reason", async () => {
    const pkg = make({ "package.json": manifest(), ".gitignore": ".env\n", ".npmignore": "", ".env": env });
    await pkg.git("init", "-q");
    const checked = await checkPack([], { cwd: pkg.dir });
    expect(checked.included).toContain(".npmignore switches .gitignore off");
  });

  test("the folder and its git are the same afterwards", async () => {
    const pkg = make({ "package.json": manifest(), "a.js": "1", ".env": env });
    await pkg.git("init", "-q");
    await pkg.git("add", "a.js");
    const before = await pkg.state();
    await checkPack([], { cwd: pkg.dir });
    expect(await pkg.state()).toBe(before);
  });
});

describe("wrong usage", () => {
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ["no name", { "package.json": '{"version":"1.0.0"}' }, "no name or no version"],
    [
      "broken JSON",
      { "package.json": `{"name": "demo", "token": "${secret}"` },
      "it is no valid JSON at line 1",
    ],
    ["no object", { "package.json": "[]" }, "no name or no version|no JSON object"],
    ["no package", { "a.txt": "1" }, "no package to publish"],
  ];
  test.each(cases)("%s", async (_name, files, says) => {
    const checked = await checkPack([], { cwd: make(files).dir });
    expect(checked).toMatchObject({ code: 2, stdout: "" });
    expect(checked.stderr).toMatch(new RegExp(says));
    expect(checked.stderr).not.toContain(secret);
  });
});

test("--keep hands out the very tarball", async () => {
  const pkg = make({ "package.json": manifest(), "a.js": "1" });
  expect(await checkPack(["--keep", "../kept"], { cwd: pkg.dir })).toMatchObject({ code: 0 });
  const kept = await run("sh", ["-c", "ls ../kept && rm -r ../kept"], { cwd: pkg.dir });
  expect(kept.stdout).toBe("demo-1.0.0.tgz\n");
});

test("several folders: each is packed", async () => {
  const [a, b] = [
    make({ "package.json": manifest({ name: "a" }), ".env": env }),
    make({ "package.json": manifest({ name: "b" }), ".env": env }),
  ];
  const checked = await checkPack([a.dir, b.dir], {});
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain("a-1.0.0.tgz");
  expect(checked.stdout).toContain("b-1.0.0.tgz");
});
