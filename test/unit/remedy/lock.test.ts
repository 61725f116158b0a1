import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "../../../src/remedy/lock.ts";
import { scratch } from "../../helpers/run.ts";

let folder: string;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

const [A, B] = ["aaaaaaaaaaaa", "bbbbbbbbbbbb"];
const hold = (name: string, holder: object): void =>
  writeFileSync(path.join(folder, name), JSON.stringify(holder));
const nobody = async (): Promise<string[]> =>
  await withLock(folder, async () => readdirSync(folder).toSorted());

test("nothing is left of it, whether the work ends well or not", async () => {
  expect(await nobody()).toEqual(["lock"]);
  await expect(withLock(folder, async () => await Promise.reject(new Error("x")))).rejects.toThrow("x");
  expect(readdirSync(folder)).toEqual([]);
});

test("a dead holder's lock is taken over, also that of one who died taking it over", async () => {
  hold("lock", { id: A, pid: deadPid(), started: null, host: hostname() });
  hold(`lock-${A}`, { id: B, pid: deadPid(), started: null, host: hostname() });
  expect(await nobody()).toEqual(["lock", `lock-${A}`, `lock-${B}`]);
  expect(readdirSync(folder)).toEqual([]);
});

test("a number that belongs to another process now is a dead holder", async () => {
  hold("lock", { id: A, pid: process.pid, started: "1", host: hostname() });
  if (process.platform === "linux") expect(await nobody()).toContain(`lock-${A}`);
});

test("a living holder, one of another machine, and a damaged lock are left alone", async () => {
  for (const holder of [
    { id: A, pid: process.pid, started: null, host: hostname() },
    { id: A, pid: deadPid(), started: null, host: "elsewhere" },
  ]) {
    hold("lock", holder);
    await expect(nobody()).rejects.toMatchObject({ code: "locked", path: path.join(folder, "lock") });
  }
  for (const damaged of [
    "{",
    JSON.stringify({ id: "../x", pid: deadPid(), started: null, host: hostname() }),
  ]) {
    writeFileSync(path.join(folder, "lock"), damaged);
    await expect(nobody()).rejects.toMatchObject({ code: "locked" });
  }
});

test("while one is at work, another in the same process waits for nothing and is refused", async () => {
  await withLock(folder, async () => {
    await expect(nobody()).rejects.toMatchObject({ code: "locked" });
  });
  expect(await nobody()).toEqual(["lock"]);
});
