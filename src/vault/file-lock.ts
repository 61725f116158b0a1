import { link, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createWhole, makePrivateFolder, temporaryName } from "./durable.ts";
import { IncompleteError } from "../model/errors.ts";

const PATIENCE_MS = 60_000;
const POLL_MS = 20;

interface Holder {
  readonly pid: number;
  /** File that the holder writes to before it renames it; may be left when the holder died. */
  readonly temporary: string;
}

/**
 * Does something while no other process does the like, so that no one's change is lost. A lock whose process is gone is
 * broken, and what that left behind removed.
 *
 * @param path absolute; of the lock
 * @param temporary absolute; file that the action may leave behind if it is killed
 * @throws IncompleteError where another process holds it for a minute
 */
export async function withLock<T>(path: string, temporary: string, action: () => Promise<T>): Promise<T> {
  await makePrivateFolder(dirname(path));
  const deadline = performance.now() + PATIENCE_MS;
  const holder: Holder = { pid: process.pid, temporary };
  while (!(await createWhole(path, JSON.stringify(holder)))) {
    if (await breakStale(path)) continue;
    if (performance.now() > deadline)
      throw new IncompleteError("store-busy", "another process is writing to the store", {
        path,
        hint: "Try again; if no other process is there, delete this file.",
      });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** @returns whether it is worth to try again at once */
async function breakStale(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return true;
  const holder = parse(text);
  if (holder === null || isAlive(holder.pid)) return false;
  const aside = `${path}${temporaryName()}`;
  try {
    await rename(path, aside);
    // Another process may have broken it first, and made its own.
    if ((await readFile(aside, "utf8")) === text) await rm(holder.temporary, { force: true });
    else await link(aside, path);
  } catch {
    return true;
  } finally {
    await rm(aside, { force: true });
  }
  return true;
}

/** Null for one that is not written yet. */
function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
