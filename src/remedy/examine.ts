import { readFileSync } from "node:fs";
import { KnownError } from "../model/errors.ts";
import type { Conflict } from "./conflict.ts";
import { lackOf } from "./examination.ts";
import type { Examination } from "./examination.ts";
import { examineIndexes } from "./examine-index.ts";
import type { IndexRestoration, LostBlob } from "./examine-index.ts";
import { copyOf } from "./journal.ts";
import type { FileRecord, Run } from "./journal.ts";
import type { WorkRepository } from "./repository.ts";
import { isTorn, reverse } from "./reversal.ts";
import { readWorkFile } from "./worktree-writer.ts";

/** A file that is as the run left it, or half-written. */
interface FileRestoration {
  readonly record: FileRecord;
  readonly from: Buffer;
  /** Null where there was no file. */
  readonly to: Buffer | null;
  readonly after: Buffer;
}

/** What has to be done to take a run back. */
export interface Examined {
  readonly files: readonly (FileRestoration & { readonly to: Buffer })[];
  readonly plain: readonly FileRestoration[];
  readonly blobs: readonly LostBlob[];
  readonly indexes: readonly IndexRestoration[];
  readonly conflicts: readonly Conflict[];
}

/** Compares everything that a run wrote with what it was before and after; changes nothing. */
export function examine(run: Run, examination: Examination): Examined {
  const conflicts: Conflict[] = [];
  const look = (record: FileRecord): FileRestoration[] => {
    const found = examineFile(run, record, examination);
    if (found === null) return [];
    if ("why" in found) conflicts.push(found);
    return "why" in found ? [] : [found];
  };
  const files = run.files.flatMap(look).flatMap(({ to, ...rest }) => (to === null ? [] : [{ ...rest, to }]));
  const plain = run.plain.flatMap(look);
  const indexes = examineIndexes(run, examination, conflicts);
  return { files, plain, ...indexes, conflicts };
}

/** @returns null where the file is as it was before the run */
function examineFile(
  run: Run,
  record: FileRecord,
  examination: Examination,
): FileRestoration | Conflict | null {
  const { repo, key, values } = examination;
  const now = present(repo, record.path);
  if (now instanceof KnownError) return conflict(record, now.message, null);
  if (now === null) return record.before === null ? null : conflict(record, GONE, null);
  const digest = key.mac(now);
  if (digest === record.before) return null;
  const after = digest === record.after ? now : writtenCopy(run, record, examination);
  if (after === null) return conflict(record, "was edited since", now);
  if (record.before === null)
    return after === now ? { record, from: now, to: null, after } : conflict(record, "was edited since", now);
  const lack = lackOf(record.reversal, examination);
  if (lack !== null) return { ...conflict(record, lack, now), lacksValue: true };
  const to = reverse(after, record.reversal, values);
  if (to === null || key.mac(to) !== record.before)
    return conflict(record, "cannot be put together again from what stow noted", now);
  if (after !== now && !isTorn(now, after, to) && !isTorn(now, to, after))
    return conflict(record, "was edited since", now);
  return { record, from: now, to, after };
}

const GONE = "is not there any more: deleted, renamed, or another branch is checked out";

function conflict(record: FileRecord, why: string, now: Buffer | null): Conflict {
  return { path: record.path, why, lacksValue: false, reversal: record.reversal, now };
}

function present({ top }: WorkRepository, shown: string): Buffer | null | KnownError {
  try {
    return readWorkFile(top, shown)?.bytes ?? null;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

/** The new content of a file that is written in place, of which there may be half in the work tree. */
function writtenCopy(run: Run, record: FileRecord, { repo, key }: Examination): Buffer | null {
  if (!record.inPlace || run.state !== "prepared") return null;
  try {
    const copy = readFileSync(copyOf(repo.stateDir, run, record));
    return key.mac(copy) === record.after ? copy : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
