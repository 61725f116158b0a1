import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { IncompleteError } from "../model/errors.ts";
import type { FileEncoding, Splice, StoreKind } from "../model/transaction.ts";
import type { StoreReceipt } from "../vault/store.ts";
import { isRun } from "./journal-shape.ts";
import type { WorkRepository } from "./repository.ts";
import { makeStateFile } from "./state-folder.ts";
import { journalOf, runIds } from "./unfinished.ts";
import { userKey } from "./user-key.ts";

/** Where journals are, and whose they are. */
type Place = Pick<WorkRepository, "place" | "stateDir">;

/** A keyed digest of all that stands before it ends a journal. */
const SEAL = ',"seal":"';
const SEALED = /^(\{.*),"seal":"([0-9a-f]{64})"\}\n$/s;

/**
 * How far a run is. `prepared`: it may have changed anything, and is to be taken back; `applied`: done; `undone`: taken
 * back; `closed`: the user said to leave things as they are.
 */
type RunState = "prepared" | "applied" | "undone" | "closed";

/** How an old content is made of the new one. */
export type Reversal =
  | { readonly kind: "splices"; readonly encoding: FileEncoding; readonly splices: readonly Splice[] }
  /** One stretch of bytes, in a file without values: where it is, its length now, and the old bytes as base64. */
  | { readonly kind: "stretch"; readonly at: number; readonly length: number; readonly old: string }
  /** An index entry that git's filters make of the file on the disk. */
  | { readonly kind: "clean" }
  /** There was none, or its object is to be had still. */
  | { readonly kind: "none" };

/** A file of the work tree. */
export interface FileRecord {
  readonly path: string;
  /** Keyed digest of the content; null where there was no file. */
  readonly before: string | null;
  readonly after: string;
  readonly reversal: Reversal;
  /** Whether it is written in place, so that a crash may leave half of each; the new content stands beside the journal. */
  readonly inPlace: boolean;
}

/** A path in one index; entries are sealed (`JournalKey`), null where there is none. */
export interface EntryRecord {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly reversal: Reversal;
}

export interface IndexRecord {
  /** Relative to the git directory, so that a repository can be moved; absolute where it lies elsewhere. */
  readonly file: string;
  readonly entries: readonly EntryRecord[];
}

/** One `stow`, with all that is needed to take it back; no value, and no digest that a guess could be tried against. */
export interface Run {
  /** First in the file: `hasUnfinished` reads no further. */
  readonly state: RunState;
  readonly version: 1;
  /** Counts up from 1 within a work tree. */
  readonly id: number;
  /** ISO 8601. */
  readonly started: string;
  readonly projectId: string;
  readonly store: { readonly kind: StoreKind; readonly label: string; readonly origin: string };
  /** Null where no value was moved. */
  readonly receipt: StoreReceipt | null;
  /** Names with keyed digests of the values. */
  readonly secrets: readonly { readonly name: string; readonly mac: string }[];
  /** Files without values, which are written before the store. */
  readonly plain: readonly FileRecord[];
  /** Files that lose values. */
  readonly files: readonly FileRecord[];
  readonly indexes: readonly IndexRecord[];
  readonly untracked: readonly string[];
  /** Folders that are made for new files, relative to the top, the outer ones first. */
  readonly folders: readonly string[];
}

/** Where the new content of a file that is written in place is kept until the run is through. */
export function copyOf(stateDir: string, run: Run, record: FileRecord): string {
  const number = [...run.plain, ...run.files].indexOf(record);
  return path.join(stateDir, `${run.id}.${number}.copy`);
}

/** Writes a run's journal; once this returns, it is on the disk. */
export function saveRun({ place, stateDir }: Place, { state, ...rest }: Run): void {
  const body = JSON.stringify({ state, ...rest });
  const key = userKey(place.env, true);
  if (key === null) throw new Error("a key was made, and is not there");
  const text = `${body.slice(0, -1)}${SEAL}${macOf(key, body)}"}\n`;
  makeStateFile(stateDir, journalOf(stateDir, rest.id), Buffer.from(text));
}

/**
 * Reads every run of a work tree, the oldest first. A journal says what to write where, so it is followed only if this
 * user has written it on this machine: it may have come with the repository.
 *
 * @throws IncompleteError where a journal cannot be read, or is another's
 */
export function readRuns({ place, stateDir }: Place): Run[] {
  const ids = runIds(stateDir);
  const key = ids.length === 0 ? null : userKey(place.env, false);
  return ids.map((id) => {
    const file = journalOf(stateDir, id);
    const body = openBody(file, readFileSync(file, "utf8"), key);
    let run: unknown;
    try {
      run = JSON.parse(body);
    } catch (cause) {
      throw damaged(file, cause);
    }
    if (!isRun(run) || run.id !== id) throw damaged(file, undefined);
    return run;
  });
}

/** The journal without its seal. */
function openBody(file: string, text: string, key: Buffer | null): string {
  const [, front, seal] = SEALED.exec(text) ?? [];
  if (front === undefined || seal === undefined) throw damaged(file, undefined);
  const body = `${front}}`;
  if (key !== null && timingSafeEqual(Buffer.from(macOf(key, body)), Buffer.from(seal))) return body;
  throw new IncompleteError(
    "journal-foreign",
    "this journal was not written by you on this machine, so it is not followed",
    {
      path: path.dirname(file),
      hint: "If it came with a copy of the repository, move this folder away: what it notes can be taken back by hand only.",
    },
  );
}

function macOf(key: Buffer, body: string): string {
  return createHmac("sha256", key).update(body).digest("hex");
}

function damaged(file: string, cause: unknown): IncompleteError {
  return new IncompleteError("journal-damaged", "a journal cannot be read, so nothing was changed", {
    path: file,
    hint: "If a newer stowaway has written it, use that one. To go on without, move the file away: its run can then be taken back by hand only.",
    cause,
  });
}

/** Paths that a run has written, each once. */
export function pathsOf(run: Run): string[] {
  const files = [...run.plain, ...run.files].map((record) => record.path);
  const entries = run.indexes.flatMap((index) => index.entries.map((entry) => entry.path));
  return [...new Set([...files, ...entries])];
}
