import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";
import type { Conflict } from "./conflict.ts";
import { lackOf } from "./examination.ts";
import type { Examination } from "./examination.ts";
import { blobId, missingObjects, readBlob, readEntries, sameEntry } from "./index-reader.ts";
import type { IndexEntry, Indexed } from "./index-reader.ts";
import { cleanId } from "./index-writer.ts";
import type { IndexRow } from "./index-writer.ts";
import type { EntryRecord, FileRecord, Run } from "./journal.ts";
import { openEntry } from "./prepare-index.ts";
import { isText, pathBytes, pathProblem } from "./raw-path.ts";
import type { IndexFile, WorkRepository } from "./repository.ts";
import { reverse } from "./reversal.ts";
import { fileProblem, readWorkFile } from "./worktree-writer.ts";

export interface IndexRestoration {
  readonly index: IndexFile;
  readonly rows: readonly IndexRow[];
}

/** An object that an entry needs again, and that git has thrown away. */
export interface LostBlob {
  readonly path: string;
  readonly oid: string;
  readonly bytes: Buffer;
  /** Whether git's filters make the object of these bytes. */
  readonly clean: boolean;
}

interface Found {
  readonly blobs: readonly LostBlob[];
  readonly indexes: readonly IndexRestoration[];
}

interface Pair {
  readonly record: EntryRecord;
  readonly before: IndexEntry | null;
  readonly after: IndexEntry | null;
}

/**
 * Compares the entries that a run wrote with what they were before and after.
 *
 * The lock files that a `git commit` works with (see `indexFilesOf`) are gone when it is through, and what they held has
 * become the index's, or nothing. So an entry of the index may be as the run left it there or in one of those files.
 *
 * @param conflicts gets those that are found
 */
export function examineIndexes(run: Run, examination: Examination, conflicts: Conflict[]): Found {
  const { repo, key } = examination;
  const pairs = run.indexes.map(({ file, entries }) => ({
    file: path.resolve(repo.gitDir, file),
    pairs: entries.map((record): Pair => {
      return { record, before: openEntry(key, record.before), after: openEntry(key, record.after) };
    }),
  }));
  const paths = [...new Set(run.indexes.flatMap(({ entries }) => entries.map((entry) => entry.path)))];
  const wanted: { pair: Pair; now: Indexed }[] = [];
  const files = pairs.map(({ file }) => file);
  const indexes = targets(files, repo).map((index) => {
    const entries = readEntries(repo, index, paths);
    const own = pairs.find(({ file }) => file === index.file)?.pairs ?? [];
    const others = pairs.filter(({ file }) => file !== index.file).flatMap((each) => each.pairs);
    const rows = paths.flatMap((shown): IndexRow[] => {
      const now = entries.get(shown) ?? null;
      const found = settle(now, pairOf(own, shown), pairsOf(others, shown));
      if (found === "conflict") {
        const [pair] = pairsOf(own, shown);
        const reversal = pair?.record.reversal ?? { kind: "none" };
        const why = "has something else staged since";
        conflicts.push({ path: shown, why, lacksValue: false, reversal, now: null });
      }
      if (found === "as-before" || found === "conflict") return [];
      wanted.push({ pair: found, now });
      return [{ path: shown, entry: found.before }];
    });
    return { index, rows };
  });
  return {
    indexes: indexes.filter(({ rows }) => rows.length > 0),
    blobs: lostBlobs(
      run,
      wanted.map(({ pair }) => pair),
      examination,
      conflicts,
    ),
  };
}

const pairsOf = (pairs: readonly Pair[], shown: string): Pair[] =>
  pairs.filter(({ record }) => record.path === shown);

const pairOf = (pairs: readonly Pair[], shown: string): Pair | null => pairsOf(pairs, shown)[0] ?? null;

function settle(now: Indexed, own: Pair | null, others: readonly Pair[]): Pair | "as-before" | "conflict" {
  if (own !== null && sameEntry(now, own.before)) return flagsDiffer(now, own.before) ? own : "as-before";
  if (own !== null && sameEntry(now, own.after)) return own;
  const moved = others.find(({ after }) => sameEntry(now, after));
  if (moved !== undefined) return moved;
  if (own === null || others.some(({ before }) => sameEntry(now, before))) return "as-before";
  return "conflict";
}

/** A crash between writing an entry and the bits that git dropped. */
function flagsDiffer(now: Indexed, before: IndexEntry | null): boolean {
  if (now === null || now === "unmerged" || before === null) return false;
  return (
    now.flags.skipWorktree !== before.flags.skipWorktree ||
    now.flags.assumeUnchanged !== before.flags.assumeUnchanged
  );
}

/**
 * The indexes to look at: those that are in use now, and those of the run that are still there.
 *
 * @throws KnownError (1) where one of the run's lies outside of the repository, and git does not use it now
 */
function targets(files: readonly string[], { indexFiles, gitDir, commonDir }: WorkRepository): IndexFile[] {
  const now = new Set(indexFiles.map(({ file }) => file));
  // A lock file that is not this commit's is another git's, whatever it holds.
  const still = files.filter(
    (file) => !now.has(file) && !path.basename(file).endsWith(".lock") && existsSync(file),
  );
  const foreign = still.find((file) => ![gitDir, commonDir].some((folder) => isInside(file, folder)));
  if (foreign !== undefined)
    throw new KnownError(1, "other-index", "the run wrote another index than the one in use now", {
      path: foreign,
      hint: "Set GIT_INDEX_FILE to it, and repeat this.",
    });
  return [...indexFiles, ...still.map((file) => ({ file, held: false }))];
}

function isInside(file: string, folder: string): boolean {
  const way = path.relative(realpathSync(folder), realpathSync(file));
  return way !== "" && way.split(path.sep)[0] !== ".." && !path.isAbsolute(way);
}

function lostBlobs(
  run: Run,
  pairs: readonly Pair[],
  examination: Examination,
  conflicts: Conflict[],
): LostBlob[] {
  const { repo, values } = examination;
  const missing = missingObjects(
    repo,
    pairs.flatMap(({ before }) => (before === null || before.mode === "160000" ? [] : [before.oid])),
  );
  return pairs.flatMap(({ record, before, after }): LostBlob[] => {
    if (before === null || !missing.has(before.oid)) return [];
    const { path: shown, reversal } = record;
    const lack = lackOf(reversal, examination);
    const onDisk = contentsOnDisk(run, shown, examination);
    const same = sameContent(repo, shown, before.oid, onDisk);
    if (same !== null) return [{ path: shown, oid: before.oid, ...same }];
    const source = reversal.kind === "clean" ? (onDisk.at(-1) ?? null) : after && readBlob(repo, after.oid);
    const made =
      source === null || lack !== null
        ? null
        : reversal.kind === "clean"
          ? source
          : reverse(source, reversal, values);
    if (made !== null)
      return [{ path: shown, oid: before.oid, bytes: made, clean: reversal.kind === "clean" }];
    const why = lack ?? "git has thrown away what was staged, and it cannot be made again";
    conflicts.push({ path: shown, why, lacksValue: lack !== null, reversal, now: null });
    return [];
  });
}

/** Of some contents, the one that an object was made of. */
function sameContent(
  repo: WorkRepository,
  shown: string,
  oid: string,
  contents: readonly Buffer[],
): Pick<LostBlob, "bytes" | "clean"> | null {
  const raw = contents.find((bytes) => blobId(bytes, oid) === oid);
  if (raw !== undefined) return { bytes: raw, clean: false };
  // Line ends may have been changed on the way, say.
  const cleaned = isText(pathBytes(shown))
    ? contents.find((bytes) => cleanId(repo, shown, bytes) === oid)
    : undefined;
  return cleaned === undefined ? null : { bytes: cleaned, clean: true };
}

/** The file on the disk as it is, and, last, as it was before the run, if it can be told. */
function contentsOnDisk(run: Run, shown: string, examination: Examination): Buffer[] {
  const { repo, key, values } = examination;
  // What stands there may be anything now, a folder say.
  if (pathProblem(repo.top, shown) !== null || fileProblem(repo.top, shown) !== null) return [];
  const now = readWorkFile(repo.top, shown)?.bytes;
  if (now === undefined) return [];
  const record: FileRecord | undefined = run.files.find((file) => file.path === shown);
  if (record === undefined || key.mac(now) === record.before) return [now];
  const before = lackOf(record.reversal, examination) === null ? reverse(now, record.reversal, values) : null;
  return before === null ? [] : [now, before];
}
