import { rmdirSync } from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";
import type { SecretStore } from "../vault/store.ts";
import { ConflictError } from "./conflict.ts";
import type { Examination } from "./examination.ts";
import { examine } from "./examine.ts";
import type { Examined } from "./examine.ts";
import { refuseLocked, writeBlob, writeCleanBlob, writeEntries } from "./index-writer.ts";
import { copyOf, saveRun } from "./journal.ts";
import type { Run } from "./journal.ts";
import { folderOf, inTree } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { journalOf } from "./unfinished.ts";
import { removeFile, syncFolder } from "./worktree-writer.ts";
import { writeFiles } from "./write-files.ts";

/** What taking a run back needs. */
export interface TakeBackContext extends Examination {
  /** Null where it cannot be used now; then what stow put there stays. */
  readonly store: SecretStore | null;
}

/**
 * Takes a run back: looks at everything first, and changes nothing unless all of it is exactly as before the run or as
 * the run left it. May be interrupted and repeated at any point: the run counts as unfinished until it is through.
 *
 * @throws ConflictError where something is neither; KnownError where something cannot be written or the store fails
 */
export async function takeBack(run: Run, context: TakeBackContext): Promise<void> {
  const { repo } = context;
  const first = settled(run, context);
  if (first.indexes.length > 0) refuseLocked(first.indexes.map(({ index }) => index));
  if (run.state !== "prepared") saveRun(repo.stateDir, { ...run, state: "prepared" });
  restoreIndexes(context, first);
  writeFiles(repo, run, first.files);
  const again = settled(run, context);
  if (again.indexes.length + again.files.length > 0)
    throw new KnownError(1, "not-restored", "what was put back is not there", {
      hint: "Is another program at work on these files? Stop it, then run stowaway undo.",
    });
  // Only now may the values leave the store, and only then what keeps its file out of git.
  await emptyStore(run, context);
  restorePlain(run, context, again);
  removeCopies(repo, run);
  if (run.state === "prepared") forget(repo, run);
  else saveRun(repo.stateDir, { ...run, state: "undone" });
}

/** It is as if the run had never been; and a full disk has no room for a journal. */
function forget({ stateDir }: WorkRepository, run: Run): void {
  removeFile(journalOf(stateDir, run.id));
  syncFolder(stateDir);
}

function settled(run: Run, context: TakeBackContext): Examined {
  const found = examine(run, context);
  if (found.conflicts.length > 0) throw new ConflictError(run, found.conflicts);
  return found;
}

function restoreIndexes({ repo }: TakeBackContext, { blobs, indexes }: Examined): void {
  for (const { path: shown, oid, bytes, clean } of blobs) {
    const written = clean ? writeCleanBlob(repo, shown, bytes) : writeBlob(repo, bytes);
    if (written !== oid)
      throw new KnownError(
        1,
        "object-gone",
        "git has thrown away what was staged, and it cannot be made again",
        {
          path: shown,
        },
      );
  }
  for (const { index, rows } of indexes) writeEntries(repo, index, rows);
}

async function emptyStore(run: Run, { store, values }: TakeBackContext): Promise<void> {
  if (run.receipt === null || store === null) return;
  const known = run.secrets.flatMap(({ name }) => {
    const value = values.get(name);
    return value === undefined ? [] : [{ name, value }];
  });
  await store.takeBack(known, run.receipt);
}

function restorePlain(run: Run, { repo }: TakeBackContext, { plain }: Examined): void {
  const kept = plain.flatMap(({ to, ...write }) => (to === null ? [] : [{ ...write, to }]));
  writeFiles(repo, run, kept);
  for (const { record, to } of plain) {
    if (to !== null) continue;
    const file = inTree(repo.top, record.path);
    removeFile(file);
    syncFolder(folderOf(file));
  }
  for (const folder of run.folders.toReversed()) {
    try {
      rmdirSync(path.join(repo.top, folder));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    }
  }
}

/** Removes what was kept of files that are written in place. */
export function removeCopies({ stateDir }: WorkRepository, run: Run): void {
  for (const record of [...run.plain, ...run.files])
    if (record.inPlace) removeFile(copyOf(stateDir, run, record));
}
