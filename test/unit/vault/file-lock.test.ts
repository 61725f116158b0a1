import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scratch } from "../../helpers/run.ts";
import { temporaryName } from "../../../src/vault/durable.ts";
import { withLock } from "../../../src/vault/file-lock.ts";

let dir: string;
let lock: string;
beforeEach(() => {
  dir = scratch();
  lock = path.join(dir, "state/secrets.lock");
  mkdirSync(path.dirname(lock));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Number of a process that was, and is no more. */
const dead = (): number => spawnSync(process.execPath, ["-e", ""]).pid;
const take = async (): Promise<string> =>
  await withLock(lock, path.join(dir, temporaryName()), () => Promise.resolve(readFileSync(lock, "utf8")));

test("what a holder that died has left is removed, by its name in our folder alone", async () => {
  const left = temporaryName();
  writeFileSync(path.join(dir, left), "half");
  const holder = { pid: dead(), started: "1", host: hostname() };
  writeFileSync(lock, JSON.stringify({ ...holder, temporary: left }));
  expect(JSON.parse(await take())).toMatchObject({ pid: process.pid, host: hostname() });
  expect(readdirSync(dir)).toEqual(["state"]);
  expect(readdirSync(path.dirname(lock))).toEqual([]);
});

test.each([
  ["an absolute path", (victim: string) => victim],
  ["a way out", (victim: string) => `../${path.basename(path.dirname(victim))}/${path.basename(victim)}`],
  ["another file's name", (victim: string) => path.basename(victim)],
  ["our form behind a folder", () => `state/../${temporaryName()}`],
])("a lock that names %s deletes nothing", async (_, name) => {
  const victim = path.join(dir, "precious.txt");
  writeFileSync(victim, "mine");
  const text = JSON.stringify({ pid: dead(), started: null, host: hostname(), temporary: name(victim) });
  writeFileSync(lock, text);
  age(lock);
  await take();
  expect(readFileSync(victim, "utf8")).toBe("mine");
});

function age(file: string): void {
  const past = new Date(Date.now() - 60_000);
  utimesSync(file, past, past);
}

const started = (pid: number | "self"): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
};

test.each([
  ["that of the first process, as older ones of ours looked", () => ({ pid: 1 })],
  ["the first process's", () => ({ pid: 1, started: null })],
  ["the first process's with the time of its start", () => ({ pid: 1, started: started(1) })],
  ["a process that has the number of ours now", () => ({ pid: process.pid, started: "1" })],
  ["no process's", () => ({ pid: 0, started: null })],
  ["a process group's", () => ({ pid: -1, started: null })],
])(
  "a lock that was left and seems to be %s holds nobody up",
  async (_, holder) => {
    writeFileSync(lock, JSON.stringify({ host: hostname(), temporary: temporaryName(), ...holder() }));
    age(lock);
    await expect(take()).resolves.toContain(String(process.pid));
  },
  4000,
);

test("a lock that is no lock is passed over once it is old", async () => {
  for (const text of ["", "{", "null", "[]", '"x"']) {
    writeFileSync(lock, text);
    age(lock);
    await take();
    expect(existsSync(lock)).toBe(false);
  }
}, 4000);

test("another machine's lock is respected, and told of soon", async () => {
  const holder = { pid: dead(), started: "1", host: `not-${hostname()}`, temporary: temporaryName() };
  writeFileSync(lock, JSON.stringify(holder));
  await expect(take()).rejects.toMatchObject({ code: "store-busy", exitCode: 3, path: lock });
  expect(existsSync(lock)).toBe(true);
});

test("one after the other in one process, too", async () => {
  let inside = 0;
  const runs = Array.from({ length: 8 }, async () => {
    await withLock(lock, path.join(dir, temporaryName()), async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    });
  });
  await Promise.all(runs);
  expect(readdirSync(path.dirname(lock))).toEqual([]);
});
