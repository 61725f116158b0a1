import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ran } from "../../helpers/run.ts";
import { run } from "../../helpers/run.ts";
import { bench, quietGit, read, staged } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import { AFTER } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

const BASE = "1\n2\n3\n4\n5\n6\n";

/** A hook that moves the secret out of a.js, and lets the commit go on or stops it. */
async function withHook(answer: 0 | 1, more: Record<string, string> = {}): Promise<Bench> {
  const repo = await bench(() => ({ "a.js": BASE, "b.js": BASE }));
  const job = engine.job({
    op: "stow",
    store: repo.storeFile,
    secret: repo.secret,
    paths: ["a.js"],
    ...more,
  });
  const hook = path.join(repo.dir, ".git/hooks/pre-commit");
  writeFileSync(
    hook,
    `#!/bin/sh\n"${process.execPath}" "${engine.file}" "${job}" || exit 9\nexit ${answer}\n`,
  );
  chmodSync(hook, 0o755);
  return repo;
}

const withSecret = (repo: Bench): string => `1\n${repo.secret}\n3\n4\n5\n6\n`;
const without = `1\n${AFTER}\n3\n4\n5\n6\n`;

async function commit(repo: Bench, ...args: string[]): Promise<Ran> {
  const env = { HOME: repo.env["HOME"] };
  return await run("git", ["commit", "-q", "-m", "x", ...args], { cwd: repo.dir, env });
}

const head = (repo: Bench): string => quietGit(repo, "show", "HEAD:a.js");

describe.each([0, 1] as const)("the hook ends with %d", (answer) => {
  const committed = answer === 0 ? without : BASE;

  test("commit", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo) });
    await repo.git("add", ".");
    expect((await commit(repo)).code).toBe(answer);
    expect([head(repo), staged(repo, "a.js"), read(repo, "a.js")]).toEqual([committed, without, without]);
  });

  test("commit --amend", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo) });
    await repo.git("add", ".");
    expect((await commit(repo, "--amend")).code).toBe(answer);
    expect([head(repo), staged(repo, "a.js"), read(repo, "a.js")]).toEqual([committed, without, without]);
  });

  test("commit -a, nothing staged before", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo) });
    expect((await commit(repo, "-a")).code).toBe(answer);
    expect([head(repo), read(repo, "a.js")]).toEqual([committed, without]);
    expect(staged(repo, "a.js")).toBe(committed);
    await repo.undo();
    expect(read(repo, "a.js")).toBe(withSecret(repo));
    expect(staged(repo, "a.js")).toBe(answer === 0 ? withSecret(repo) : BASE);
  });

  test("commit -a, an older form with the secret staged before: it goes there too", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo) });
    await repo.git("add", ".");
    repo.write({ "a.js": withSecret(repo).replace("6", "6 more") });
    expect((await commit(repo, "-a")).code).toBe(answer);
    const more = without.replace("6", "6 more");
    expect(read(repo, "a.js")).toBe(more);
    expect(staged(repo, "a.js")).toBe(answer === 0 ? more : without);
    await repo.undo();
    expect(staged(repo, "a.js")).toBe(
      answer === 0 ? withSecret(repo).replace("6", "6 more") : withSecret(repo),
    );
  });

  test("commit -p", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo).replace("6", "6 more") });
    // Not noted as the tool's output: git shows the hunks.
    const ran = spawnSync("git", ["commit", "-q", "-p", "-m", "x"], {
      cwd: repo.dir,
      env: repo.env,
      input: "s\ny\nn\n",
    });
    expect(ran.status).toBe(answer);
    expect([head(repo), read(repo, "a.js")]).toEqual([committed, without.replace("6", "6 more")]);
  });

  test("commit PATH, with the secret and another file staged", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo), "b.js": "other\n" });
    await repo.git("add", ".");
    expect((await commit(repo, "a.js")).code).toBe(answer);
    expect([head(repo), staged(repo, "a.js"), read(repo, "a.js")]).toEqual([committed, without, without]);
    expect(staged(repo, "b.js")).toBe("other\n");
    expect((await repo.git("show", "HEAD:b.js")).stdout).toBe(BASE);
    await repo.undo();
    expect([staged(repo, "a.js"), read(repo, "a.js")]).toEqual([withSecret(repo), withSecret(repo)]);
  });

  test("commit --only PATH, then a plain commit: the secret does not come back", async () => {
    const repo = await withHook(answer);
    repo.write({ "a.js": withSecret(repo) });
    await repo.git("add", ".");
    repo.write({ "a.js": `${withSecret(repo)}7\n`, "b.js": "other\n" });
    await repo.git("add", "b.js");
    await commit(repo, "--only", "a.js");
    await repo.git("commit", "-q", "--no-verify", "-m", "y");
    const history = quietGit(repo, "log", "-p", "--all");
    expect(history).not.toContain(repo.secret);
    expect(history).toContain(AFTER);
  });
});

test("a form in the index that is too different is named", async () => {
  const repo = await bench(() => ({ "a.js": BASE }));
  const out = path.join(repo.dir, ".git/out.json");
  const job = engine.job({ op: "stow", store: repo.storeFile, secret: repo.secret, paths: ["a.js"], out });
  const hook = path.join(repo.dir, ".git/hooks/pre-commit");
  writeFileSync(hook, `#!/bin/sh\nexec "${process.execPath}" "${engine.file}" "${job}"\n`);
  chmodSync(hook, 0o755);
  repo.write({ "a.js": `old ${repo.secret}\n` });
  await repo.git("add", ".");
  repo.write({ "a.js": withSecret(repo) });
  expect((await commit(repo, "-a")).code).toBe(0);
  expect(JSON.parse(read(repo, ".git/out.json"))).toMatchObject({
    remaining: [{ path: "a.js", index: path.join(repo.dir, ".git/index") }],
  });
});
