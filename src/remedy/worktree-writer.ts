import type { Stats } from "node:fs";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { systemReason } from "../host/system-reason.ts";
import { KnownError } from "../model/errors.ts";
import { temporaryName } from "../vault/durable.ts";
import { folderOf, inTree, pathProblem } from "./raw-path.ts";

const WINDOWS = process.platform === "win32";
/** A virus scanner or an editor holds a file for a moment: how long to wait between tries, in milliseconds. */
const RETRIES = [10, 20, 50, 100, 200, 400, 800];

/** A regular file of the work tree. */
export interface FileOnDisk {
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** The same for two names of one file. */
  readonly identity: string;
}

/**
 * Reads a file of the work tree.
 *
 * @param shown as findings name it
 * @returns null where there is none
 * @throws KnownError (1) where it is a link, a folder or a device, lies outside, or cannot be read
 */
export function readWorkFile(top: string, shown: string): FileOnDisk | null {
  const problem = pathProblem(top, shown) ?? fileProblem(top, shown);
  if (problem !== null)
    throw new KnownError(1, "not-a-file", problem, {
      path: shown,
      hint: "Put the file back, and run this again.",
    });
  let descriptor: number;
  try {
    // Should it become a pipe in between, opening it must not wait for a writer.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    descriptor = openSync(inTree(top, shown), flags);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw notWritten(shown, "cannot be read", cause);
  }
  try {
    const { mode, uid, gid, nlink } = fstatSync(descriptor);
    // As numbers, two that are not the same may look the same.
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    const identity = `${dev}:${ino}`;
    return { bytes: readFileSync(descriptor), mode: mode & 0o7777, uid, gid, links: nlink, identity };
  } finally {
    closeSync(descriptor);
  }
}

/** Why what stands at a path is no file that could be written; null for a file, and where nothing stands. */
export function fileProblem(top: string, shown: string): string | null {
  const entry = lookAt(inTree(top, shown));
  if (entry === null || entry.isFile()) return null;
  if (entry.isSymbolicLink()) return "it is a symbolic link";
  return entry.isDirectory() ? "it is a folder" : "it is no regular file";
}

function lookAt(file: Buffer): Stats | null {
  try {
    return lstatSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The second: what should be a folder on the way is a file now.
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/** Removes a file; one that is not there is no error. */
export function removeFile(file: string | Buffer): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/**
 * Whether a new file in this one's place would not be the same file any more: it has several names, or an owner that we
 * cannot give to another file.
 */
export function mustStayInPlace({ uid, gid, links }: FileOnDisk): boolean {
  if (links > 1) return true;
  const own = process.geteuid?.();
  if (own === undefined || own === 0) return false;
  return uid !== own || !(process.getgroups?.() ?? []).includes(gid);
}

/** A new content that waits beside the file for its turn. */
export interface StagedFile {
  readonly shown: string;
  readonly target: Buffer;
  readonly temporary: Buffer;
}

/**
 * Writes a new content beside the file; nothing is changed yet, so a disk that is full is found out here.
 *
 * @param like mode and owner; null for a new file, 0644
 */
export function stageFile(top: string, shown: string, bytes: Buffer, like: FileOnDisk | null): StagedFile {
  const target = inTree(top, shown);
  const name = temporaryName();
  const temporary = Buffer.concat([folderOf(target), Buffer.from(`/${name}`)]);
  try {
    writeNewFile(temporary, bytes, like?.mode ?? 0o644, like);
  } catch (cause) {
    removeFile(temporary);
    throw notWritten(shown, "cannot be written", cause);
  }
  return { shown, target, temporary };
}

/** @throws KnownError (1) where a file may not be written in place */
export function refuseUnwritable(top: string, shown: string): void {
  try {
    accessSync(inTree(top, shown), constants.W_OK);
  } catch (cause) {
    throw notWritten(shown, "cannot be written", cause);
  }
}

/** @throws KnownError (1) where a file may not be removed */
export function refuseUnremovable(top: string, shown: string): void {
  try {
    accessSync(folderOf(inTree(top, shown)), constants.W_OK);
  } catch (cause) {
    throw notWritten(shown, "cannot be removed", cause);
  }
}

/** Puts the new content in the file's place: a reader sees the old one or this. */
export function swapIn({ shown, target, temporary }: StagedFile): void {
  try {
    moveFile(temporary, target);
  } catch (cause) {
    throw notWritten(shown, "cannot be written", cause);
  }
}

export function discard({ temporary }: StagedFile): void {
  removeFile(temporary);
}

/** Writes a file that has several names, which a new file in its place would part. A crash may leave half of it. */
export function writeInPlace(top: string, shown: string, bytes: Buffer): void {
  try {
    const descriptor = openSync(inTree(top, shown), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      writeAll(descriptor, bytes);
      ftruncateSync(descriptor, bytes.length);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw notWritten(shown, "cannot be written", cause);
  }
}

/** Makes a file and sees it onto the disk. */
export function writeNewFile(
  file: string | Buffer,
  bytes: Buffer,
  mode: number,
  owner: { readonly uid: number; readonly gid: number } | null = null,
): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeAll(descriptor, bytes);
    if (owner !== null && !WINDOWS) {
      const own = fstatSync(descriptor);
      if (own.uid !== owner.uid || own.gid !== owner.gid) fchownSync(descriptor, owner.uid, owner.gid);
    }
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
}

/** Renames, and sees the folder onto the disk. */
export function moveFile(from: string | Buffer, to: string | Buffer): void {
  for (const wait of [...RETRIES, null]) {
    try {
      renameSync(from, to);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const held = WINDOWS && (code === "EPERM" || code === "EBUSY" || code === "EACCES");
      if (!held || wait === null) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    }
  }
  syncFolder(folderOf(Buffer.from(to)));
}

/** A file's content, onto the disk. */
export function syncFile(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A folder's names, onto the disk. Windows cannot, and some file systems have no such call. */
export function syncFolder(folder: string | Buffer): void {
  if (WINDOWS) return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EBADF") throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** What the operating system says to a file that could not be read or written, for people. */
export function notWritten(shown: string, what: string, cause: unknown): Error {
  if (cause instanceof KnownError) return cause;
  const reason = systemReason(cause);
  if (reason === null) return cause as Error;
  const { why, hint } = reason;
  return new KnownError(1, "not-writable", `${what}: ${why}`, { path: shown, hint, cause });
}
