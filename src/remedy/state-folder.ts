import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { temporaryName } from "../vault/durable.ts";
import { moveFile, notWritten, removeFile, writeNewFile } from "./worktree-writer.ts";

/** `temporaryName` of the vault, and those that a lock makes, by the shorter id of its holder. */
const TEMPORARY = /^\.stowaway-[0-9a-f]{12}(?:[0-9a-f]{4})?\.tmp$/;
/** Copies of files that are written in place go with their run. */
const COPY = /^\d+\.\d+\.copy$/;

/** Makes our folder in the git directory; nobody else may look into it. */
export function makeStateFolder(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    chmodSync(stateDir, 0o700);
  } catch (cause) {
    throw notWritten(stateDir, "cannot be made", cause);
  }
}

/** Writes a file of ours so that a crash leaves the old one or the new one. */
export function makeStateFile(stateDir: string, file: string, bytes: Buffer): void {
  makeStateFolder(stateDir);
  const temporary = path.join(stateDir, temporaryName());
  try {
    writeNewFile(temporary, bytes, 0o600);
    moveFile(temporary, file);
  } catch (cause) {
    removeFile(temporary);
    throw notWritten(file, "cannot be written", cause);
  }
}

/**
 * Removes temporary files of ours that a crash has left.
 *
 * @param folder need not exist
 */
export function sweep(folder: Buffer): void {
  for (const name of namesIn(folder)) {
    if (TEMPORARY.test(name.toString("latin1"))) removeFile(Buffer.concat([folder, Buffer.from("/"), name]));
  }
}

/** Whether a crash has left files in our own folder that nobody needs. */
export function isLittered(stateDir: string): boolean {
  const names = namesIn(Buffer.from(stateDir)).map((name) => name.toString("latin1"));
  return names.some((name) => TEMPORARY.test(name) || COPY.test(name));
}

function namesIn(folder: Buffer): Buffer[] {
  try {
    return readdirSync(folder, { encoding: "buffer" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
