import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plant } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, run, scratch } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

/** A user's project, in which the packed tarball is installed as npm would, and set up through npx. */
let folder: string;
let repo: Repo;

async function runWell(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await run(command, args, { cwd });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} answered ${code}: ${stderr}`);
}

beforeAll(async () => {
  folder = scratch();
  await runWell("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], PROJECT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  repo = await makeRepo({
    commit: {
      "package.json": '{\n  "name": "demo",\n  "version": "1.0.0",\n  "license": "MIT"\n}\n',
      ".gitignore": "node_modules\n.env\n",
    },
  });
  const flags = ["--omit=optional", "--offline", "--no-audit", "--no-fund"];
  await runWell("npm", ["install", "-D", ...flags, path.join(folder, tarball)], repo.dir);
});
afterAll(() => {
  repo.remove();
  rmSync(folder, { recursive: true, force: true });
});

const head = async (): Promise<string> => (await repo.git("rev-parse", "HEAD")).stdout;

test("npx stowaway init sets up the hook and the scripts, and a second time has nothing to do", async () => {
  const first = await run("npx", ["--no-install", "stowaway", "init", "--yes"], { cwd: repo.dir });
  expect(first.stderr).toContain("Done: git runs stowaway before every commit (.git/hooks/pre-commit)");
  const second = await run("npx", ["--no-install", "stowaway", "init", "--yes"], { cwd: repo.dir });
  expect(second.code).toBe(0);
  expect(second.stdout).toBe("");
  expect(second.stderr).toMatch(/^Nothing to do: /);
});

test("a commit of a token is blocked, and passes once the token is gone", async () => {
  const token = githubToken();
  const before = await head();
  repo.write({ "src/release.js": `const token = "${token}";\n` });
  await repo.git("add", "-A");
  const blocked = await repo.git("commit", "-m", "release");
  expect(blocked.code).not.toBe(0);
  expect(await head()).toBe(before);
  expect(blocked.stdout + blocked.stderr).not.toContain(token);
  expect(blocked.stderr).toContain("src/release.js:1:");
  expect(blocked.stderr).toContain("commit blocked");

  repo.write({ "src/release.js": "const token = process.env.GITHUB_TOKEN;\n" });
  await repo.git("add", "-A");
  const passed = await repo.git("commit", "-m", "release");
  expect(passed.code).toBe(0);
  expect(await head()).not.toBe(before);
});

test("a commit from a folder below the top is checked too", async () => {
  const token = githubToken(2);
  repo.write({ "src/deep/a.js": `const token = "${token}";\n` });
  const below = path.join(repo.dir, "src/deep");
  await run("git", ["add", "a.js"], { cwd: below });
  expect((await run("git", ["commit", "-m", "below"], { cwd: below })).stderr).toContain("commit blocked");
  await repo.git("rm", "-q", "-f", "src/deep/a.js");
});

test("a commit without the installed package is stopped with 3 and the next step", async () => {
  const linked = path.join(folder, "linked");
  await repo.git("worktree", "add", "-q", linked);
  const { code, stderr } = await run("git", ["commit", "--allow-empty", "-m", "try"], { cwd: linked });
  expect(code).not.toBe(0);
  expect(stderr).toContain(
    "node_modules/stowaway/hooks/pre-commit is missing, so nothing was checked; run 'npm install'",
  );
  for (const skip of [{ SKIP: "eslint,stowaway" }, { STOWAWAY_SKIP: "1" }]) {
    const skipped = await run("git", ["commit", "--allow-empty", "-m", "try"], { cwd: linked, env: skip });
    expect(skipped.code).toBe(0);
    expect(skipped.stderr).toContain("skipped as asked");
  }
});

test("npm publish --dry-run of a package with an .env stops in prepublishOnly", async () => {
  const secret = plant(githubToken(3));
  mkdirSync(path.join(repo.dir, "lib"), { recursive: true });
  repo.write({ ".env": `GITHUB_TOKEN=${secret}\n`, ".npmignore": "node_modules\n", "lib/index.js": "" });
  const { code, stdout, stderr } = await run("npm", ["publish", "--dry-run", "--offline"], { cwd: repo.dir });
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("prepublishOnly");
  expect(stdout + stderr).toMatch(/--> \.env:1:\d+ in demo-1\.0\.0\.tgz/);
  expect(stdout + stderr).toContain("publish blocked");
  expect(stdout + stderr).not.toContain(secret);
});
