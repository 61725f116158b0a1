import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSecretProject } from "./project.ts";
import type { SecretProject } from "./project.ts";
import { MANIFEST_FILE } from "../../src/model/manifest.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { githubToken } from "../helpers/samples.ts";
import { PROJECT, run, scratch } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";

const TOKEN = githubToken(43);
/** Leaves a file where it was started and must not be. */
const TRACE = ["sh", "-c", "env; echo >started"];
const wasStarted = (dir: string): boolean => existsSync(path.join(dir, "started"));

let project: SecretProject;
let other: Repo;
beforeAll(async () => {
  project = await makeSecretProject(
    { GITHUB_TOKEN: TOKEN, NOT_THERE: null, NOR_HERE: null },
    { GITHUB_TOKEN: { profiles: ["staging", "live"] } },
  );
  other = await makeRepo();
});
afterAll(() => {
  project.remove();
  other.remove();
});

test("a missing value is named, and nothing is started", async () => {
  const ran = await project.tool(["run", ...TRACE]);
  expect(ran).toEqual({
    code: 2,
    signal: null,
    stdout: "",
    stderr:
      "stowaway: no value for NOT_THERE, NOR_HERE: nothing was started\n" +
      "  hint: Store it with stowaway secrets set NOT_THERE, or set the variable.\n",
  });
  expect(wasStarted(project.dir)).toBe(false);
  expect((await project.tool(["run", "--only", "GITHUB_TOKEN", "true"])).code).toBe(0);
});

test("another repository that copies the manifest, and even the file, gets nothing", async () => {
  for (const name of [MANIFEST_FILE, ".env.local", ".gitignore"])
    cpSync(path.join(project.dir, name), path.join(other.dir, name));
  for (const args of [
    ["run", "--only", "GITHUB_TOKEN", "--", ...TRACE],
    ["run", "--", "env"],
    ["env", "--only", "GITHUB_TOKEN"],
  ]) {
    const ran = await project.tool(args, { cwd: other.dir });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("this clone is not bound to its project");
  }
  expect(wasStarted(other.dir)).toBe(false);
});

test("a copy of the whole clone gets nothing either", async () => {
  const copy = realpathSync(scratch("stowaway-copy-"));
  try {
    cpSync(project.dir, copy, { recursive: true });
    const ran = await project.tool(["run", "--only", "GITHUB_TOKEN", "env"], { cwd: copy });
    expect(ran).toMatchObject({ code: 2, stdout: "" });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

test("a clone that is not trusted can use a file of the user's", async () => {
  const file = path.join(other.dir, "own.env");
  writeFileSync(file, ["GITHUB_TOKEN=my-own-token", "NOT_THERE=one-more", "NOR_HERE=and-more"].join("\n"));
  const ran = await project.tool(
    ["run", "--env-file", "own.env", "sh", "-c", "echo $GITHUB_TOKEN; printf %s $GITHUB_TOKEN | wc -c"],
    {
      cwd: other.dir,
    },
  );
  expect(ran).toMatchObject({ code: 0, stdout: "***\n12\n", stderr: "" });
});

test("a stored value counts before that of an env file", async () => {
  writeFileSync(path.join(project.dir, ".env.own"), "GITHUB_TOKEN=short\nNOT_THERE=x\nNOR_HERE=y\nMORE=z\n");
  const script = 'printf %s "$GITHUB_TOKEN" | wc -c; echo $NOT_THERE $NOR_HERE $MORE';
  const ran = await project.tool(["run", "--env-file", ".env.own", "sh", "-c", script]);
  expect(ran).toMatchObject({ code: 0, stdout: `${TOKEN.length}\nx y z\n`, stderr: "" });
});

test("an env file that git tracks is not loaded", async () => {
  writeFileSync(path.join(other.dir, "config.env"), "NOT_THERE=x\n");
  await other.git("add", "-f", "config.env");
  const ran = await project.tool(["run", "--env-file", "config.env", ...TRACE], { cwd: other.dir });
  expect(ran).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("git tracks this file") });
  expect(wasStarted(other.dir)).toBe(false);
});

/** As an installed command is started: by its first line, which gives Node the arguments before us. */
async function byName(args: readonly string[], cwd: string): Promise<Ran> {
  const folder = path.join(project.home, "node_modules/.bin");
  const link = path.join(folder, "stowaway");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(link)) symlinkSync(path.join(PROJECT, "dist/bin.cjs"), link);
  // npm does so where it installs it.
  chmodSync(link, 0o755);
  return await run(link, args, { cwd, env: project.env });
}

const COUNT =
  'printf %s "$GITHUB_TOKEN" | wc -c; echo "$NOT_THERE $NOR_HERE $MORE [$LD_AUDIT][$NODE_OPTIONS]"';

test.skipIf(process.platform === "win32").each(["--dotenv", "--env-file"])(
  "started by name too, a stored value counts before that of %s, and a harmful one is left out",
  async (option) => {
    const lines = ["GITHUB_TOKEN=short", "NOT_THERE=x", "NOR_HERE=y", "MORE=z", "LD_AUDIT=", "NODE_OPTIONS="];
    writeFileSync(path.join(project.dir, ".env.more"), lines.join("\n"));
    const ran = await byName(["run", option, ".env.more", "sh", "-c", COUNT], project.dir);
    expect(ran).toMatchObject({ code: 0, stdout: `${TOKEN.length}\nx y z [][]\n` });
    expect(ran.stderr).toContain("NODE_OPTIONS of an env file decides what programs do, so it is not set");
  },
);

test.skipIf(process.platform === "win32")("a hostile file that git tracks runs nothing", async () => {
  const hostile = await makeRepo({
    commit: {
      ".env": "NODE_OPTIONS=--require=./hostile.cjs\nNOT_THERE=x\n",
      "hostile.cjs": `require("fs").writeFileSync("hostile", "")`,
    },
  });
  try {
    for (const args of [
      ["run", "--dotenv", ".env", ...TRACE],
      ["run", "--dotenv=.env", "--", ...TRACE],
    ]) {
      const ran = await byName(args, hostile.dir);
      expect(ran).toMatchObject({ code: 2, stdout: "" });
      expect(ran.stderr).toContain("git tracks this file");
    }
    expect(existsSync(path.join(hostile.dir, "hostile"))).toBe(false);
    // What Node itself did with it, nobody can take back; but no secret is handed out.
    expect(await byName(["run", "--env-file", ".env", ...TRACE], hostile.dir)).toMatchObject({
      code: 2,
      stdout: "",
    });
    expect(wasStarted(hostile.dir)).toBe(false);
  } finally {
    hostile.remove();
  }
});

test.skipIf(process.platform === "win32")("a program's own --env-file is its own behind --", async () => {
  const own = ["sh", "-c", 'echo "$@"', "sh", "--env-file", "no-such-file"];
  const args = ["run", "--only", "GITHUB_TOKEN", "--", ...own];
  expect(await byName(args, project.dir)).toMatchObject({ code: 0, stdout: "--env-file no-such-file\n" });
});

test.skipIf(process.platform === "win32")("a file may come through a pipe, by --dotenv", async () => {
  const values = " <(echo NOT_THERE=x; echo NOR_HERE=y)";
  const script = 'exec "$0" run "$1"' + values + ' sh -c "echo \\$NOT_THERE"';
  const piped = async (option: string): Promise<Ran> =>
    await run("bash", ["-c", script, path.join(project.home, "node_modules/.bin/stowaway"), option], {
      cwd: project.dir,
      env: project.env,
    });
  expect(await piped("--dotenv")).toMatchObject({ code: 0, stdout: "x\n", stderr: "" });
  expect(await piped("--env-file")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("Name it with --dotenv"),
  });
});

test("a profile's value, else the default one, never another profile's", async () => {
  writeFileSync(path.join(project.dir, ".env.staging.local"), "GITHUB_TOKEN=of-staging\n", { mode: 0o600 });
  const length = async (...profile: string[]): Promise<string> =>
    (
      await project.tool([
        "run",
        "--only",
        "GITHUB_TOKEN",
        ...profile,
        "sh",
        "-c",
        'printf %s "$GITHUB_TOKEN" | wc -c',
      ])
    ).stdout.trim();
  expect(await length()).toBe(`${TOKEN.length}`);
  expect(await length("--profile", "staging")).toBe("10");
  expect(await length("--profile", "live")).toBe(`${TOKEN.length}`);
  expect(await project.tool(["run", "--profile", "stagin", "true"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean staging?"),
  });
});

test("a manifest that wants to decide what programs do is refused, and so is one of npm's commands", async () => {
  const hostile = await makeSecretProject({
    NODE_OPTIONS: "--require=./x.cjs",
    LD_PRELOAD: "/tmp/x.so",
    TOKEN: "abc",
  });
  try {
    const ran = await hostile.tool(["run", ...TRACE]);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain("asks for NODE_OPTIONS, LD_PRELOAD, which decides what programs do");
    expect((await hostile.tool(["env"])).code).toBe(2);
    expect(
      await hostile.tool(["run", "--only", "TOKEN", "sh", "-c", "echo $TOKEN$LD_PRELOAD$NODE_OPTIONS"]),
    ).toMatchObject({
      code: 0,
      stdout: "abc\n",
    });
    const named = await hostile.tool([
      "run",
      "--only",
      "NODE_OPTIONS",
      "sh",
      "-c",
      'printf %s "$NODE_OPTIONS" | wc -c',
    ]);
    expect(named.stdout.trim()).toBe("17");
  } finally {
    hostile.remove();
  }
});

test("installing is refused, unless asked for or narrowed", async () => {
  project.write({
    "package.json": JSON.stringify({ name: "a", version: "1.0.0", scripts: { preinstall: "echo ran" } }),
  });
  const refused = await project.tool(["run", "npm", "install"]);
  expect(refused).toMatchObject({
    code: 2,
    stdout: "",
    stderr:
      "stowaway: npm install runs the packages' own scripts, which would get every secret: nothing was started\n" +
      "  hint: Run it without stowaway, name what it needs with --only, or insist with --allow-install.\n",
  });
  const set = { NOT_THERE: "x", NOR_HERE: "y" };
  const npm = ["npm", "install", "--no-audit", "--no-fund", "--foreground-scripts"];
  expect(await project.tool(["run", "--allow-install", ...npm], { env: set })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("ran\n"),
  });
  expect((await project.tool(["run", "--only", "GITHUB_TOKEN", ...npm])).code).toBe(0);
});

test("where there is no project, the next step is named", async () => {
  const folder = scratch();
  try {
    expect(await project.tool(["run", "true"], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("stowaway stow"),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
