import { closeSync, copyFileSync, existsSync, openSync } from "node:fs";
import path from "node:path";
import { gitCall } from "../host/plumbing.ts";
import type { GitCall, GitPlace } from "../host/plumbing.ts";
import { KnownError } from "../model/errors.ts";
import { temporaryName } from "../vault/durable.ts";
import { readEntries, sameEntry, withIndex } from "./index-reader.ts";
import type { EntryFlags, IndexEntry } from "./index-reader.ts";
import { withoutOwnFilters } from "./own-filters.ts";
import { isText, pathBytes } from "./raw-path.ts";
import type { IndexFile, WorkRepository } from "./repository.ts";
import { moveFile, removeFile, syncFile, writeNewFile } from "./worktree-writer.ts";

/** An entry as it is to be; null takes the path out of the index. */
export interface IndexRow {
  readonly path: string;
  readonly entry: IndexEntry | null;
}

/**
 * A program of the user's must not run in the middle (`post-index-change`). What git says it has written has to be on the
 * disk (git 2.36 and newer; older ones do so for packs alone). And a sparse index must be a whole one meanwhile: git 2.39
 * puts the entry of a folder's file beside the entry that stands for the folder, and the index is broken.
 */
const WRITING = ["core.hooksPath=/dev/null", "core.fsync=all", "index.sparse=false"];

/** Errors that say more than that something was not written. */
const PASSED_ON = new Set(["git-missing", "index-locked", "own-filter", "interrupted"]);

/**
 * Writes a blob into the repository; git's own filters are not run.
 *
 * @returns its id
 */
export function writeBlob({ place }: WorkRepository, bytes: Buffer): string {
  return writeObject(place, ["--no-filters"], bytes);
}

/**
 * Writes the blob that `git add` would make of a file with this content: with the filters that the user's own settings
 * and the attributes ask for.
 *
 * @param path as findings name it; its bytes are UTF-8
 * @returns its id
 */
export function writeCleanBlob({ place }: WorkRepository, shown: string, bytes: Buffer): string {
  return writeObject(place, ["--path", pathBytes(shown).toString()], bytes, withoutOwnFilters(place));
}

/**
 * The id of the blob that `git add` would make of a file with this content; nothing is written.
 *
 * @param path as findings name it; its bytes are UTF-8
 */
export function cleanId({ place }: WorkRepository, shown: string, bytes: Buffer): string {
  const args = ["hash-object", "--stdin", "--path", pathBytes(shown).toString()];
  return gitCall(place, args, { input: bytes, settings: withoutOwnFilters(place) })
    .stdout.toString()
    .trim();
}

function writeObject(
  place: GitPlace,
  how: readonly string[],
  bytes: Buffer,
  more: readonly string[] = [],
): string {
  try {
    const args = ["hash-object", "-w", "--stdin", ...how];
    return gitCall(place, args, { input: bytes, settings: [...WRITING, ...more] })
      .stdout.toString()
      .trim();
  } catch (cause) {
    if (cause instanceof KnownError && PASSED_ON.has(cause.code)) throw cause;
    throw new KnownError(1, "object-not-written", "git could not write an object", {
      hint: "See whether the disk is full and .git/objects can be written to, and what git fsck says.",
      cause,
    });
  }
}

/**
 * Refuses where something else is writing an index, or has died of it. The lock is never ours: git deletes it.
 *
 * @throws KnownError (1)
 */
export function refuseLocked(targets: readonly IndexFile[]): void {
  for (const { file, held } of targets) {
    const lock = `${file}.lock`;
    if (held || !existsSync(lock)) continue;
    throw new KnownError(
      1,
      "index-locked",
      "git is writing the index, or has died of it, so nothing was changed",
      {
        path: lock,
        hint: "Wait until the other git is through. If there is none, delete this file.",
      },
    );
  }
}

/**
 * Writes entries of one index: all of them at once, then the bits that git drops on the way. May be repeated.
 *
 * @throws KnownError (1) where git cannot write it
 */
export function writeEntries(repo: WorkRepository, index: IndexFile, rows: readonly IndexRow[]): void {
  if (rows.length === 0) return;
  refuseLocked([index]);
  try {
    if (index.held) writeBeside(repo, index, rows);
    else writeWithGit(repo, index.file, rows);
  } catch (cause) {
    if (cause instanceof KnownError && PASSED_ON.has(cause.code)) throw cause;
    throw new KnownError(1, "index-not-written", "git could not write the index", {
      path: index.file,
      hint: "See whether the disk is full, and what git status says.",
      cause,
    });
  }
  const written = readEntries(
    repo,
    index,
    rows.map((row) => row.path),
  );
  for (const { path: shown, entry } of rows) {
    if (!sameEntry(written.get(shown) ?? null, entry))
      throw new KnownError(1, "index-differs", "the index holds something else than was written to it", {
        path: shown,
        hint: "Is another git at work here? Wait for it, then run this again.",
      });
  }
}

/** The commit that waits holds the lock, so git itself would refuse: on a copy, which then takes the index's place. */
function writeBeside(repo: WorkRepository, index: IndexFile, rows: readonly IndexRow[]): void {
  const copy = path.join(repo.stateDir, temporaryName());
  try {
    copyFileSync(index.file, copy);
    writeWithGit(repo, copy, rows);
    syncFile(copy);
    moveFile(copy, index.file);
  } finally {
    removeFile(copy);
  }
}

function writeWithGit(repo: WorkRepository, file: string, rows: readonly IndexRow[]): void {
  const place = withIndex(repo, file);
  // An entry of another kind in its place (a folder that was a file) would be refused: what goes, goes first.
  const staged = rows.filter(({ entry }) => entry !== null && !entry.flags.intentToAdd);
  const sorted = [...rows.filter(({ entry }) => entry === null), ...staged];
  const none = sorted.some(({ entry }) => entry === null) ? noObject(place) : "";
  const lines = sorted.flatMap(({ path: shown, entry }) => [
    Buffer.from(entry === null ? `0 ${none}\t` : `${entry.mode} ${entry.oid} 0\t`),
    pathBytes(shown),
    Buffer.from([0]),
  ]);
  if (lines.length > 0) {
    fromFile(repo, Buffer.concat(lines), (input) =>
      call(place, ["update-index", "-z", "--index-info"], { input }),
    );
  }
  mark(repo, place, rows, ["--skip-worktree"], (flags) => flags.skipWorktree);
  mark(repo, place, rows, ["--assume-unchanged"], (flags) => flags.assumeUnchanged);
  intend(place, rows);
  // Until then git takes the files for changed, as the new entries know nothing of them. 1: some are.
  call(place, ["update-index", "-q", "--refresh"], { answers: [0, 1] });
}

/** The id that stands for none: as many zeros as the repository's ids have digits. */
function noObject(place: GitPlace): string {
  const { stdout } = gitCall(place, ["hash-object", "--stdin"], { input: new Uint8Array() });
  return "0".repeat(stdout.toString().trim().length);
}

function call(place: GitPlace, args: readonly string[], how: GitCall): void {
  gitCall(place, args, { ...how, settings: [...WRITING, ...withoutOwnFilters(place)] });
}

/** What git reads stands in a file: through a pipe it would get, and carry out, a part of it when we are killed. */
function fromFile(repo: WorkRepository, bytes: Buffer, use: (input: number) => void): void {
  const file = path.join(repo.stateDir, temporaryName());
  try {
    writeNewFile(file, bytes, 0o600);
    const input = openSync(file, "r");
    try {
      use(input);
    } finally {
      closeSync(input);
    }
  } finally {
    removeFile(file);
  }
}

function mark(
  repo: WorkRepository,
  place: GitPlace,
  rows: readonly IndexRow[],
  options: readonly string[],
  wants: (flags: EntryFlags) => boolean,
): void {
  const names = rows
    .filter(({ entry }) => entry !== null && wants(entry.flags))
    .map((row) => pathBytes(row.path));
  if (names.length === 0) return;
  const bytes = Buffer.concat(names.flatMap((name) => [name, Buffer.from([0])]));
  fromFile(repo, bytes, (input) => call(place, ["update-index", ...options, "-z", "--stdin"], { input }));
}

/** No plumbing command sets this bit; and `git add` does where the path is not in the index yet. */
function intend(place: GitPlace, rows: readonly IndexRow[]): void {
  for (const { path: shown, entry } of rows) {
    if (entry?.flags.intentToAdd !== true) continue;
    const name = pathBytes(shown);
    if (!isText(name))
      throw new KnownError(
        1,
        "name-not-text",
        "git cannot be told to intend to add a name that is no UTF-8",
        {
          path: shown,
          hint: "Add it with git add -N yourself.",
        },
      );
    call(place, ["add", "--intent-to-add", "--force", "--", name.toString()], { literal: true });
  }
}
