import { accessSync, constants } from "node:fs";
import { gitCall } from "../host/plumbing.ts";
import type { EntryFlags, IndexEntry, Indexed } from "./index-reader.ts";
import { readBlobs, readEntries } from "./index-reader.ts";
import { ownFilters } from "./own-filters.ts";
import { folderOf, inTree, pathBytes, pathProblem } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { fileProblem, readWorkFile } from "./worktree-writer.ts";

/** The filter comes first. */
const ATTRIBUTES = ["filter", "ident", "working-tree-encoding"] as const;

/** The file on the disk. */
interface WorktreeSide {
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** Names that the file has; more than one for hard links. */
  readonly links: number;
  /** Whether its permission bits and its folder let us change it. */
  readonly writable: boolean;
}

/** What is staged. */
interface IndexSide {
  readonly bytes: Buffer;
  readonly oid: string;
  readonly mode: string;
  readonly flags: EntryFlags;
}

/** A file as it is on the disk and in the index that the next commit is made from. */
export interface Sides {
  readonly worktree: WorktreeSide | null;
  readonly index: IndexSide | null;
  /** Whether a filter, `ident` or another encoding stands between both forms. */
  readonly filtered: boolean;
  /** Why it cannot be edited, one clause; both sides are null then. */
  readonly problem: string | null;
}

/**
 * Reads both forms of a file.
 *
 * @param shown as findings name it
 * @throws KnownError where the file or git's object cannot be read
 */
export function readSides(repo: WorkRepository, shown: string): Sides {
  return readAllSides(repo, [shown]).get(shown) ?? refuse("it cannot be found");
}

/**
 * Reads both forms of many files; git is asked once for all.
 *
 * @param paths as findings name them
 * @returns by these paths; all are there
 * @throws KnownError where a file or git's object cannot be read
 */
export function readAllSides(repo: WorkRepository, paths: readonly string[]): ReadonlyMap<string, Sides> {
  const [primary] = repo.indexFiles;
  const inside = paths.filter((shown) => pathProblem(repo.top, shown) === null);
  const entries: ReadonlyMap<string, Indexed> =
    primary === undefined || inside.length === 0 ? new Map() : readEntries(repo, primary, inside);
  const problems = new Map(
    paths.map((shown) => [shown, problemOf(repo, shown, entries.get(shown) ?? null)] as const),
  );
  const fine = paths.filter((shown) => problems.get(shown) === null);
  const filters = filtersOf(repo, fine);
  const own = [...filters.values()].some(({ program }) => program !== null) ? ownFilters(repo.place) : null;
  const oids = fine.flatMap((shown) => fileEntry(entries.get(shown))?.oid ?? []);
  const blobs = readBlobs(repo, oids);
  return new Map(
    paths.map((shown): [string, Sides] => {
      const problem = problems.get(shown) ?? null;
      if (problem !== null) return [shown, refuse(problem)];
      const filter = filters.get(shown) ?? NO_FILTER;
      if (filter.program !== null && own?.has(filter.program) === true)
        return [
          shown,
          refuse(`a program of the repository's own settings (filter.${filter.program}) changes it`),
        ];
      const entry = fileEntry(entries.get(shown));
      const bytes = entry === null ? undefined : blobs.get(entry.oid);
      const index = entry === null || bytes === undefined ? null : { ...entry, bytes };
      return [
        shown,
        { worktree: readWorktree(repo, shown), index, filtered: filter.filtered, problem: null },
      ];
    }),
  );
}

const refuse = (problem: string): Sides => ({ worktree: null, index: null, filtered: false, problem });

const fileEntry = (entry: Indexed | undefined): IndexEntry | null =>
  entry === undefined || entry === "unmerged" ? null : entry;

function problemOf({ top }: WorkRepository, shown: string, entry: Indexed): string | null {
  const outside = pathProblem(top, shown);
  if (outside !== null) return outside;
  if (entry === "unmerged") return "it has a conflict that is not resolved";
  if (entry?.mode === "120000") return "it is a symbolic link";
  if (entry?.mode === "160000") return "it is a submodule";
  return fileProblem(top, shown);
}

function readWorktree({ top }: WorkRepository, shown: string): WorktreeSide | null {
  const file = readWorkFile(top, shown);
  if (file === null) return null;
  const { bytes, mode, links } = file;
  return { bytes, mode, links, writable: (mode & 0o222) !== 0 && canWrite(top, shown) };
}

function canWrite(top: string, shown: string): boolean {
  const file = inTree(top, shown);
  try {
    accessSync(file, constants.W_OK);
    accessSync(folderOf(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What stands between the two forms of a file. */
interface FilterOf {
  readonly filtered: boolean;
  /** Name of the filter that attributes ask for; null for none. */
  readonly program: string | null;
}

const NO_FILTER: FilterOf = { filtered: false, program: null };

/** Git-check-attr(1) with `-z`: path, attribute and value, each ended by NUL. */
function filtersOf({ place }: WorkRepository, paths: readonly string[]): Map<string, FilterOf> {
  if (paths.length === 0) return new Map();
  const input = Buffer.concat(paths.flatMap((shown) => [pathBytes(shown), Buffer.from([0])]));
  const args = ["check-attr", "-z", "--stdin", ...ATTRIBUTES];
  const fields = gitCall(place, args, { input }).stdout.toString("latin1").split("\0");
  if (fields.length !== paths.length * ATTRIBUTES.length * 3 + 1)
    throw new Error("git showed attributes in a form that is not known");
  return new Map(
    paths.map((shown, number) => {
      const values = ATTRIBUTES.map((_, at) => fields[(number * ATTRIBUTES.length + at) * 3 + 2] ?? "");
      const [program = ""] = values;
      return [shown, { filtered: values.some(isGiven), program: isGiven(program) ? program : null }];
    }),
  );
}

const isGiven = (value: string): boolean => value !== "unspecified" && value !== "unset";
