import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { isAlive, ownProcess } from "../host/process-id.ts";
import type { ProcessId } from "../host/process-id.ts";
import { KnownError } from "../model/errors.ts";
import { makeStateFolder } from "./state-folder.ts";
import { notWritten, removeFile, writeNewFile } from "./worktree-writer.ts";

/** Who holds a lock. */
interface Holder extends ProcessId {
  /** Random; no two holds are alike. */
  readonly id: string;
}

/** It is part of a file's name, and the file may have come with a copied folder. */
const ID = /^[0-9a-f]{12}$/;

const LOCK = "lock";

/**
 * Does something while no other process of ours changes this work tree.
 *
 * A holder that died leaves its file. Whoever comes next makes a file named after it, which only one can: that is the lock
 * then. Its holder takes the dead one's file away before its own, and who made a file in between finds the first of the
 * chain changed, and begins anew.
 *
 * @param stateDir our folder in the git directory
 * @throws KnownError (1) where another process is at work
 */
export async function withLock<T>(stateDir: string, action: () => Promise<T>): Promise<T> {
  makeStateFolder(stateDir);
  const files = acquire(stateDir);
  try {
    return await action();
  } finally {
    for (const file of files) removeFile(file);
  }
}

/** @returns files to remove, in this order */
function acquire(stateDir: string): string[] {
  const own: Holder = { ...ownProcess(), id: randomBytes(6).toString("hex") };
  const first = path.join(stateDir, LOCK);
  let files: string[] = [];
  let dead: Holder[] = [];
  for (;;) {
    const before = dead.at(-1);
    const file = before === undefined ? first : path.join(stateDir, `${LOCK}-${before.id}`);
    if (claim(stateDir, file, own)) {
      if (dead[0] === undefined || readHolder(first)?.id === dead[0].id) return [...files, file];
      removeFile(file);
      [files, dead] = [[], []];
      continue;
    }
    const holder = readHolder(file);
    if (holder === null) [files, dead] = [[], []];
    // One of another machine cannot be looked at, and may be at work.
    else if (isAlive(holder) !== false) throw busy(holder, file);
    else
      [files, dead] = [
        [...files, file],
        [...dead, holder],
      ];
  }
}

/** Makes the file whole or not at all: a process may be killed between making and writing it. */
function claim(stateDir: string, file: string, own: Holder): boolean {
  const temporary = path.join(stateDir, `.stowaway-${own.id}.tmp`);
  try {
    writeNewFile(temporary, Buffer.from(JSON.stringify(own)), 0o600);
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The second: whoever holds the lock is sweeping.
    if (code === "EEXIST" || code === "ENOENT") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS")
      throw notWritten(file, "cannot be written", error);
    // A file system without links.
    return claimPlain(file, own);
  } finally {
    removeFile(temporary);
  }
}

function claimPlain(file: string, own: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(own), { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @returns null where there is none any more */
function readHolder(file: string): Holder | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const holder = parseHolder(text);
  if (holder !== null) return holder;
  throw new KnownError(1, "locked", "a lock of stowaway's is damaged", {
    path: file,
    hint: "If no other stowaway is at work here, delete this file.",
  });
}

function parseHolder(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Holder | null;
    return typeof holder?.id === "string" && ID.test(holder.id) ? holder : null;
  } catch {
    return null;
  }
}

function busy({ pid, host }: Holder, file: string): KnownError {
  const where = host === hostname() ? "" : ` on ${host}`;
  return new KnownError(1, "locked", `another stowaway is at work here (process ${pid}${where})`, {
    path: file,
    hint: "Wait until it is through. If there is none, delete this file.",
  });
}
