import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { git } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { KnownError, UsageError } from "../model/errors.ts";

/** One index of a work tree. */
export interface IndexFile {
  /** Absolute. */
  readonly file: string;
  /** Whether a `git commit` that waits for us holds its lock: it is replaced as that commit would do it. */
  readonly held: boolean;
}

/** The repository that something is to be written to; all paths absolute. */
export interface WorkRepository {
  /** Git at the top of the work tree, its environment without relative paths. */
  readonly place: GitPlace;
  readonly top: string;
  readonly gitDir: string;
  /** The git directory; of a linked worktree, that of the main one. */
  readonly commonDir: string;
  /** Our own folder in the git directory, one a worktree. It need not exist. */
  readonly stateDir: string;
  /** Every index that holds, or will hold, what the next commit records; first the one that this commit is made from. */
  readonly indexFiles: readonly IndexFile[];
}

/**
 * Asks git about the repository that a folder is in.
 *
 * @throws UsageError outside of a work tree; IncompleteError where git is missing or refuses
 */
export function openRepository(place: GitPlace): WorkRepository {
  const ask = (cwd: string, env: GitPlace["env"], question: readonly string[]): string =>
    git({ cwd, env }, ["rev-parse", ...question])
      .toString()
      .replace(/\r?\n$/, "");
  const top = readTop(place, ask);
  const gitDir = ask(place.cwd, place.env, ["--absolute-git-dir"]);
  const env = absolute(place, top, gitDir);
  const commonDir = path.resolve(top, ask(top, env, ["--git-common-dir"]));
  const stateDir = path.resolve(top, ask(top, env, ["--git-path", "stowaway"]));
  return {
    place: { cwd: top, env },
    top,
    gitDir,
    commonDir,
    stateDir,
    indexFiles: indexFilesOf(gitDir, env["GIT_INDEX_FILE"]),
  };
}

function readTop(
  { cwd, env }: GitPlace,
  ask: (cwd: string, env: GitPlace["env"], question: readonly string[]) => string,
): string {
  try {
    return ask(cwd, env, ["--show-toplevel"]);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    if (error.code === "not-a-repository") {
      throw new UsageError("not-a-repository", "this folder is in no git repository", {
        path: cwd,
        hint: "Run it inside a repository.",
        cause: error,
      });
    }
    if (/must be run in a work tree/.test(error.message)) {
      throw new UsageError("no-work-tree", "this repository has no work tree: there are no files to change", {
        path: cwd,
        hint: "Run it in a clone with files, or in one of the repository's worktrees.",
        cause: error,
      });
    }
    throw error;
  }
}

/** Git takes relative paths in these from the folder it starts in, but that of the index from the top. */
function absolute({ cwd, env }: GitPlace, top: string, gitDir: string): GitPlace["env"] {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_COMMON_DIR } = env;
  return {
    ...env,
    ...(GIT_DIR !== undefined && { GIT_DIR: gitDir }),
    // With GIT_DIR alone, the work tree is the folder git was started in, which is the top then.
    ...((GIT_WORK_TREE !== undefined || GIT_DIR !== undefined) && { GIT_WORK_TREE: top }),
    ...(GIT_COMMON_DIR !== undefined && { GIT_COMMON_DIR: path.resolve(cwd, GIT_COMMON_DIR) }),
    ...(GIT_INDEX_FILE !== undefined && { GIT_INDEX_FILE: path.resolve(top, GIT_INDEX_FILE) }),
  };
}

/**
 * `git commit` gives its hook the index that is to be committed (git 2.39, builtin/commit.c, prepare_index): the index
 * itself, whose lock it has given up; for `-a`, `-i` and `-p` the lock file `index.lock`, which becomes the index if the
 * commit is made; for `commit PATH` a file `next-index-PID.lock`, and `index.lock` holds what will be the index. In the
 * last two cases the index itself stays what it is if the commit is not made.
 */
function indexFilesOf(gitDir: string, named: string | undefined): IndexFile[] {
  const real = path.join(gitDir, "index");
  if (named === undefined) return [{ file: real, held: false }];
  const file = path.join(realFolder(path.dirname(named)), path.basename(named));
  const own = path.dirname(file) === realFolder(gitDir);
  const lock = path.join(path.dirname(file), "index.lock");
  if (own && path.basename(file) === "index") return [{ file: real, held: false }];
  const partial = own && /^next-index-\d+\.lock$/.test(path.basename(file));
  if (!partial && !(own && path.basename(file) === "index.lock")) return [{ file: named, held: false }];
  return [
    { file, held: false },
    ...(partial && existsSync(lock) ? [{ file: lock, held: false }] : []),
    ...(existsSync(real) ? [{ file: real, held: true }] : []),
  ];
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
