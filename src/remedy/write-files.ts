import { mkdirSync } from "node:fs";
import path from "node:path";
import { copyOf } from "./journal.ts";
import type { FileRecord, Run } from "./journal.ts";
import { changedMeanwhile } from "./prepare.ts";
import type { WorkRepository } from "./repository.ts";
import { makeStateFile } from "./state-folder.ts";
import {
  discard,
  notWritten,
  readWorkFile,
  refuseUnwritable,
  stageFile,
  swapIn,
  syncFolder,
  writeInPlace,
} from "./worktree-writer.ts";
import type { StagedFile } from "./worktree-writer.ts";

/** A file of the work tree that gets another content. */
export interface FileWrite {
  readonly record: FileRecord;
  /** What must be there now; null for no file. */
  readonly from: Buffer | null;
  readonly to: Buffer;
  /** What stow makes of the file: what a half-written one is told by. */
  readonly after: Buffer;
}

/** New contents that are all on the disk, and wait for their turn. */
export interface StagedWrites {
  /**
   * Puts them in their places; each file is looked at once more just before.
   *
   * @throws KnownError (1) where one was changed in the meantime or cannot be written; some may be written then
   */
  commit(): void;
  /** Takes away what still waits. */
  discard(): void;
}

/**
 * Writes files of the work tree.
 *
 * @throws KnownError (1) where one was changed in the meantime or cannot be written; some may be written then
 */
export function writeFiles(repo: WorkRepository, run: Run, writes: readonly FileWrite[]): void {
  const staged = stageFiles(repo, run, writes);
  try {
    staged.commit();
  } finally {
    staged.discard();
  }
}

/**
 * Writes new contents beside their files, which shows whether there is room and permission for all.
 *
 * @throws KnownError (1) where there is not; nothing is changed then
 */
export function stageFiles(repo: WorkRepository, run: Run, writes: readonly FileWrite[]): StagedWrites {
  const staged = new Map<FileWrite, StagedFile>();
  const discardAll = (): void => {
    for (const waiting of staged.values()) discard(waiting);
    staged.clear();
  };
  try {
    for (const write of writes) {
      const { path: shown, inPlace } = write.record;
      const like = readWorkFile(repo.top, shown);
      if (!inPlace) staged.set(write, stageFile(repo.top, shown, write.to, like));
      else {
        refuseUnwritable(repo.top, shown);
        makeStateFile(repo.stateDir, copyOf(repo.stateDir, run, write.record), write.after);
      }
    }
  } catch (error) {
    discardAll();
    throw error;
  }
  return { commit: () => commitAll(repo, writes, staged), discard: discardAll };
}

function commitAll(
  { top }: WorkRepository,
  writes: readonly FileWrite[],
  staged: Map<FileWrite, StagedFile>,
): void {
  const done = new Set<string>();
  for (const write of writes) {
    const { path: shown } = write.record;
    const now = readWorkFile(top, shown);
    // Another name of a file that was written a moment ago.
    if (now !== null && done.has(now.identity) && now.bytes.equals(write.to)) continue;
    const same = now === null || write.from === null ? now === write.from : now.bytes.equals(write.from);
    if (!same) throw changedMeanwhile(shown);
    const waiting = staged.get(write);
    if (waiting === undefined) {
      writeInPlace(top, shown, write.to);
      if (now !== null) done.add(now.identity);
    } else {
      swapIn(waiting);
      staged.delete(write);
    }
  }
}

/** Makes the folders that new files need; those that are there are no error. */
export function makeFolders({ top }: WorkRepository, folders: readonly string[]): void {
  for (const folder of folders) {
    const absolute = path.join(top, folder);
    try {
      mkdirSync(absolute);
      syncFolder(path.dirname(absolute));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
        throw notWritten(folder, "cannot be made", cause);
    }
  }
}
