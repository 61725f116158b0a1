import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IncompleteError } from "../../../src/model/errors.ts";
import { recover } from "../../../src/remedy/recover.ts";
import { hasUnfinished } from "../../../src/remedy/unfinished.ts";
import { listRuns, undo } from "../../../src/remedy/undo.ts";
import { bench, read, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import { AFTER } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);

/** A repository in which a stow was killed just before it was through, or at another step. */
async function killed(last = /renameSync .*\/1\.json$/): Promise<{ repo: Bench; before: string }> {
  const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "b.js": `${secret}\n` }));
  const before = await snapshot(repo);
  const job = engine.job({ op: "stow", store: repo.storeFile, secret: repo.secret, paths: ["a.js", "b.js"] });
  const log = path.join(path.dirname(repo.storeFile), "log");
  const go = (env: Record<string, string>) =>
    spawnSync(process.execPath, ["--require", engine.killer, engine.file, job], {
      cwd: repo.dir,
      env: { ...repo.env, ...env },
    });
  go({ KILL_LOG: log });
  await repo.undo();
  rmSync(at(repo, ".git/stowaway"), { recursive: true });
  rmSync(path.join(path.dirname(repo.storeFile), ".local"), { recursive: true });
  const { readFileSync } = await import("node:fs");
  const steps = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("  ("));
  const step = steps.findLastIndex((line) => last.test(line));
  expect(go({ KILL_AT: String(step + 1) }).signal).toBe("SIGKILL");
  expect(hasUnfinished(at(repo, ".git/stowaway"))).toBe(true);
  return { repo, before };
}

const store = (repo: Bench) => async () => repo.store;

test("the lock and the temporary files of a dead process are in nobody's way", async () => {
  const { repo, before } = await killed();
  expect(existsSync(at(repo, ".git/stowaway/lock"))).toBe(true);
  writeFileSync(at(repo, ".stowaway-0123456789ab.tmp"), repo.secret);
  expect(await recover(repo.open(), store(repo))).toMatchObject([{ id: 1, leftover: [] }]);
  expect(await snapshot(repo)).toBe(before);
  expect(await repo.stored()).toBe(undefined);
  expect(await recover(repo.open(), store(repo))).toEqual([]);
  await repo.stow(["a.js"]);
});

test("a new stow is refused as long as one is unfinished; undo finishes it, and takes no other back", async () => {
  const { repo, before } = await killed();
  await expect(repo.stow(["a.js"])).rejects.toMatchObject({ code: "unfinished", exitCode: 1 });
  await undo(repo.open(), store(repo));
  expect(await snapshot(repo)).toBe(before);
  expect(listRuns(repo.open())).toEqual([]);
});

test("a file that was edited since: nothing is changed, and it is named", async () => {
  const { repo } = await killed();
  repo.write({ "b.js": "edited\n" });
  const now = await snapshot(repo);
  await expect(recover(repo.open(), store(repo))).rejects.toMatchObject({
    code: "changed-since",
    path: "b.js",
  });
  expect(await snapshot(repo)).toBe(now);
  expect(read(repo, "a.js")).toBe(`${AFTER}\n`);
  expect(await repo.stored()).toBe(repo.secret);
});

test("a store that cannot be asked: where a value is needed, it waits", async () => {
  const { repo, before } = await killed();
  const now = await snapshot(repo);
  const locked = new IncompleteError("locked", "the test store is locked");
  const broken = { ...repo.store, get: async () => await Promise.reject(locked) };
  await expect(recover(repo.open(), async () => broken)).rejects.toBe(locked);
  await expect(recover(repo.open(), async () => null)).rejects.toMatchObject({
    code: "other-store",
    exitCode: 3,
  });
  expect(await snapshot(repo)).toBe(now);
  await recover(repo.open(), store(repo));
  expect(await snapshot(repo)).toBe(before);
});

test("a store that cannot be asked: where no value is needed, the run is closed, and what may be left is named", async () => {
  const { repo, before } = await killed(/renameSync .*values\.json$/);
  const recovered = await recover(repo.open(), async () => null);
  expect(recovered).toMatchObject([{ id: 1, leftover: ["GITHUB_TOKEN"], label: "the test store" }]);
  expect(await snapshot(repo)).toBe(before);
  expect(hasUnfinished(at(repo, ".git/stowaway"))).toBe(false);
});

test("git's lock is in the way: it is named and left, nothing is changed", async () => {
  const { repo, before } = await killed();
  writeFileSync(at(repo, ".git/index.lock"), "");
  const now = await snapshot(repo);
  await expect(recover(repo.open(), store(repo))).rejects.toMatchObject({ code: "index-locked" });
  expect(await snapshot(repo)).toBe(now);
  rmSync(at(repo, ".git/index.lock"));
  await recover(repo.open(), store(repo));
  expect(await snapshot(repo)).toBe(before);
});
