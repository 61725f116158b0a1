import { readFileSync } from "node:fs";
import path from "node:path";
import { type GitPlace, git } from "../../host/plumbing.ts";
import { LISTING, parseListing, type StagedEntry } from "./list.ts";

const ABSENT = /^0+$/;
const REGULAR = /^(?:100|120)/;

const keyOf = ({ rawPath }: StagedEntry): string => rawPath.toString("latin1");

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

/**
 * Says what each staged path replaces, in every parent that the next commit will have. Asked only once a file holds
 * something, so a clean commit never pays for it.
 */
export class Parents {
  readonly #place: GitPlace;
  #heads: readonly string[] | null = null;
  readonly #listings = new Map<string | null, ReadonlyMap<string, StagedEntry>>();

  constructor(place: GitPlace) {
    this.#place = place;
  }

  /** @returns ids of the blobs, one a parent that has the file, under its name or the one it was renamed from */
  of(entry: StagedEntry): string[] {
    this.#heads ??= mergeHeads(this.#place);
    const own = ABSENT.test(entry.oldId) ? this.#listing(null).get(keyOf(entry)) : entry;
    const before = own === undefined ? [] : [own];
    for (const head of this.#heads) {
      // What does not differ from a parent is its very blob.
      const known = this.#listing(head).get(keyOf(entry));
      before.push(known ?? { ...entry, oldMode: entry.newMode, oldId: entry.newId });
    }
    return before.filter(({ oldMode }) => REGULAR.test(oldMode)).map(({ oldId }) => oldId);
  }

  /** The index against a commit, or against HEAD (which may be unborn), renames found, by path. */
  #listing(commit: string | null): ReadonlyMap<string, StagedEntry> {
    const known = this.#listings.get(commit);
    if (known !== undefined) return known;
    const entries = parseListing(
      git(this.#place, [...LISTING, "--find-renames", ...(commit === null ? [] : [commit])]),
    );
    const listing = new Map(entries.map((entry) => [keyOf(entry), entry]));
    this.#listings.set(commit, listing);
    return listing;
  }
}
