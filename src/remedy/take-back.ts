import { rmdirSync } from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";
import { holdsMore } from "../vault/dotenv-store.ts";
import type { SecretStore } from "../vault/store.ts";
import { ConflictError } from "./conflict.ts";
import type { Examination } from "./examination.ts";
import { examine } from "./examine.ts";
import type { Examined } from "./examine.ts";
import { refuseLocked, writeBlob, writeCleanBlob, writeEntries } from "./index-writer.ts";
import { copyOf, saveRun } from "./journal.ts";
import type { Run } from "./journal.ts";
import { neededElsewhere } from "./others.ts";
import { folderOf, inTree, pathProblem } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { journalOf } from "./unfinished.ts";
import { refuseUnremovable, removeFile, syncFolder } from "./worktree-writer.ts";
import { stageFiles, writeFiles } from "./write-files.ts";
import type { FileWrite } from "./write-files.ts";

/** Lists of names, which keep nothing out of anything. */
const LISTS = /(?:^|\/)(?:stowaway\.secrets\.json|\.env\.[^/]*)$/;
/** A folder that is gone, holds something else, or is none any more. */
const STAYS = new Set(["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"]);

/** What taking a run back needs. */
export interface TakeBackContext extends Examination {
  /** Null where it cannot be used now; then what stow put there stays. */
  readonly store: SecretStore | null;
}

/** What stays although a run is taken back. */
export interface Kept {
  /** Names that stay in the store, with the reason, one clause each. */
  readonly names: ReadonlyMap<string, string>;
  /** Files that keep the store's own file out of git and packages, as that holds more than it did before. */
  readonly rules: readonly string[];
}

/**
 * Takes a run back: looks at everything first, and changes nothing unless all of it is exactly as before the run or as
 * the run left it, and there is room and permission for all that is to be written. May be interrupted and repeated at any
 * point: the run counts as unfinished until it is through.
 *
 * @throws ConflictError where something is neither; KnownError where something cannot be written or the store fails
 */
export async function takeBack(run: Run, context: TakeBackContext): Promise<Kept> {
  const { repo } = context;
  const first = settled(run, context);
  if (first.indexes.length > 0) refuseLocked(first.indexes.map(({ index }) => index));
  if (run.state !== "prepared") saveRun(repo, { ...run, state: "prepared" });
  try {
    putBack(run, context, first);
  } catch (error) {
    throw run.state === "prepared" ? error : stopped(run, context, first, error);
  }
  const again = settled(run, context);
  if (again.indexes.length + again.files.length > 0)
    throw new KnownError(1, "not-restored", "what was put back is not there", {
      hint: "Is another program at work on these files? Stop it, then run stowaway undo.",
    });
  // Only now may the values leave the store, and only then what keeps its file out of git.
  const names = await emptyStore(run, context);
  const rules = await rulesToKeep(run, context, again);
  const goes = again.plain.filter(({ record }) => !rules.includes(record.path));
  restorePlain(run, context, goes);
  removeCopies(repo, run);
  if (run.state === "prepared") forget(repo, run);
  else saveRun(repo, { ...run, state: "undone" });
  return { names, rules };
}

/** The index, then the files; what these need is on the disk before either is touched. */
function putBack(run: Run, { repo }: TakeBackContext, found: Examined): void {
  const { blobs, indexes, files, plain } = found;
  writeBlobs(repo, blobs);
  for (const { record, to } of plain) if (to === null) refuseUnremovable(repo.top, record.path);
  // Those without values come last; that there is room for them is seen now.
  const room = stageFiles(repo, run, plainWrites(plain));
  try {
    const staged = stageFiles(repo, run, files);
    try {
      for (const { index, rows } of indexes) writeEntries(repo, index, rows);
      staged.commit();
    } finally {
      staged.discard();
    }
  } finally {
    room.discard();
  }
}

/** Says whether anything was changed when taking back was stopped; where nothing was, the run is as it was. */
function stopped(run: Run, context: TakeBackContext, first: Examined, error: unknown): unknown {
  if (!(error instanceof KnownError)) return error;
  const { exitCode, code, path: place, cause } = error;
  const now = examine(run, context);
  const untouched =
    now.conflicts.length === 0 &&
    now.files.length === first.files.length &&
    countRows(now) === countRows(first);
  if (untouched) saveRun(context.repo, run);
  const hint = untouched
    ? error.hint
    : `No value is lost: what is not back yet is in ${run.store.label}. Put that right, then run stowaway undo.`;
  const message = untouched ? "so nothing was changed" : `so run ${run.id} is only half taken back`;
  return new KnownError(exitCode, untouched ? code : "half-done", `${error.message}, ${message}`, {
    ...(place !== undefined && { path: place }),
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

const countRows = ({ indexes }: Examined): number => indexes.flatMap(({ rows }) => rows).length;

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

function writeBlobs(repo: WorkRepository, blobs: Examined["blobs"]): void {
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
}

/** @returns names that stay, with the reason */
async function emptyStore(run: Run, context: TakeBackContext): Promise<ReadonlyMap<string, string>> {
  const { repo, store, values } = context;
  if (run.receipt === null || store === null) return new Map();
  const needed = neededElsewhere(repo, run);
  const known = run.secrets.flatMap(({ name }) => {
    const value = values.get(name);
    return value === undefined || needed.has(name) ? [] : [{ name, value }];
  });
  await store.takeBack(known, run.receipt);
  return needed;
}

/** Files that keep the store's own file hidden, where that holds lines of the user's, or values that others need. */
async function rulesToKeep(
  { store, receipt }: Run,
  { repo }: TakeBackContext,
  { plain }: Examined,
): Promise<string[]> {
  const [, file] = /^dotenv:(.+)$/s.exec(store.origin) ?? [];
  if (file === undefined || receipt === null) return [];
  if (!(await holdsMore({ ...repo.place, top: repo.top, file }, receipt))) return [];
  return plain.map(({ record }) => record.path).filter((shown) => !LISTS.test(shown));
}

function plainWrites(plain: Examined["plain"]): FileWrite[] {
  return plain.flatMap(({ to, ...write }) => (to === null ? [] : [{ ...write, to }]));
}

function restorePlain(run: Run, { repo }: TakeBackContext, plain: Examined["plain"]): void {
  writeFiles(repo, run, plainWrites(plain));
  for (const { record, to } of plain) {
    if (to !== null) continue;
    const file = inTree(repo.top, record.path);
    removeFile(file);
    syncFolder(folderOf(file));
  }
  for (const folder of run.folders.toReversed()) {
    // What it is now need not be what was made: another branch may have a link there.
    if (pathProblem(repo.top, folder) !== null) continue;
    try {
      rmdirSync(path.join(repo.top, folder));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!STAYS.has(code ?? "")) throw error;
    }
  }
}

/** Removes what was kept of files that are written in place. */
export function removeCopies({ stateDir }: WorkRepository, run: Run): void {
  for (const record of [...run.plain, ...run.files])
    if (record.inPlace) removeFile(copyOf(stateDir, run, record));
}
