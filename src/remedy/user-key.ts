import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { userFolder } from "../host/home.ts";
import type { Environment } from "../host/host.ts";
import { IncompleteError } from "../model/errors.ts";
import { notWritten, removeFile, syncFolder, writeNewFile } from "./worktree-writer.ts";

const BYTES = 32;
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * The key by which journals are known as this user's: it lies outside of every repository, so that a journal that came
 * with one cannot have been written with it.
 *
 * @param make whether to make one where there is none yet
 * @returns null where there is none
 * @throws KnownError where it cannot be read or made
 */
export function userKey(env: Environment, make: boolean): Buffer | null {
  const state = userFolder("state", { env, platform: process.platform });
  if (state === null)
    throw new IncompleteError("no-user-folder", "the user has no folder of his own to keep a key in", {
      hint: "Set HOME to an absolute path.",
    });
  const file = path.join(state, "stowaway", "journal-key");
  const present = readKey(file);
  return present !== null || !make ? present : makeKey(file);
}

function readKey(file: string): Buffer | null {
  let key: Buffer;
  try {
    key = readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw notWritten(file, "cannot be read", cause);
  }
  if (key.length === BYTES) return key;
  throw new IncompleteError("journal-damaged", "the key of the journals is damaged", {
    path: file,
    hint: "What stow did before can be taken back by hand only. To go on, move this file away.",
  });
}

/** Of two processes that make one at the same time, one wins. */
function makeKey(file: string): Buffer {
  const key = randomBytes(BYTES);
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeNewFile(temporary, key, 0o600);
    publish(temporary, file, key);
    syncFolder(path.dirname(file));
    return key;
  } catch (cause) {
    const other = (cause as NodeJS.ErrnoException).code === "EEXIST" ? readKey(file) : null;
    if (other !== null) return other;
    throw notWritten(file, "cannot be written", cause);
  } finally {
    removeFile(temporary);
  }
}

function publish(temporary: string, file: string, key: Buffer): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    writeNewFile(file, key, 0o600);
  }
}
