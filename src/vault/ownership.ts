import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";

/** A work tree as git sees it. */
export interface WorkTree {
  /** Absolute; top of the work tree. */
  readonly top: string;
  /** Absolute; its own git directory. */
  readonly gitDir: string;
  /** Absolute, links resolved; the git directory that all worktrees of the clone share. */
  readonly commonDir: string;
}

/**
 * Whether a work tree belongs to its clone by where it lies: the folder that the git directory is in, or a linked
 * worktree that the git directory itself names. Anything else that leads git there (a file or link `.git`, a file
 * `commondir`, a variable) can be put into any folder by anybody.
 *
 * @see https://git-scm.com/docs/gitrepository-layout for `worktrees/<id>/gitdir`
 */
export async function belongsToClone({ top, gitDir, commonDir }: WorkTree): Promise<boolean> {
  try {
    const [folder, own] = await Promise.all([realpath(top), realpath(gitDir)]);
    if (own === commonDir) {
      const inside = join(folder, ".git");
      return (await lstat(inside)).isDirectory() && (await realpath(inside)) === commonDir;
    }
    if (dirname(own) !== join(commonDir, "worktrees")) return false;
    // Newer gits may write it relative to the folder that it lies in.
    const link = resolve(own, (await readFile(join(own, "gitdir"), "utf8")).replace(/\r?\n$/, ""));
    return (await realpath(dirname(link))) === folder;
  } catch {
    // Whatever keeps it from being looked at, it proves nothing.
    return false;
  }
}

/**
 * Whether a folder is in a work tree, with no other repository in between. A configured work tree (`core.worktree`, of
 * sub-modules, and GIT_WORK_TREE) need not be the one that the working folder is in.
 */
export async function isInside(top: string, folder: string): Promise<boolean> {
  const [from, to] = await Promise.all([realpath(top), realpath(folder)]);
  const way = relative(from, to);
  if (way === "") return true;
  const parts = way.split(sep);
  if (parts[0] === ".." || resolve(way) === way) return false;
  for (let length = 1; length <= parts.length; length += 1)
    if (await exists(join(from, ...parts.slice(0, length), ".git"))) return false;
  return true;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
