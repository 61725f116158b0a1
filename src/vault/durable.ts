import { randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { IncompleteError } from "../model/errors.ts";

const OWNER_ONLY = 0o600;
/** What file systems answer that know no hard links. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);
/** Windows refuses to replace a file that another program has open for a moment. */
const TRIES = 10;

/** What `temporaryName` gives. */
export const TEMPORARY_NAME = /^\.stowaway-[0-9a-f]{16}\.tmp$/;

/** A name for a file that becomes another; what recovers after a crash looks for this form. */
export function temporaryName(): string {
  return `.stowaway-${randomBytes(8).toString("hex")}.tmp`;
}

/**
 * Writes a file so that after a crash at any point there is the old content or the new one.
 *
 * @param path absolute; not a link
 * @param mode permission bits of the result
 * @param temporary name in the same folder that it is written to first
 */
export async function writeDurably(
  path: string,
  content: Uint8Array,
  mode: number = OWNER_ONLY,
  temporary: string = temporaryName(),
): Promise<void> {
  const folder = dirname(path);
  const from = join(folder, temporary);
  try {
    const file = await open(from, "wx", OWNER_ONLY);
    try {
      await file.writeFile(content);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await replace(from, path);
  } catch (error) {
    await rm(from, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/**
 * Makes a file with all of its content, if there is none; of several processes one wins.
 *
 * @returns whether it was this one
 */
export async function createWhole(path: string, content: string): Promise<boolean> {
  // Not the name of the others: recovery would sweep it in the moment between the two calls.
  const from = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await writeFile(from, content, { flag: "wx", mode: OWNER_ONLY, flush: true });
    await link(from, path).catch(async (error: NodeJS.ErrnoException) => {
      if (!NO_LINKS.has(error.code ?? "")) throw error;
      await writeFile(path, content, { flag: "wx", mode: OWNER_ONLY, flush: true });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(from, { force: true });
  }
}

/** Removes a file for good; none there is no error. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/**
 * Makes a folder that nobody else can read, with those above it. One that is there is closed to others.
 *
 * @throws IncompleteError where a link or somebody else's folder is in its place
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (process.platform === "win32") return;
  const found = await lstat(path);
  if (!found.isDirectory()) throw notOurs(path, "this is a link, which may lead anywhere");
  const own = process.geteuid?.();
  // To root the whole tree may be another's; that is git's to judge (safe.directory).
  if (found.uid !== own && !(own === 0 && found.uid === (await lstat(dirname(path))).uid))
    throw notOurs(path, "this folder is somebody else's, who could change what is in it");
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o700);
}

function notOurs(path: string, why: string): IncompleteError {
  return new IncompleteError("folder-refused", why, { path, hint: "Move it away, and run this again." });
}

async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const passing = code === "EPERM" || code === "EBUSY" || code === "EACCES";
      if (process.platform !== "win32" || !passing || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * 10));
    }
  }
}

/** A new name lasts only once its folder is written too; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
