import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IncompleteError } from "../../../src/model/errors.ts";
import { Secret } from "../../../src/model/secret.ts";
import { applyTransaction } from "../../../src/remedy/apply.ts";
import { withLock } from "../../../src/remedy/lock.ts";
import { hasUnfinished } from "../../../src/remedy/unfinished.ts";
import type { SecretStore } from "../../../src/vault/store.ts";
import { bench, read, snapshot } from "../bench.ts";
import type { Bench, StowOptions } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import { appended, NAME, transactionOf } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);
const journals = (repo: Bench): string[] =>
  readdirSync(at(repo, ".git/stowaway")).filter((name) => name !== "key" && name !== "1.json");

async function prepared(): Promise<Bench> {
  const repo = await bench((secret) => ({
    "a.js": `${secret}\n`,
    "dir/b.js": `${secret}\n`,
    ".gitignore": "x\n",
  }));
  return repo;
}

/** Expects that a stow fails so, and that all is as before: files, index, store and journal. */
async function expectNothing(
  repo: Bench,
  error: Record<string, unknown>,
  more: StowOptions = {},
  paths: readonly string[] = ["a.js", "dir/b.js"],
): Promise<void> {
  const before = await snapshot(repo);
  await expect(repo.stow(paths, more)).rejects.toMatchObject(error);
  expect(await snapshot(repo)).toBe(before);
  expect(await repo.stored()).toBe(undefined);
  expect(hasUnfinished(at(repo, ".git/stowaway"))).toBe(false);
  expect(journals(repo)).toEqual([]);
}

describe("a stow that cannot be carried out leaves everything as it was", () => {
  test("git is writing the index", async () => {
    const repo = await prepared();
    writeFileSync(at(repo, ".git/index.lock"), "theirs");
    await expectNothing(repo, { code: "index-locked", exitCode: 1, path: at(repo, ".git/index.lock") });
    expect(read(repo, ".git/index.lock")).toBe("theirs");
  });

  test("the index is locked in the middle", async () => {
    const repo = await prepared();
    const lock = at(repo, ".git/index.lock");
    const store: SecretStore = {
      ...repo.store,
      put: async (...args) => {
        await repo.store.put(...args);
        writeFileSync(lock, "");
      },
    };
    const before = await snapshot(repo);
    await expect(stowWith(repo, store)).rejects.toMatchObject({ code: "index-locked" });
    expect(existsSync(lock)).toBe(true);
    spawnSync("rm", [lock]);
    expect(await snapshot(repo)).toBe(before);
    expect(await repo.stored()).toBe(undefined);
  });

  test("a read-only file", async () => {
    const repo = await prepared();
    chmodSync(at(repo, "dir/b.js"), 0o444);
    await expectNothing(repo, { code: "not-writable", exitCode: 1, path: "dir/b.js" });
  });

  test("a file that was changed since the plan", async () => {
    const repo = await prepared();
    const tx = transactionOf(repo.open(), repo.secret, ["a.js", "dir/b.js"]);
    repo.write({ "dir/b.js": `${repo.secret} changed\n` });
    const before = await snapshot(repo);
    const context = { repo: repo.open(), store: repo.store, verify: async () => undefined };
    await expect(applyTransaction(tx, context)).rejects.toMatchObject({
      code: "changed-meanwhile",
      path: "dir/b.js",
    });
    expect(await snapshot(repo)).toBe(before);
  });

  test("a file, and an entry, that are changed while the store is asked", async () => {
    const repo = await prepared();
    const changing = (change: () => void): SecretStore => ({
      ...repo.store,
      put: async (...args) => {
        await repo.store.put(...args);
        change();
      },
    });
    const context = (change: () => void) => stowWith(repo, changing(change));
    await expect(context(() => repo.write({ "dir/b.js": "mine\n" }))).rejects.toMatchObject({
      code: "half-done",
    });
    // What the user wrote is theirs: nothing is put over it, and the run waits.
    expect(read(repo, "dir/b.js")).toBe("mine\n");
    expect(await repo.stored()).toBe(repo.secret);
    expect(hasUnfinished(at(repo, ".git/stowaway"))).toBe(true);
    repo.write({ "dir/b.js": `${repo.secret}\n` });
    await repo.undo();
    expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
    expect(await repo.stored()).toBe(undefined);
  });

  test("the look at the end fails", async () => {
    const repo = await prepared();
    await expectNothing(
      repo,
      { message: "found again" },
      {
        verify: async () => await Promise.reject(new Error("found again")),
        plain: [appended(repo.open(), ".gitignore", "dist"), appended(repo.open(), "new/deep/file", "1")],
        untrack: ["a.js"],
      },
    );
    expect(existsSync(at(repo, "new"))).toBe(false);
  });

  test("the store refuses, fails, loses a write, or has another value under the name", async () => {
    const repo = await prepared();
    const locked = new IncompleteError("locked", "the test store is locked");
    const before = await snapshot(repo);
    const broken: Partial<SecretStore>[] = [
      { prepare: async () => await Promise.reject(locked) },
      { put: async () => await Promise.reject(locked) },
      // One that has no room for a value has none to take it back either.
      { put: async () => await Promise.reject(locked), takeBack: async () => await Promise.reject(locked) },
      { get: async () => new Map() },
      { get: async () => new Map([[NAME, new Secret("another")]]) },
    ];
    for (const methods of broken) {
      const rejected = expect(stowWith(repo, { ...repo.store, ...methods })).rejects;
      await rejected.toMatchObject({ exitCode: 3 });
      expect(await snapshot(repo)).toBe(before);
      expect(await repo.stored()).toBe(undefined);
    }
    await repo.store.put([{ name: NAME, value: new Secret("another") }], {});
    await expect(repo.stow(["a.js"])).rejects.toMatchObject({ code: "name-taken", exitCode: 1 });
    expect(await repo.stored()).toBe("another");
  });

  test("a path in a list that holds the value is not noted in plain text", async () => {
    const repo = await prepared();
    repo.write({ "list.txt": `${repo.secret}\n` });
    const plain = [
      {
        path: "list.txt",
        worktree: { before: Buffer.from(`${repo.secret}\n`), after: Buffer.from("x\n") },
        index: null,
      },
    ];
    await expectNothing(repo, { code: "value-in-journal" }, { plain });
  });

  test("a file may not grow: the error names it, and what was written is taken back", async () => {
    const repo = await prepared();
    const filler = "a line that fills the file\n".repeat(1000);
    repo.write({ "big.js": `${filler}${repo.secret}\n` });
    const before = await snapshot(repo);
    const job = engine.job({
      op: "stow",
      store: repo.storeFile,
      secret: repo.secret,
      paths: ["a.js", "big.js"],
    });
    const limited = `trap "" XFSZ; ulimit -f 16; exec "$0" "$@"`;
    const ran = spawnSync("bash", ["-c", limited, process.execPath, engine.file, job], {
      cwd: repo.dir,
      env: repo.env,
    });
    expect(JSON.parse(ran.stderr.toString())).toMatchObject({
      code: "not-writable",
      path: "big.js",
      message: "cannot be written: the file may not be that large, so nothing was changed",
    });
    expect(await snapshot(repo)).toBe(before);
    expect(await repo.stored()).toBe(undefined);
  });

  test("a folder in which nothing may be made", async () => {
    const repo = await prepared();
    const other = 65_534;
    const root = process.getuid?.() === 0;
    if (root)
      spawnSync("chown", [
        "-R",
        `${other}:${other}`,
        repo.dir,
        path.dirname(repo.storeFile),
        path.dirname(engine.file),
      ]);
    chmodSync(at(repo, "dir"), 0o555);
    const job = engine.job({
      op: "stow",
      store: repo.storeFile,
      secret: repo.secret,
      paths: ["a.js", "dir/b.js"],
    });
    if (root) chownSync(job, other, other);
    const ran = spawnSync(process.execPath, [engine.file, job], {
      cwd: repo.dir,
      env: repo.env,
      ...(root && { uid: other, gid: other }),
    });
    const said = JSON.parse(ran.stderr.toString()) as object;
    chmodSync(at(repo, "dir"), 0o755);
    expect(said).toMatchObject({ code: "not-writable", path: "dir/b.js" });
    expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
    expect(await repo.stored()).toBe(undefined);
  });
});

async function stowWith(repo: Bench, store: SecretStore): Promise<unknown> {
  const opened = repo.open();
  const tx = transactionOf(opened, repo.secret, ["a.js", "dir/b.js"]);
  return await applyTransaction(tx, { repo: opened, store, verify: async () => undefined });
}

describe("two at once", () => {
  test("the second is refused while the first is at work, and says whom to wait for", async () => {
    const repo = await prepared();
    await withLock(repo.open().stateDir, async () => {
      await expect(repo.stow(["a.js"])).rejects.toMatchObject({ code: "locked", exitCode: 1 });
      await expect(repo.stow(["a.js"])).rejects.toThrow(String(process.pid));
    });
    await repo.stow(["a.js"]);
  });

  test("many processes: one wins at a time, and none is lost", async () => {
    const repo = await bench((secret) =>
      Object.fromEntries([1, 2, 3, 4].map((n) => [`${n}.js`, `${secret}\n`])),
    );
    const done = await Promise.all(
      [1, 2, 3, 4].map(async (n) => {
        const job = engine.job({
          op: "stow",
          store: repo.storeFile,
          secret: repo.secret,
          paths: [`${n}.js`],
        });
        const { run } = await import("../../helpers/run.ts");
        return await run(process.execPath, [engine.file, job], { cwd: repo.dir });
      }),
    );
    expect(done.some(({ code }) => code === 0)).toBe(true);
    for (const { code, stderr } of done)
      if (code !== 0) expect(stderr).toMatch(/"code":"(?:locked|index-locked)"/);
    for (const [n, { code }] of done.entries())
      expect(read(repo, `${n + 1}.js`).includes(repo.secret)).toBe(code !== 0);
    expect(hasUnfinished(at(repo, ".git/stowaway"))).toBe(false);
  });
});
