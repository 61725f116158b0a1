import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { githubToken } from "../../helpers/samples.ts";
import { seeIgnored, unignored } from "../../../src/remedy/ignore-rule.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

let scene: Scene;
afterEach(() => scene.remove());

const TOKEN = githubToken(11);
const DOTENV = `GITHUB_TOKEN=${TOKEN}\n`;
const APP = `const token = "${TOKEN}";\nconsole.log(token.length);\n`;

function npmManifest(more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ name: "demo", version: "1.0.0", ...more }, null, 2)}\n`;
}

async function stow(...args: string[]) {
  return await scene.tool("stow", "--to", "dotenv", "--yes", ...args);
}

/** Undoes the last run, and sees that all is as before. */
async function expectUndone(before: Awaited<ReturnType<typeof stateOf>>): Promise<void> {
  const undone = await scene.tool("undo", "--yes");
  expect(undone.code, undone.stderr).toBe(0);
  expect(await stateOf(scene)).toEqual(before);
}

async function stagedAfterAdd(): Promise<string> {
  await scene.git("add", ".");
  return (await scene.git("-c", "core.quotePath=false", "ls-files")).stdout;
}

describe("out of git", () => {
  test.each([["配置é/.env"], ["a {b}(c)[d]#/.env"], ["!x/.env"]])("%s", async (file) => {
    scene = await makeScene({ [file]: DOTENV });
    const ran = await stow();
    expect(ran.code, ran.stderr).toBe(0);
    expect(await stagedAfterAdd()).not.toContain(file);
    await scene.git("reset", "-q");
  });

  test("the bytes of an ignore file in another encoding stay, and undo brings them back", async () => {
    const latin = Buffer.from("# caf\u00e9\n", "latin1");
    scene = await makeScene({ ".gitignore": latin, "配置é/.env": DOTENV });
    const before = await stateOf(scene);
    expect((await stow()).code).toBe(0);
    const after = readFileSync(path.join(scene.dir, ".gitignore"));
    expect(after).toEqual(Buffer.concat([latin, Buffer.from("/配置é/.env\n")]));
    await expectUndone(before);
  });

  test.runIf(process.platform === "linux")("a name that is no UTF-8", async () => {
    scene = await makeScene({});
    const folder = Buffer.concat([Buffer.from(`${scene.dir}/caf`), Buffer.from([0xe9])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from("/.env")]), DOTENV);
    await scene.git("add", "-A");
    const ran = await stow();
    expect(ran.code, ran.stderr).toBe(0);
    expect(readFileSync(path.join(scene.dir, ".gitignore")).includes(Buffer.from([0xe9, 0x2f]))).toBe(true);
    expect(await stagedAfterAdd()).not.toContain(".env");
  });

  test("a name with a line end is refused, and nothing is changed", async () => {
    scene = await makeScene({ "a\nb/.env": DOTENV });
    const before = await stateOf(scene);
    const ran = await stow();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/control character/);
    expect(await stateOf(scene)).toEqual(before);
  });

  test("a folder's own rule that takes the file back in is answered behind it", async () => {
    scene = await makeScene({});
    scene.write({ "pkg/.gitignore": "!.env\n", "pkg/.env": DOTENV });
    await scene.git("add", "-f", ".");
    const ran = await stow();
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("pkg/.gitignore keeps pkg/.env out of git");
    expect(scene.read("pkg/.gitignore")).toBe("!.env\n/.env\n");
    expect(await stagedAfterAdd()).not.toContain("pkg/.env");
    await scene.git("reset", "-q");
  });

  test("rules are looked at: the last one decides, and a file that none is about is not ignored", async () => {
    scene = await makeScene({ ".gitignore": ".env\n", "pkg/.gitignore": "!.env\n" });
    const place = { cwd: scene.dir, env: process.env };
    const files = [".env", "pkg/.env", "other", ":(top)x/.env"];
    expect(unignored(place, files)).toEqual(["pkg/.env", "other"]);
    expect(unignored(place, [])).toEqual([]);
    expect(() => seeIgnored(place, files)).toThrow(/no rule for it had effect/);
    expect(() => seeIgnored(place, [".env"])).not.toThrow();
  });
});

describe("out of npm's packages", () => {
  async function expectOut(file: string): Promise<void> {
    const before = await stateOf(scene);
    expect((await scene.tool("check-pack", "--static")).code).toBe(1);
    const ran = await stow();
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).not.toMatch(/would still be published/);
    expect((await scene.tool("check-pack", "--static")).code).toBe(0);
    expect((await scene.tool("check-pack", "--static", "--list")).stdout).not.toContain(file);
    expect(() => JSON.parse(scene.read("package.json") ?? "") as unknown).not.toThrow();
    await expectUndone(before);
  }

  test.each([
    [{ files: ["*"] }, "Ģ/.env"],
    [{ files: ["app"] }, "app/[id]/.env"],
    [{ files: ["app"] }, "app/{a,b}/.env"],
    [{ files: ["app", "app/.env"] }, "app/.env"],
    [{}, "app/(group)/.env"],
  ])("%j: %s", async (more, file) => {
    scene = await makeScene({ "package.json": npmManifest(more), [file]: DOTENV, "index.js": "1\n" });
    await expectOut(file);
  });

  test(".npmignore that switches .gitignore off", async () => {
    scene = await makeScene({
      "package.json": npmManifest(),
      ".npmignore": "test",
      ".gitignore": ".env\n",
      "app/[id]/.env": DOTENV,
    });
    await expectOut("app/[id]/.env");
    expect(scene.read(".npmignore")).toBe("test");
  });

  test("what no list keeps out is said, not claimed", async () => {
    scene = await makeScene({ "package.json": npmManifest({ main: ".env" }), ".env": DOTENV });
    expect((await scene.tool("check-pack", "--static")).code).toBe(1);
    const ran = await stow();
    expect(ran.stdout).toMatch(/no list is known that keeps it out/);
    expect(ran.stderr).toMatch(/warning: \.env would still be published/);
  });
});

describe("the store's own file", () => {
  test.each([
    ["docker/Dockerfile", "", ".dockerignore", "**/.env.local\n"],
    ["api.dockerfile", "api.dockerfile.dockerignore", "api.dockerfile.dockerignore", "x\n**/.env.local\n"],
    ["Dockerfile", ".dockerignore", ".dockerignore", "x\n**/.env.local\n"],
  ])("with %s, %s", async (dockerfile, present, changed, text) => {
    scene = await makeScene({
      "app.js": APP,
      [dockerfile]: "FROM scratch\n",
      ...(present !== "" && { [present]: "x\n" }),
    });
    const before = await stateOf(scene);
    expect((await stow()).code).toBe(0);
    expect(scene.read(changed)).toBe(text);
    await expectUndone(before);
  });

  test("is refused where a package takes it all the same, also in a folder that npm lists in its own way", async () => {
    scene = await makeScene({
      "package.json": npmManifest({ main: "@scope/.env.local" }),
      "@scope/app.js": APP,
      "stowaway.config.json": '{ "store": "@scope/.env.local" }\n',
    });
    const before = await stateOf(scene);
    const ran = await stow();
    expect([ran.code, /would be published/.test(ran.stderr)], ran.stderr).toEqual([1, true]);
    expect(await stateOf(scene)).toEqual(before);
  });

  test("in a member of a monorepo: out of the member's package, and out of the one above", async () => {
    scene = await makeScene({
      "package.json": npmManifest({ files: ["packages/"] }),
      "packages/a/package.json": npmManifest({ name: "a" }),
      "packages/a/app.js": APP,
      "stowaway.config.json": '{ "store": "packages/a/.env.local" }\n',
    });
    const before = await stateOf(scene);
    const ran = await stow();
    expect(ran.code, ran.stderr).toBe(0);
    expect(scene.read("package.json")).toContain("!packages/a/.env.local");
    expect(scene.read("packages/a/.gitignore")).toBe("/.env.local\n");
    for (const folder of [".", "packages/a"]) {
      const listed = await scene.tool("check-pack", "--static", "--list", folder);
      expect(listed.stdout).not.toContain(".env.local");
    }
    await expectUndone(before);
  });
});
