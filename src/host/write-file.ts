import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { IncompleteError } from "../model/errors.ts";

const OWNER_ONLY = 0o600;

/**
 * Writes a file so that a reader sees the old content or the new one, never a part, and nobody but the owner can read
 * it. A link is followed; a device or a pipe is written to as it is.
 *
 * @param path absolute
 * @param shown the path as the user wrote it
 * @throws IncompleteError where it cannot be written; an old content is intact then
 */
export async function writeFileAtomic(path: string, shown: string, text: string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => null);
    if (existing === null || existing.isFile()) await replace(target, text);
    else await fill(target, "w", text);
  } catch (cause) {
    throw new IncompleteError("output-failed", "the report cannot be written there", {
      path: shown,
      hint: "Name a file in a folder that exists and may be written to.",
      cause,
    });
  }
}

async function replace(target: string, text: string): Promise<void> {
  const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await fill(temporary, "wx", text);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function fill(path: string, flags: string, text: string): Promise<void> {
  const file = await open(path, flags, OWNER_ONLY);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
