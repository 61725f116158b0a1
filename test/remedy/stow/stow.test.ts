import { rmSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { githubToken, sample } from "../../helpers/samples.ts";
import { runTool, scratch } from "../../helpers/run.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { stateOf } from "./state.ts";

let scene: Scene;
afterEach(() => scene.remove());

const TOKEN = githubToken(3);
const APP = `const token = "${TOKEN}";\nconsole.log(token.length);\n`;

interface StowJson {
  readonly status: string;
  readonly store: { readonly kind: string };
  readonly secrets: readonly {
    readonly name: string;
    readonly places: readonly { path: string; line: number }[];
  }[];
  readonly changes: readonly string[];
  readonly untracked: readonly string[];
  readonly left: readonly {
    readonly path: string;
    readonly line: number;
    readonly why: string;
    instead: string[];
  }[];
  readonly warnings: readonly string[];
}

async function stowJson(...args: string[]): Promise<{ code: number | null; stow: StowJson }> {
  const { code, stdout, stderr } = await scene.tool("stow", "--to", "dotenv", "--format", "json", ...args);
  expect(stdout, stderr).not.toBe("");
  return { code, stow: (JSON.parse(stdout) as { stow: StowJson }).stow };
}

describe("without a yes", () => {
  test.each([
    [["--dry-run"], 0, /because of --dry-run/],
    [[], 1, /npx stowaway stow --to dotenv --yes/],
  ] as const)("%j changes nothing", async (args, code, said) => {
    scene = await makeScene({ "app.js": APP });
    const before = await stateOf(scene);
    const ran = await scene.tool("stow", "--to", "dotenv", ...args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(said);
    expect(ran.stdout).toContain("+ const token = process.env.GITHUB_TOKEN;");
    expect(await stateOf(scene)).toEqual(before);
  });
});

test("without a keychain it says so, names the other way, and answers 3", async () => {
  scene = await makeScene({ "app.js": APP });
  const before = await stateOf(scene);
  const ran = await scene.tool("stow", "--yes");
  expect(ran.code).toBe(3);
  expect(ran.stderr).toMatch(/cannot be used/);
  expect(ran.stderr).toContain("npx stowaway stow --to dotenv --yes");
  expect(await stateOf(scene)).toEqual(before);
});

test("outside of a repository it is wrong usage", async () => {
  scene = await makeScene({});
  const folder = scratch();
  const ran = await runTool(["stow", "--yes"], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toMatch(/no git repository/);
});

test("nothing to move is no failure", async () => {
  scene = await makeScene({ "app.js": "const port = 80;\n" });
  const { code, stow } = await stowJson("--yes");
  expect([code, stow.status]).toEqual([0, "nothing-to-do"]);
});

test("an id that no finding has is wrong usage", async () => {
  scene = await makeScene({ "app.js": APP });
  const ran = await scene.tool("stow", "0123456789abcdef", "--to", "dotenv", "--yes");
  expect(ran.code).toBe(2);
});

test("the same value gets one name everywhere, and an example gains it without the value", async () => {
  scene = await makeScene({ "app.js": APP, "lib/app.py": `token = "${TOKEN}"\n`, ".env.example": "PORT=80" });
  const { code, stow } = await stowJson("--yes");
  expect(code).toBe(0);
  expect(stow.secrets.map(({ name, places }) => [name, places.length])).toEqual([["GITHUB_TOKEN", 2]]);
  expect(scene.read(".env.example")).toBe("PORT=80\nGITHUB_TOKEN=\n");
  expect(scene.read(".env.local")).toBe(`GITHUB_TOKEN=${TOKEN}\n`);
  expect(scene.read(".gitignore")).toBe("/.env.local\n");
});

test("two values that want one name get two", async () => {
  scene = await makeScene({ "app.js": `const a = "${TOKEN}";\nconst bot = "${githubToken(4)}";\n` });
  const { stow } = await stowJson("--yes");
  expect(stow.secrets.map(({ name }) => name)).toEqual(["GITHUB_TOKEN", "GITHUB_TOKEN_BOT"]);
});

test("a name that is in use is never overwritten, and the same value gets its name again", async () => {
  scene = await makeScene({ "app.js": APP });
  await scene.tool("stow", "--to", "dotenv", "--yes");
  scene.write({ "b.js": `const bot = "${githubToken(5)}";\n`, "c.js": APP });
  await scene.git("add", "-A");
  const { stow } = await stowJson("--yes");
  expect(stow.secrets.map(({ name, places }) => [name, places[0]?.path])).toEqual([
    ["GITHUB_TOKEN_BOT", "b.js"],
    ["GITHUB_TOKEN", "c.js"],
  ]);
  expect(scene.read(".env.local")?.trim().split("\n")).toHaveLength(2);
});

test("a name of one's own", async () => {
  scene = await makeScene({ "app.js": APP });
  const { stow } = await stowJson("--name", "BOT_TOKEN", "--yes");
  expect(stow.secrets.map(({ name }) => name)).toEqual(["BOT_TOKEN"]);
  expect(scene.read("app.js")).toContain("process.env.BOT_TOKEN");
});

test.each([["NODE_OPTIONS"], ["LD_PRELOAD"], ["not a name"]])("--name %s is refused", async (name) => {
  scene = await makeScene({ "app.js": APP });
  expect((await scene.tool("stow", "--to", "dotenv", "--name", name, "--yes")).code).toBe(2);
});

test.each([
  ["package-lock.json", `{ "resolved": "https://x:${TOKEN}@example.com/a.tgz" }\n`, /lock file/],
  ["__snapshots__/a.test.js.snap", `exports[\`a 1\`] = \`"${TOKEN}"\`;\n`, /snapshot/],
  ["dist/app.js", APP, /build/],
  ["README.md", `Use ${TOKEN} here.\n`, /reads variables/],
  ["main.go", `package main\n\nconst token = "${TOKEN}"\n`, /const/],
  ["app.js", `// ${TOKEN}\n`, /comment/],
  ["config.json", `{ "token": "${TOKEN}" }\n`, /./],
  ["src/App.jsx", `"use client";\nexport const t = "${TOKEN}";\n`, /bundle cannot hold/],
  ["broken.js", `const token = "${TOKEN}`, /./],
] as const)("%s is not rewritten, and says what to do", async (file, text, why) => {
  scene = await makeScene({ [file]: text });
  const before = await stateOf(scene);
  const { code, stow } = await stowJson("--yes");
  expect([code, stow.status]).toEqual([1, "by-hand"]);
  expect(stow.left[0]?.why).toMatch(why);
  expect(stow.left[0]?.instead.length).toBeGreaterThan(0);
  expect(await stateOf(scene)).toEqual(before);
});

test("what can be moved is, what cannot is listed", async () => {
  scene = await makeScene({ "app.js": `${APP}// was ${TOKEN}\n` });
  const { code, stow } = await stowJson("--yes");
  expect(code).toBe(0);
  expect(stow.left).toMatchObject([{ path: "app.js", line: 3 }]);
  expect(scene.read("app.js")).toContain("process.env.GITHUB_TOKEN");
});

test("files of other kinds leave git's index and stay on the disk", async () => {
  const aws = sample("aws-secret-access-key", 2);
  scene = await makeScene({
    ".aws/credentials": `[default]\naws_access_key_id = ${sample("aws-access-key", 2).secret}\naws_secret_access_key = ${aws.secret}\n`,
  });
  const before = scene.read(".aws/credentials");
  const { code, stow } = await stowJson("--yes");
  expect(code).toBe(0);
  expect(stow.untracked).toEqual([".aws/credentials"]);
  expect(scene.read(".aws/credentials")).toBe(before);
  expect((await scene.git("ls-files", ".aws")).stdout).toBe("");
  expect((await scene.git("check-ignore", ".aws/credentials")).code).toBe(0);
});

test("history that has the value is named, and that moving is no cure", async () => {
  scene = await makeScene({}, { commit: { "app.js": APP } });
  await scene.tool("check", "app.js");
  const { stow } = await stowJson("--yes");
  expect(stow.warnings.join("\n")).toMatch(/history has it already: commit [0-9a-f]{10}, branch main/);
  expect(stow.warnings.join("\n")).toMatch(/revoke it/);
});

test("an address with a password moves as a whole", async () => {
  const { text, secret } = sample("postgres-url", 3);
  const url = /postgres(?:ql)?:\/\/[^\s"'`]+/.exec(text)?.[0] ?? "";
  expect(url).toContain(secret);
  scene = await makeScene({ "db.js": `module.exports = "${url}";\n` });
  const { code, stow } = await stowJson("--yes");
  expect([code, stow.secrets.map(({ name }) => name)]).toEqual([0, ["DATABASE_URL"]]);
  expect(scene.read("db.js")).toBe("module.exports = process.env.DATABASE_URL;\n");
  expect(scene.read(".env.local")).toContain(url);
});

test("from a folder below, and after a check of named files", async () => {
  scene = await makeScene({ "deep/er/app.js": APP });
  const cwd = path.join(scene.dir, "deep/er");
  const env = { HOME: scene.home };
  expect((await runTool(["check", "app.js"], { cwd, env })).code).toBe(1);
  expect((await runTool(["stow", "--to", "dotenv", "--yes"], { cwd, env })).code).toBe(0);
  expect(scene.read("deep/er/app.js")).toContain("process.env.GITHUB_TOKEN");
  expect(scene.read(".env.local")).toContain(TOKEN);
});

describe("after check-pack", () => {
  const MANIFEST = '{\n  "name": "demo",\n  "version": "1.0.0",\n  "files": ["src", ".env"]\n}\n';

  test("the source of what would be published is rewritten, and the file taken out of the package", async () => {
    scene = await makeScene({
      "package.json": MANIFEST,
      "src/app.js": APP,
      ".env": `GITHUB_TOKEN=${TOKEN}\n`,
    });
    expect((await scene.tool("check-pack", "--static")).code).toBe(1);
    const { code, stow } = await stowJson("--yes");
    expect([code, stow.untracked]).toEqual([0, [".env"]]);
    expect(scene.read("src/app.js")).toContain("process.env.GITHUB_TOKEN");
    expect(JSON.parse(scene.read("package.json") ?? "")).toMatchObject({ files: ["src"] });
    expect((await scene.tool("check-pack", "--static")).code).toBe(0);
    expect((await scene.tool("check")).code).toBe(0);
  });
});

test("a package.json that loses a token and names a file less gets both changes", async () => {
  const manifest = {
    name: "demo",
    version: "1.0.0",
    files: ["src", ".env"],
    scripts: { release: `GITHUB_TOKEN=${TOKEN} node release.js` },
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  scene = await makeScene({ "package.json": text, "src/a.js": "x\n", ".env": `GITHUB_TOKEN=${TOKEN}\n` });
  expect((await scene.tool("check-pack", "--static")).code).toBe(1);
  expect((await stowJson("--yes")).code).toBe(0);
  expect(JSON.parse(scene.read("package.json") ?? "")).toMatchObject({
    files: ["src"],
    scripts: { release: "node release.js" },
  });
  expect((await scene.tool("undo", "--yes")).code).toBe(0);
  expect(scene.read("package.json")).toBe(text);
});

describe("where the dotenv file would be published", () => {
  test("the package is told to leave it out", async () => {
    const manifest = '{ "name": "demo", "version": "1.0.0", "files": ["**/*"] }\n';
    scene = await makeScene({ "package.json": manifest, "app.js": APP });
    const { code } = await stowJson("--yes");
    expect(code).toBe(0);
    expect(scene.read("package.json")).toContain("!.env.local");
    const listed = await scene.tool("check-pack", "--static", "--list");
    expect(listed.stdout).not.toContain(".env.local");
  });

  test("a package that takes it all the same stops everything", async () => {
    const manifest = '{ "name": "demo", "version": "1.0.0", "files": [".env.*"] }\n';
    scene = await makeScene({ "package.json": manifest, "app.js": APP });
    const before = await stateOf(scene);
    const ran = await scene.tool("stow", "--to", "dotenv", "--yes");
    expect(ran.code, ran.stderr).not.toBe(0);
    expect(ran.stderr).toMatch(/publish/);
    expect(await stateOf(scene)).toEqual(before);
  });
});
