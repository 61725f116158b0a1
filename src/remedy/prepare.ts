import { lstatSync } from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";
import type { PlainEdit, SecretEdit, Transaction } from "../model/transaction.ts";
import type { SecretStore, StoreReceipt } from "../vault/store.ts";
import { refuseLocked } from "./index-writer.ts";
import type { JournalKey } from "./journal-key.ts";
import type { FileRecord, Reversal, Run } from "./journal.ts";
import { withoutOwnFilters } from "./own-filters.ts";
import { planIndexes } from "./prepare-index.ts";
import type { IndexToWrite, Remaining } from "./prepare-index.ts";
import { pathProblem } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { stretchBetween } from "./reversal.ts";
import { applySplices } from "./splice.ts";
import type { Values } from "./splice.ts";
import { mustStayInPlace, readWorkFile } from "./worktree-writer.ts";

/** A file with both its contents. */
export interface FileToWrite {
  readonly record: FileRecord;
  readonly before: Buffer | null;
  readonly after: Buffer;
  /** `FileOnDisk.identity`; null where there is no file yet. */
  readonly identity: string | null;
}

/** A run that is ready to be carried out: all is computed, nothing but objects of new contents is written. */
export interface Prepared {
  readonly run: Run;
  readonly plain: readonly FileToWrite[];
  readonly files: readonly FileToWrite[];
  readonly indexes: readonly IndexToWrite[];
  readonly remaining: readonly Remaining[];
}

export interface PrepareContext {
  readonly repo: WorkRepository;
  readonly key: JournalKey;
  readonly store: SecretStore;
  readonly receipt: StoreReceipt | null;
  readonly id: number;
}

/** A value that is shorter may be part of any text by chance. */
const TELLING_LENGTH = 8;

/**
 * Computes all that a transaction writes, and what takes it back.
 *
 * @throws KnownError (1) where a file is no longer what the plan saw, or cannot be changed
 */
export function prepare(tx: Transaction, context: PrepareContext): Prepared {
  const { repo, key, store, receipt, id } = context;
  const values: Values = new Map(tx.secrets.map(({ name, value }) => [name, value]));
  refusePaths(tx, repo.top);
  refuseLocked(repo.indexFiles);
  // What it says, it says before anything is written.
  withoutOwnFilters(repo.place);
  const files = tx.edits.flatMap((edit) => secretFile(edit, context, values) ?? []);
  const plain = tx.plain.flatMap((edit) => plainFile(edit, context) ?? []);
  refuseTwoContents([...plain, ...files]);
  const planned = planIndexes(tx, repo, key, values);
  const run: Run = {
    state: "prepared",
    version: 1,
    id,
    started: new Date().toISOString(),
    projectId: tx.projectId,
    store: { kind: store.kind, label: store.label, origin: store.origin },
    receipt,
    secrets: tx.secrets.map(({ name, value }) => ({ name, mac: key.mac(Buffer.from(value.expose())) })),
    plain: plain.map(({ record }) => record),
    files: files.map(({ record }) => record),
    indexes: planned.records,
    untracked: tx.untrack,
    folders: newFolders(plain, repo.top),
  };
  refuseValues(run, values);
  return { run, plain, files, indexes: planned.writes, remaining: planned.remaining };
}

function refusePaths(tx: Transaction, top: string): void {
  const seen = new Set<string>();
  for (const { path: shown } of [...tx.plain, ...tx.edits]) {
    if (seen.has(shown))
      throw new KnownError(1, "two-changes", "a secret and a list would be changed in the same file", {
        path: shown,
        hint: "Move its secrets first, then run stow again for the rest.",
      });
    seen.add(shown);
  }
  const gone = new Set(tx.untrack);
  if (tx.edits.some((edit) => edit.index !== null && gone.has(edit.path)))
    throw new Error("an entry of the index would be edited and taken out at once");
  for (const shown of [...seen, ...gone]) {
    const problem = pathProblem(top, shown);
    if (problem !== null)
      throw new KnownError(1, "not-editable", `cannot be changed: ${problem}`, { path: shown });
  }
}

/** Two names of one file get the same content, or none. */
function refuseTwoContents(writes: readonly FileToWrite[]): void {
  const contents = new Map<string, FileToWrite>();
  for (const write of writes) {
    if (write.identity === null) continue;
    const other = contents.get(write.identity) ?? write;
    if (!other.after.equals(write.after))
      throw new KnownError(
        1,
        "two-names",
        `is the same file as ${other.record.path} (a hard link), and each would become another`,
        {
          path: write.record.path,
          hint: "Make two files of them, or take the value out by hand.",
        },
      );
    contents.set(write.identity, other);
  }
}

/** @throws KnownError where the file on the disk is another than the plan saw, or may not be written */
function present(top: string, shown: string, before: Buffer | null): ReturnType<typeof readWorkFile> {
  const file = readWorkFile(top, shown);
  const same = file === null || before === null ? file === before : file.bytes.equals(before);
  if (!same) throw changedMeanwhile(shown);
  // A rename would replace it all the same, and root may write anything.
  if (file !== null && (file.mode & 0o222) === 0)
    throw new KnownError(1, "not-writable", "the file is read-only", {
      path: shown,
      hint: "Make it writable, and run this again.",
    });
  return file;
}

export function changedMeanwhile(shown: string): KnownError {
  return new KnownError(1, "changed-meanwhile", "was changed in the meantime", {
    path: shown,
    hint: "Save what is open in an editor, and run this again.",
  });
}

function secretFile(edit: SecretEdit, { repo, key }: PrepareContext, values: Values): FileToWrite | null {
  if (edit.worktree === null) return null;
  const { before, splices } = edit.worktree;
  const file = present(repo.top, edit.path, before);
  const after = applySplices(before, splices, edit.encoding, values);
  const reversal: Reversal = { kind: "splices", encoding: edit.encoding, splices };
  const record = {
    path: edit.path,
    before: key.mac(before),
    after: key.mac(after),
    reversal,
    inPlace: file !== null && mustStayInPlace(file),
  };
  return { record, before, after, identity: file?.identity ?? null };
}

function plainFile(edit: PlainEdit, { repo, key }: PrepareContext): FileToWrite | null {
  if (edit.worktree === null) return null;
  const { before, after } = edit.worktree;
  const file = present(repo.top, edit.path, before);
  const record = {
    path: edit.path,
    before: before === null ? null : key.mac(before),
    after: key.mac(after),
    reversal: before === null ? ({ kind: "none" } as const) : stretchBetween(before, after),
    inPlace: file !== null && mustStayInPlace(file),
  };
  return { record, before, after, identity: file?.identity ?? null };
}

/** Folders that do not exist yet, the outer ones first. */
function newFolders(plain: readonly FileToWrite[], top: string): string[] {
  const folders = new Set<string>();
  for (const { record } of plain) {
    const parts = record.path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join("/");
      if (lstatSync(path.join(top, folder), { throwIfNoEntry: false }) === undefined) folders.add(folder);
    }
  }
  return [...folders];
}

/** The last line of defence: whatever the plan says, no value gets into the journal. */
function refuseValues(run: Run, values: Values): void {
  const telling = [...values.values()]
    .map((value) => value.expose())
    .filter((value) => value.length >= TELLING_LENGTH);
  const holds = (text: string): boolean => telling.some((value) => text.includes(value));
  const holdsBytes = (base64: string): boolean => holds(Buffer.from(base64, "base64").toString("latin1"));
  const entries = run.indexes.flatMap((index) => index.entries);
  for (const { path: shown, reversal } of [...run.plain, ...run.files, ...entries]) {
    const pieces =
      reversal.kind === "splices"
        ? reversal.splices.flatMap(({ before, after }) => [
            ...before.filter((piece) => typeof piece === "string"),
            after,
          ])
        : [];
    if (pieces.some(holds) || (reversal.kind === "stretch" && holdsBytes(reversal.old)))
      throw new KnownError(
        1,
        "value-in-journal",
        "holds a value in a place that would be noted in plain text",
        {
          path: shown,
          hint: "Take the value out of there by hand, then run stow again.",
        },
      );
  }
}
