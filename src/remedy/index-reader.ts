import { createHash } from "node:crypto";
import { gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { IncompleteError } from "../model/errors.ts";
import { isText, pathBytes } from "./raw-path.ts";
import type { IndexFile, WorkRepository } from "./repository.ts";

/** Bits of an entry that git loses when the entry is written anew. */
export interface EntryFlags {
  readonly skipWorktree: boolean;
  readonly assumeUnchanged: boolean;
  /** `git add -N`: nothing is staged, the path only counts as tracked. */
  readonly intentToAdd: boolean;
}

/** An index's entry of one path. */
export interface IndexEntry {
  /** Octal: `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly oid: string;
  readonly flags: EntryFlags;
}

/** What an index says of a path; null where it has nothing, `unmerged` where it has several stages. */
export type Indexed = IndexEntry | "unmerged" | null;

/** SHA-1 and SHA-256 id of the empty blob, which an entry has that is only intended to be added. */
const EMPTY_BLOBS: ReadonlySet<string> = new Set([
  "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
  "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
]);
/** As in git's cache.h, CE_INTENT_TO_ADD. */
const INTENT_TO_ADD = 1 << 29;
/** Names in one command line; where there are more, the whole index is listed. */
const NAMES_AT_ONCE = 200;

/** Contents in one answer of git's. */
const BYTES_AT_ONCE = 256 * 1024 ** 2;

/** Git with this index. */
export function withIndex({ place }: WorkRepository, file: string): GitPlace {
  return { ...place, env: { ...place.env, GIT_INDEX_FILE: file } };
}

/**
 * Reads entries of one index.
 *
 * @param paths as findings name them
 * @returns by these paths; all are there
 */
export function readEntries(
  repo: WorkRepository,
  index: IndexFile,
  paths: readonly string[],
): Map<string, Indexed> {
  const place = withIndex(repo, index.file);
  const names = paths.map(pathBytes);
  const listing = list(place, ["-s", "-v"], names);
  const found = new Map<string, Indexed>();
  for (const line of listing.split("\0")) {
    if (line === "") continue;
    const [, tag, mode, oid, stage, name] = /^(\S) (\d{6}) ([0-9a-f]{40,64}) (\d)\t(.*)$/s.exec(line) ?? [];
    if (tag === undefined || mode === undefined || oid === undefined || name === undefined)
      throw new Error("git listed the index in a form that is not known");
    const flags = {
      skipWorktree: /s/i.test(tag),
      assumeUnchanged: /[a-z]/.test(tag),
      intentToAdd: false,
    };
    found.set(name, stage === "0" ? { mode, oid, flags } : "unmerged");
  }
  return new Map(
    paths.map((shown, at) => {
      const name = names[at] ?? Buffer.alloc(0);
      const entry = found.get(name.toString("latin1")) ?? null;
      if (entry === null || entry === "unmerged" || !EMPTY_BLOBS.has(entry.oid)) return [shown, entry];
      return [shown, { ...entry, flags: { ...entry.flags, intentToAdd: isIntended(place, name) } }];
    }),
  );
}

function list(place: GitPlace, options: readonly string[], names: readonly Buffer[]): string {
  // No word of an argument list can be cut short or be other than text.
  const byName = names.length <= NAMES_AT_ONCE && names.every(isText);
  const args = ["ls-files", "-z", ...options, "--", ...(byName ? names.map(String) : [])];
  return gitCall(place, args, { literal: true }).stdout.toString("latin1");
}

/** Only `ls-files --debug` shows the bit (git-ls-files(1): "the exact format may change", so what it lacks is an error). */
function isIntended(place: GitPlace, name: Buffer): boolean {
  const listing = list(place, ["-s", "--debug"], [name]);
  const start = listing.indexOf(`\t${name.toString("latin1")}\0`);
  const [, flags] = /\sflags: ([0-9a-f]+)\s/.exec(listing.slice(Math.max(start, 0))) ?? [];
  if (start < 0 || flags === undefined)
    throw new Error("git showed an entry's flags in a form that is not known");
  return (Number.parseInt(flags, 16) & INTENT_TO_ADD) !== 0;
}

/** Whether two entries are the same but for the bits that decide how git compares the file. */
export function sameEntry(a: Indexed, b: Indexed): boolean {
  if (a === null || b === null || a === "unmerged" || b === "unmerged") return a === b;
  return a.mode === b.mode && a.oid === b.oid && a.flags.intentToAdd === b.flags.intentToAdd;
}

/**
 * A blob's id, as git computes it (gitformat-loose(5), `hash-object`).
 *
 * @param like another object's id, which tells the repository's hash function
 */
export function blobId(bytes: Uint8Array, like: string): string {
  return createHash(like.length === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}

/**
 * A blob's content.
 *
 * @throws IncompleteError where this clone has it not, or it is damaged
 */
export function readBlob({ place }: WorkRepository, oid: string): Buffer {
  return gitCall(place, ["cat-file", "blob", oid]).stdout;
}

/**
 * Contents of many blobs, by their ids; few processes for all of them.
 *
 * @throws IncompleteError where this clone has one not, or it is damaged
 */
export function readBlobs(repo: WorkRepository, oids: readonly string[]): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  const wanted = [...new Set(oids)];
  for (const some of groupsOf(wanted, sizesOf(repo, wanted))) {
    const answer = gitCall(repo.place, ["cat-file", "--batch"], { input: linesOf(some) }).stdout;
    let at = 0;
    for (const oid of some) {
      const end = answer.indexOf(10, at);
      const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(answer.toString("latin1", at, Math.max(end, at))) ?? [];
      // One by one, git says what is the matter with which.
      if (size === undefined) return new Map(wanted.map((each) => [each, readBlob(repo, each)]));
      at = end + 1 + Number(size) + 1;
      blobs.set(oid, answer.subarray(end + 1, at - 1));
    }
  }
  return blobs;
}

/** Groups that one answer has room for. */
function groupsOf(oids: readonly string[], sizes: readonly number[]): string[][] {
  const groups: string[][] = [];
  let room = 0;
  for (const [at, oid] of oids.entries()) {
    const size = sizes[at] ?? 0;
    if (size > room || groups.length === 0) {
      groups.push([]);
      room = BYTES_AT_ONCE;
    }
    groups.at(-1)?.push(oid);
    room -= size;
  }
  return groups;
}

/** In bytes; 0 for what is not there. */
function sizesOf(repo: WorkRepository, oids: readonly string[]): number[] {
  return describe(repo, oids).map((line) => Number(/ (\d+)$/.exec(line)?.[1] ?? 0));
}

const linesOf = (oids: readonly string[]): Buffer => Buffer.from(oids.map((oid) => `${oid}\n`).join(""));

/** What git says of each object: id, type and size, or that it is missing. */
function describe({ place }: WorkRepository, oids: readonly string[]): string[] {
  if (oids.length === 0) return [];
  const answer = gitCall(place, ["cat-file", "--batch-check"], { input: linesOf(oids) });
  const lines = answer.stdout.toString().split("\n");
  if (lines.length !== oids.length + 1)
    throw new IncompleteError("git-failed", "git cat-file did not answer for every object", {
      hint: "See what git fsck says.",
    });
  return lines;
}

/** Those objects that the repository has not. */
export function missingObjects(repo: WorkRepository, oids: readonly string[]): Set<string> {
  const lines = describe(repo, oids);
  return new Set(oids.filter((_, at) => lines[at]?.endsWith(" missing")));
}
