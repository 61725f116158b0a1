import type { GitPlace } from "../../host/plumbing.ts";
import { IncompleteError } from "../../model/errors.ts";
import type { ScanError, Skipped, SourceEvent } from "../../model/item.ts";
import {
  CONFIG_LISTING,
  LISTING,
  parseListing,
  parseStage,
  type PipedListing,
  type StagedEntry,
} from "./list.ts";
import { type GitObject, ObjectReader } from "./objects.ts";
import type { Parents } from "./parents.ts";

/** Objects asked for ahead of the one that is scanned: hides git's latency, keeps memory at a few files. */
const AHEAD = 4;

/** A larger file is no configuration, whoever put it there. */
const CONFIG_BYTES = 16 * 1024 ** 2;

/** The index as it would be committed, against HEAD. */
export interface StagedIndex {
  readonly entries: readonly StagedEntry[];
  /**
   * The index's version of a configuration file; null where it has none.
   *
   * @throws IncompleteError where it cannot be read
   */
  readConfig(path: string): Promise<Buffer | null>;
  /**
   * Items, and what was skipped or could not be read, in the listing's order.
   *
   * @param limit bytes of the largest blob that is read
   */
  events(limit: number): AsyncGenerator<SourceEvent>;
  close(): void;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

function skipped(entry: StagedEntry, reason: string): Skipped {
  return { kind: "skipped", path: entry.path, container: [], reason, digest: entry.newId };
}

function unread(entry: StagedEntry, problem: Problem): ScanError {
  return { kind: "error", path: entry.path, container: [], ...problem, digest: entry.newId };
}

function problemOf(object: Exclude<GitObject, { kind: "object" }>, limit: number): Problem {
  if (object.kind === "too-large")
    return {
      code: "too-large",
      message: `the file has ${object.size} bytes, more than the limit of ${limit}`,
      hint: "raise limits.fileBytes in stowaway.config.json",
    };
  if (object.kind === "missing")
    return {
      code: "object-missing",
      message: "its content is not in this clone",
      hint: "fetch it: git fetch --refetch, or unset the partial clone filter",
    };
  if (object.kind === "damaged")
    return {
      code: "object-damaged",
      message: "its content is damaged in the repository's store",
      hint: "see what git fsck says",
    };
  return { code: "git-failed", message: object.message, hint: "see what git status says" };
}

/** What needs no reading: null where the content is to be scanned, undefined where there is nothing to say. */
function withoutContent(entry: StagedEntry): SourceEvent | null | undefined {
  if (entry.status === "D") return undefined;
  if (entry.status === "U")
    return unread(entry, {
      code: "unmerged",
      message: "the path has an unsolved merge conflict",
      hint: "solve the conflict and stage the file",
    });
  if (entry.newMode === "160000")
    return skipped(entry, "a submodule: its commits are checked in its own repository");
  if (entry.newId === entry.oldId) return undefined; // the mode alone changed
  return null;
}

/**
 * Asks git for what the hook's shim lists otherwise.
 *
 * @param paths only these files and folders, relative to the place's folder; all when empty
 * @throws KnownError when git is missing or fails
 */
export async function listIndex(place: GitPlace, paths: readonly string[]): Promise<PipedListing> {
  const { git } = await import("../../host/plumbing.ts");
  const specs = paths.map((path) => `:(literal)${path}`);
  return {
    changes: git(place, [...LISTING, "--no-renames", "--", ...specs]),
    config: git(place, CONFIG_LISTING),
  };
}

/**
 * Which of the paths git knows nothing of: neither tracked, nor holding something tracked, nor staged to go.
 *
 * @param paths relative to the place's folder, or absolute
 */
export async function unknownTo(place: GitPlace, paths: readonly string[]): Promise<string[]> {
  const { git } = await import("../../host/plumbing.ts");
  const knows = (command: readonly string[], asked: readonly string[]): boolean => {
    try {
      return git(place, [...command, "--", ...asked.map((path) => `:(literal)${path}`)]).length > 0;
    } catch {
      // Outside of the repository, or one of them matches nothing.
      return false;
    }
  };
  // lint-staged names hundreds of files at once, all of them known.
  if (knows(["ls-files", "-z", "--error-unmatch"], paths)) return [];
  return paths.filter(
    (path) => !knows(["ls-files", "-z"], [path]) && !knows([...LISTING, "--no-renames"], [path]),
  );
}

/**
 * Opens the index that the next commit records.
 *
 * @param place names the index by its environment, as git does for its hooks
 */
export function openIndex(place: GitPlace, listing: PipedListing): StagedIndex {
  const entries = parseListing(listing.changes);
  const config = parseStage(listing.config);
  const reader = new ObjectReader(place);
  let parents: Promise<Parents> | null = null;

  const previous = async (entry: StagedEntry, limit: number): Promise<Uint8Array[]> => {
    parents ??= import("./parents.ts").then(({ Parents }) => new Parents(place));
    const ids = (await parents).of(entry);
    const objects = await Promise.all(ids.map(async (id) => await reader.read(id, limit)));
    // A parent that is missing or huge cannot excuse anything: its lines count as new.
    return objects.flatMap((object) => (object.kind === "object" ? [object.bytes] : []));
  };

  const toEvent = (entry: StagedEntry, object: GitObject, limit: number): SourceEvent =>
    object.kind === "object"
      ? {
          kind: "item",
          path: entry.path,
          container: [],
          bytes: object.bytes,
          included: null,
          previous: async () => await previous(entry, limit),
        }
      : unread(entry, problemOf(object, limit));

  return {
    entries,
    readConfig: async (path) => {
      const id = config.get(path);
      if (id === undefined) return null;
      const object = await reader.read(id, CONFIG_BYTES);
      if (object.kind === "object") return object.bytes;
      if (object.kind === "too-large") return null;
      const { code, message, hint } = problemOf(object, CONFIG_BYTES);
      throw new IncompleteError(code, message, { path, hint });
    },
    events: async function* (limit) {
      const ahead: { entry: StagedEntry; object: Promise<GitObject> }[] = [];
      for (const entry of entries) {
        const event = withoutContent(entry);
        if (event === null) {
          const object = reader.read(entry.newId, limit);
          // Awaited in its turn; should that turn never come, nobody misses it.
          object.catch(() => undefined);
          ahead.push({ entry, object });
        } else if (event !== undefined) yield event;
        const first = ahead.length > AHEAD ? ahead.shift() : undefined;
        if (first !== undefined) yield toEvent(first.entry, await first.object, limit);
      }
      for (const { entry, object } of ahead) yield toEvent(entry, await object, limit);
    },
    close: () => reader.close(),
  };
}
