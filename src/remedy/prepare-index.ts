import path from "node:path";
import { KnownError } from "../model/errors.ts";
import type { Transaction } from "../model/transaction.ts";
import { blobId, readBlob, readEntries, sameEntry } from "./index-reader.ts";
import type { IndexEntry, Indexed } from "./index-reader.ts";
import { cleanId, writeBlob, writeCleanBlob } from "./index-writer.ts";
import type { IndexRow } from "./index-writer.ts";
import type { JournalKey } from "./journal-key.ts";
import type { EntryRecord, IndexRecord, Reversal } from "./journal.ts";
import { isText, pathBytes } from "./raw-path.ts";
import type { IndexFile, WorkRepository } from "./repository.ts";
import { relocate } from "./relocate.ts";
import { stretchBetween } from "./reversal.ts";
import { applySplices, rangesOf } from "./splice.ts";
import type { Values } from "./splice.ts";

export interface IndexToWrite {
  readonly index: IndexFile;
  readonly rows: readonly IndexRow[];
  /** The entries that these replace. */
  readonly before: readonly IndexRow[];
}

/** A version of a file that still holds a value and that cannot be edited with the others. */
export interface Remaining {
  readonly path: string;
  /** The index it stands in. */
  readonly index: string;
}

/** What becomes of one path in the index that the commit is made from. */
interface EntryChange {
  readonly path: string;
  readonly before: IndexEntry | null;
  readonly after: IndexEntry | null;
  readonly reversal: Reversal;
  /** How the same is done to another version of the file; null where that is not possible. */
  readonly elsewhere: ((other: IndexEntry) => { after: IndexEntry; reversal: Reversal } | null) | null;
}

interface PlannedIndexes {
  readonly records: readonly IndexRecord[];
  readonly writes: readonly IndexToWrite[];
  readonly remaining: readonly Remaining[];
}

/** Seals an entry for the journal: its object's id is a digest of a content with a value. */
function sealEntry(key: JournalKey, entry: IndexEntry | null): string | null {
  return entry === null ? null : key.seal(JSON.stringify(entry));
}

export function openEntry(key: JournalKey, sealed: string | null): IndexEntry | null {
  return sealed === null ? null : (JSON.parse(key.open(sealed)) as IndexEntry);
}

/**
 * Plans the entries of every index, and writes the objects of the new contents.
 *
 * @throws KnownError (1) where an entry is no longer what the plan saw
 */
export function planIndexes(
  tx: Transaction,
  repo: WorkRepository,
  key: JournalKey,
  values: Values,
): PlannedIndexes {
  const [primary, ...others] = repo.indexFiles;
  const paths = [
    ...tx.edits.filter(({ index }) => index !== null).map((edit) => edit.path),
    ...tx.plain.filter(({ index }) => index !== null).map((edit) => edit.path),
    ...tx.untrack,
  ];
  if (primary === undefined || paths.length === 0) return { records: [], writes: [], remaining: [] };
  const entries = readEntries(repo, primary, paths);
  const changes = changesOf(tx, repo, values, (shown) => single(shown, entries.get(shown) ?? null));
  const planned = [plan(repo, primary, changes, key)];
  const remaining: Remaining[] = [];
  for (const index of others) {
    const there = readEntries(repo, index, paths);
    const moved = changes.flatMap((change) => {
      const entry = there.get(change.path) ?? null;
      if (sameEntry(entry, change.before)) return [withFlags(change, entry)];
      if (entry === null || entry === "unmerged") return [];
      if (change.after === null) return [{ ...change, before: entry }];
      const same = isFile(entry) ? (change.elsewhere?.(entry) ?? null) : null;
      if (same !== null) return [{ ...change, before: entry, ...same }];
      if (isFile(entry) && holdsValue(readBlob(repo, entry.oid), values))
        remaining.push({ path: change.path, index: index.file });
      return [];
    });
    planned.push(plan(repo, index, moved, key));
  }
  return {
    records: planned.map(({ record }) => record),
    writes: planned.map(({ write }) => write),
    remaining,
  };
}

function withFlags(change: EntryChange, entry: Indexed): EntryChange {
  if (entry === null || entry === "unmerged" || change.after === null) return change;
  return { ...change, before: entry, after: { ...change.after, flags: entry.flags } };
}

const isFile = ({ mode }: IndexEntry): boolean => mode.startsWith("100");

function single(shown: string, entry: Indexed): IndexEntry | null {
  if (entry === "unmerged")
    throw new KnownError(1, "unmerged", "has a conflict that is not resolved", {
      path: shown,
      hint: "Resolve it, and run this again.",
    });
  return entry;
}

function plan(
  { gitDir }: WorkRepository,
  index: IndexFile,
  changes: readonly EntryChange[],
  key: JournalKey,
): { record: IndexRecord; write: IndexToWrite } {
  const entries = changes.map((change): EntryRecord => ({
    path: change.path,
    before: sealEntry(key, change.before),
    after: sealEntry(key, change.after),
    reversal: change.reversal,
  }));
  return {
    record: { file: path.dirname(index.file) === gitDir ? path.basename(index.file) : index.file, entries },
    write: {
      index,
      rows: changes.map((change) => ({ path: change.path, entry: change.after })),
      before: changes.map((change) => ({ path: change.path, entry: change.before })),
    },
  };
}

type Look = (shown: string) => IndexEntry | null;

function changesOf(tx: Transaction, repo: WorkRepository, values: Values, look: Look): EntryChange[] {
  return [
    ...tx.edits.flatMap((edit) => secretEntry(edit, repo, values, look) ?? []),
    ...tx.plain.flatMap((edit) => plainEntry(edit, repo, look) ?? []),
    ...tx.untrack.flatMap((shown): EntryChange[] => {
      const before = look(shown);
      const reversal = { kind: "none" } as const;
      return before === null ? [] : [{ path: shown, before, after: null, reversal, elsewhere: null }];
    }),
  ];
}

function secretEntry(
  edit: Transaction["edits"][number],
  repo: WorkRepository,
  values: Values,
  look: Look,
): EntryChange | null {
  const { path: shown, encoding, index, worktree } = edit;
  if (index === null) return null;
  const before = look(shown);
  if (before === null || !isFile(before) || before.flags.intentToAdd) throw stagedMeanwhile(shown);
  if ("clean" in index) {
    if (worktree === null)
      throw new Error("a filtered entry is made from the file on the disk, which is not edited");
    if (!isText(pathBytes(shown)) || cleanId(repo, shown, worktree.before) !== before.oid)
      throw new KnownError(
        1,
        "filtered",
        "a filter changes this file, and what is staged is not what is on the disk",
        {
          path: shown,
          hint: "Stage all of the file (git add), and run this again.",
        },
      );
    const after = applySplices(worktree.before, worktree.splices, encoding, values);
    const oid = writeCleanBlob(repo, shown, after);
    return { path: shown, before, after: { ...before, oid }, reversal: { kind: "clean" }, elsewhere: null };
  }
  if (blobId(index.before, before.oid) !== before.oid) throw stagedMeanwhile(shown);
  const after = applySplices(index.before, index.splices, encoding, values);
  return {
    path: shown,
    before,
    after: { ...before, oid: writeBlob(repo, after) },
    reversal: { kind: "splices", encoding, splices: index.splices },
    elsewhere: (entry) => {
      const other = readBlob(repo, entry.oid);
      const places = relocate(index.before, rangesOf(index.splices, encoding, values), other);
      if (places === null) return null;
      const splices = index.splices.map((splice, at) => ({ ...splice, at: places[at] ?? splice.at }));
      const made = applySplices(other, splices, encoding, values);
      if (holdsValue(made, values)) return null;
      return {
        after: { ...entry, oid: writeBlob(repo, made) },
        reversal: { kind: "splices", encoding, splices },
      };
    },
  };
}

/** The same stretch, in another version of a file. */
function stretchElsewhere(before: Buffer, after: Buffer, other: Buffer): Buffer | null {
  const stretch = stretchBetween(before, after);
  const length = Buffer.from(stretch.old, "base64").length;
  const [at] = relocate(before, [{ at: stretch.at, length }], other) ?? [];
  if (at === undefined) return null;
  const text = after.subarray(stretch.at, stretch.at + stretch.length);
  return Buffer.concat([other.subarray(0, at), text, other.subarray(at + length)]);
}

function plainEntry(
  edit: Transaction["plain"][number],
  repo: WorkRepository,
  look: Look,
): EntryChange | null {
  const { path: shown, index } = edit;
  if (index === null) return null;
  const before = look(shown);
  // Only intended to be added: nothing is staged, so nothing is added to it.
  if (before?.flags.intentToAdd === true) return null;
  const same =
    before === null || index.before === null
      ? before === index.before
      : isFile(before) && blobId(index.before, before.oid) === before.oid;
  if (!same) throw stagedMeanwhile(shown);
  const flags = { skipWorktree: false, assumeUnchanged: false, intentToAdd: false };
  const oid = writeBlob(repo, index.after);
  const after = before === null ? { mode: "100644", oid, flags } : { ...before, oid };
  const old = index.before;
  return {
    path: shown,
    before,
    after,
    reversal: old === null ? { kind: "none" } : stretchBetween(old, index.after),
    elsewhere:
      old === null
        ? null
        : (entry) => {
            const other = readBlob(repo, entry.oid);
            const made = stretchElsewhere(old, index.after, other);
            return made === null
              ? null
              : { after: { ...entry, oid: writeBlob(repo, made) }, reversal: stretchBetween(other, made) };
          },
  };
}

function stagedMeanwhile(shown: string): KnownError {
  return new KnownError(1, "changed-meanwhile", "something else was staged of it in the meantime", {
    path: shown,
    hint: "Run this again.",
  });
}

function holdsValue(bytes: Buffer, values: Values): boolean {
  return [...values.values()].some((value) =>
    (["utf8", "utf16le"] as const).some((encoding) => bytes.includes(Buffer.from(value.expose(), encoding))),
  );
}
