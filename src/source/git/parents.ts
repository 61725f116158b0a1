import { readFileSync } from "node:fs";
import path from "node:path";
import { type GitPlace, git } from "../../host/plumbing.ts";
import { LISTING, parseListing, type StagedEntry } from "./list.ts";

const ABSENT = /^0+$/;
const REGULAR = /^(?:100|120)/;

/** The commits that a merge under way joins to HEAD; none outside a merge. */
function mergeHeads(place: GitPlace): string[] {
  const file = git(place, ["rev-parse", "--git-path", "MERGE_HEAD"]).toString().replace(/\n$/, "");
  try {
    return readFileSync(path.resolve(place.cwd, file), "latin1").split("\n").filter(Boolean);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The blob that a commit has at a path. */
function blobIn(place: GitPlace, commit: string, rawPath: Buffer): string | null {
  // Arguments are text to Node: a path that is no UTF-8 cannot be asked for, and counts as new.
  const listed = git(place, ["ls-tree", "-z", "--full-tree", commit, "--", rawPath.toString()]).toString(
    "latin1",
  );
  return (
    /^100\d{3} blob ([0-9a-f]+)\t|^120000 blob ([0-9a-f]+)\t/.exec(listed)?.slice(1).find(Boolean) ?? null
  );
}

/**
 * Says what each staged path replaces, in every parent that the next commit will have. Asked only once a file holds
 * something, so a clean commit never pays for it.
 */
export class Parents {
  readonly #place: GitPlace;
  #heads: readonly string[] | null = null;
  #renames: ReadonlyMap<string, StagedEntry> | null = null;

  constructor(place: GitPlace) {
    this.#place = place;
  }

  /** @returns ids of the blobs, one a parent that has the file (HEAD under the name it was renamed from) */
  of(entry: StagedEntry): string[] {
    this.#heads ??= mergeHeads(this.#place);
    const before = ABSENT.test(entry.oldId) ? this.#renamed(entry) : entry;
    const ids = before !== null && REGULAR.test(before.oldMode) ? [before.oldId] : [];
    for (const head of this.#heads) {
      const id = blobIn(this.#place, head, entry.rawPath);
      if (id !== null) ids.push(id);
    }
    return ids;
  }

  #renamed(entry: StagedEntry): StagedEntry | null {
    this.#renames ??= new Map(
      parseListing(git(this.#place, [...LISTING, "--find-renames"]))
        .filter(({ status }) => status === "R")
        .map((renamed) => [renamed.rawPath.toString("latin1"), renamed]),
    );
    return this.#renames.get(entry.rawPath.toString("latin1")) ?? null;
  }
}
