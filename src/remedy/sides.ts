import { accessSync, constants } from "node:fs";
import { gitCall } from "../host/plumbing.ts";
import type { EntryFlags } from "./index-reader.ts";
import { readBlob, readEntries } from "./index-reader.ts";
import { folderOf, inTree, pathBytes, pathProblem } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { fileProblem, readWorkFile } from "./worktree-writer.ts";

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
  const refuse = (problem: string): Sides => ({ worktree: null, index: null, filtered: false, problem });
  const outside = pathProblem(repo.top, shown);
  if (outside !== null) return refuse(outside);
  const [primary] = repo.indexFiles;
  const entry = primary === undefined ? null : (readEntries(repo, primary, [shown]).get(shown) ?? null);
  if (entry === "unmerged") return refuse("it has a conflict that is not resolved");
  if (entry?.mode === "120000") return refuse("it is a symbolic link");
  if (entry?.mode === "160000") return refuse("it is a submodule");
  const kind = fileProblem(repo.top, shown);
  if (kind !== null) return refuse(kind);
  const file = readWorkFile(repo.top, shown);
  return {
    worktree:
      file === null
        ? null
        : {
            bytes: file.bytes,
            mode: file.mode,
            links: file.links,
            writable: (file.mode & 0o222) !== 0 && canWrite(repo.top, shown),
          },
    index: entry === null ? null : { ...entry, bytes: readBlob(repo, entry.oid) },
    filtered: isFiltered(repo, shown),
    problem: null,
  };
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

/** Git-check-attr(1) with `-z`: path, attribute and value, each ended by NUL. */
function isFiltered({ place }: WorkRepository, shown: string): boolean {
  const input = Buffer.concat([pathBytes(shown), Buffer.from([0])]);
  const args = ["check-attr", "-z", "--stdin", "filter", "ident", "working-tree-encoding"];
  const fields = gitCall(place, args, { input }).stdout.toString("latin1").split("\0");
  return fields.some((value, at) => at % 3 === 2 && value !== "unspecified" && value !== "unset");
}
