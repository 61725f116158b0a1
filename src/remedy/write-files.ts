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

/**
 * Writes files of the work tree. All new contents are on the disk before the first takes its place, and each file is
 * looked at once more just before.
 *
 * @throws KnownError (1) where one was changed in the meantime or cannot be written; some may be written then
 */
export function writeFiles(repo: WorkRepository, run: Run, writes: readonly FileWrite[]): void {
  const staged = new Map<FileWrite, StagedFile>();
  try {
    for (const write of writes) {
      const { path: shown, inPlace } = write.record;
      const like = readWorkFile(repo.top, shown);
      if (inPlace) makeStateFile(repo.stateDir, copyOf(repo.stateDir, run, write.record), write.after);
      else staged.set(write, stageFile(repo.top, shown, write.to, like));
    }
    for (const write of writes) {
      const { path: shown } = write.record;
      const now = readWorkFile(repo.top, shown)?.bytes ?? null;
      const same = now === null || write.from === null ? now === write.from : now.equals(write.from);
      if (!same) throw changedMeanwhile(shown);
      const waiting = staged.get(write);
      if (waiting === undefined) writeInPlace(repo.top, shown, write.to);
      else {
        swapIn(waiting);
        staged.delete(write);
      }
    }
  } finally {
    for (const waiting of staged.values()) discard(waiting);
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
