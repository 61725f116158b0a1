import { link, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createWhole, makePrivateFolder, temporaryName, TEMPORARY_NAME } from "./durable.ts";
import { isAlive, ownProcess } from "../host/process-id.ts";
import type { ProcessId } from "../host/process-id.ts";
import { IncompleteError } from "../model/errors.ts";

const PATIENCE_MS = 60_000;
/** For a holder that cannot be looked at, and for one that has not said yet who it is. */
const BLIND_PATIENCE_MS = 5000;
const POLL_MS = 20;

/** What stands in a lock. It lies where the repository does, and so may be an attacker's. */
interface Holder extends ProcessId {
  /** Name of the file that the holder writes to before it renames it; may be left when the holder died. */
  readonly temporary: string;
}

/**
 * Does something while no other process does the like, so that no one's change is lost. A lock whose process is gone is
 * broken, and what that left behind removed.
 *
 * @param path absolute; of the lock
 * @param temporary absolute; file that the action may leave behind if it is killed, named as `temporaryName` does
 * @throws IncompleteError where another process holds it for a minute
 */
export async function withLock<T>(path: string, temporary: string, action: () => Promise<T>): Promise<T> {
  await makePrivateFolder(dirname(path));
  const start = performance.now();
  const holder: Holder = { ...ownProcess(), temporary: basename(temporary) };
  while (!(await createWhole(path, JSON.stringify(holder)))) {
    const state = await look(path, dirname(temporary));
    if (state === "free") continue;
    if (performance.now() - start > (state === "held" ? PATIENCE_MS : BLIND_PATIENCE_MS))
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

/** Looks at a lock, and breaks it if its holder is gone. @param folder of the temporary file */
async function look(path: string, folder: string): Promise<"free" | "held" | "unknown"> {
  const text = await readText(path);
  if (text === null) return "free";
  const holder = parse(text);
  if (holder === null && !(await isOld(path))) return "unknown";
  const alive = holder === null ? false : isAlive(holder);
  if (alive !== false) return alive === null ? "unknown" : "held";
  const left = holder === null ? null : join(folder, holder.temporary);
  await breakLock(path, text, left);
  return "free";
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new IncompleteError("store-busy", "a lock of stowaway's cannot be read", {
      path,
      hint: "If no other stowaway is at work here, delete this file.",
      cause,
    });
  }
}

async function breakLock(path: string, text: string, left: string | null): Promise<void> {
  const aside = `${path}${temporaryName()}`;
  try {
    await rename(path, aside);
    // Another process may have broken it first, and made its own.
    if ((await readFile(aside, "utf8")) !== text) await link(aside, path);
    else if (left !== null) await rm(left, { force: true });
  } catch {
    // It is tried again from the beginning.
  } finally {
    await rm(aside, { force: true });
  }
}

/** A file system without links shows a lock before its text is there. */
async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > BLIND_PATIENCE_MS;
}

/** Null for what is no lock of ours, or is not written yet. */
function parse(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Record<keyof Holder, unknown>> | null;
    const { pid, started, host, temporary } = holder ?? {};
    const ours =
      Number.isSafeInteger(pid) &&
      (pid as number) > 0 &&
      (started === null || typeof started === "string") &&
      typeof host === "string" &&
      typeof temporary === "string" &&
      TEMPORARY_NAME.test(temporary);
    return ours ? (holder as Holder) : null;
  } catch {
    return null;
  }
}
