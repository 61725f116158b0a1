import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError } from "../../../src/remedy/conflict.ts";
import { listRuns, undo } from "../../../src/remedy/undo.ts";
import { bench, read, snapshot, staged } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import type { Job } from "../engine.ts";
import { AFTER, appended } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface Said {
  readonly code?: string;
  readonly message?: string;
  readonly path?: string;
}

function run(repo: Bench, job: Omit<Job, "secret" | "store">, program: readonly string[] = []): Said {
  const file = engine.job({ store: repo.storeFile, secret: repo.secret, ...job });
  if (isRoot) chownSync(file, NOBODY, NOBODY);
  const words = [...program, process.execPath, engine.file, file];
  const unprivileged = isRoot && program.length === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const ran = spawnSync(words[0] ?? "", words.slice(1), { cwd: repo.dir, env: repo.env, ...unprivileged });
  return ran.stderr.length === 0 ? {} : (JSON.parse(ran.stderr.toString()) as Said);
}

/** Does something while everything belongs to a user who, unlike root, can be refused something. */
function disowned<T>(repo: Bench, action: () => T): T {
  const folders = [repo.dir, path.dirname(repo.storeFile), path.dirname(engine.file)];
  const give = (to: number): void => void spawnSync("chown", ["-R", `${to}:${to}`, ...folders]);
  if (isRoot) give(NOBODY);
  try {
    return action();
  } finally {
    if (isRoot) give(0);
  }
}

/** Expects that a failed undo has changed nothing, and that it can be made good. */
async function expectUntouched(
  repo: Bench,
  undoing: () => Said,
  mend: () => void,
  before: string,
): Promise<Said> {
  const now = await snapshot(repo);
  const said = undoing();
  expect(await snapshot(repo)).toBe(now);
  expect(await repo.stored()).toBe(repo.secret);
  expect(listRuns(repo.open()).map(({ state }) => state)).toEqual(["applied"]);
  mend();
  await repo.undo();
  expect(await snapshot(repo)).toBe(before);
  return said;
}

describe("undo that cannot be carried out leaves everything as it was", () => {
  test.each([
    ["with an old content", "dir/b.js"],
    ["that is to be removed", "dir/new.json"],
  ])("a folder in which nothing may be made, with a file %s", async (_, shown) => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "dir/b.js": `${secret}\n` }));
    const before = await snapshot(repo);
    const plain = shown === "dir/new.json" ? [appended(repo.open(), shown, "{}")] : [];
    await repo.stow(shown === "dir/b.js" ? ["a.js", shown] : ["a.js"], { plain });
    chmodSync(at(repo, "dir"), 0o555);
    const undoing = (): Said => disowned(repo, () => run(repo, { op: "undo", paths: [] }));
    const said = await expectUntouched(repo, undoing, () => chmodSync(at(repo, "dir"), 0o755), before);
    expect(said).toMatchObject({ code: "not-writable", path: shown });
    expect(said.message).toContain("so nothing was changed");
  });

  test("a file that may not grow", async () => {
    const filler = "a line that fills the file\n".repeat(1000);
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "big.js": `${filler}${secret}\n` }));
    const before = await snapshot(repo);
    await repo.stow(["a.js", "big.js"]);
    const limited = ["bash", "-c", `trap "" XFSZ; ulimit -f 16; exec "$0" "$@"`];
    const said = await expectUntouched(
      repo,
      () => run(repo, { op: "undo", paths: [] }, limited),
      () => undefined,
      before,
    );
    expect(said).toMatchObject({ code: "not-writable", path: "big.js" });
  });
});

test("undo that is stopped in the middle says that it is, and goes on the next time", async () => {
  const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "b.js": `${secret}\n` }));
  const before = await snapshot(repo);
  await repo.stow(["a.js", "b.js"]);
  // Git is the last to run before the files are put in their places.
  const bin = path.join(path.dirname(repo.storeFile), "bin");
  mkdirSync(bin);
  const real = spawnSync("which", ["git"], { encoding: "utf8" }).stdout.trim();
  const shim = `#!/bin/sh\ncase "$*" in *--refresh*) printf edited >> b.js;; esac\nexec ${real} "$@"\n`;
  writeFileSync(path.join(bin, "git"), shim, { mode: 0o755 });
  const PATH = `${bin}:${repo.env["PATH"]}`;
  const error: unknown = await undo(repo.open({ PATH }), async () => repo.store).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "half-done", path: "b.js", exitCode: 1 });
  expect((error as Error).message).toContain("run 1 is only half taken back");
  expect(await repo.stored()).toBe(repo.secret);
  expect(staged(repo, "a.js")).toContain(repo.secret);
  rmSync(bin, { recursive: true });
  await expect(repo.undo()).rejects.toBeInstanceOf(ConflictError);
  expect(read(repo, "b.js")).toBe(`${AFTER}\nedited`);
  repo.write({ "b.js": `${AFTER}\n` });
  await repo.undo();
  expect(await snapshot(repo)).toBe(before);
  expect(await repo.stored()).toBe(undefined);
});

test("git that is stopped by a signal: that is the answer, and nothing is changed", async () => {
  const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
  const before = await snapshot(repo);
  const bin = path.join(path.dirname(repo.storeFile), "bin");
  mkdirSync(bin);
  const real = spawnSync("which", ["git"], { encoding: "utf8" }).stdout.trim();
  for (const [signal, exitCode] of [
    ["INT", 130],
    ["TERM", 143],
  ] as const)
    for (const call of ["hash-object", "--index-info", "--refresh"]) {
      const shim = `#!/bin/sh\ncase "$*" in *${call}*) rm "$0"; kill -${signal} $$;; esac\nexec ${real} "$@"\n`;
      writeFileSync(path.join(bin, "git"), shim, { mode: 0o755 });
      const env = { PATH: `${bin}:${repo.env["PATH"]}` };
      await expect(repo.stow(["a.js"], { env })).rejects.toMatchObject({ code: "interrupted", exitCode });
      expect(await snapshot(repo)).toBe(before);
      expect(await repo.stored()).toBe(undefined);
    }
});
