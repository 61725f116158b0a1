import { constants } from "node:fs";
import { copyFile, mkdir, readdir, readlink, stat, symlink, utimes } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { git } from "../../host/plumbing.ts";
import type { GitPlace } from "../../host/plumbing.ts";

const PARALLEL = 64;
/** Beyond this a copy costs more than a user would wait. */
const MOST_FILES = 50_000;
const MOST_BYTES = 2 * 1024 ** 3;
/** Installed or built things: large, and made again or not needed where git ignores them. */
const INSTALLED = new Set(["node_modules", ".venv", "venv", ".tox", ".nox", "target"]);
/** What tools write into an installed tree while they run. */
const CACHES = new Set([".cache", ".vite", ".vite-temp"]);

/** What becomes of a folder: `link` makes it anew, with a link to each of its entries. */
export type Treatment = "copy" | "leave" | "link";

export interface CopyOptions {
  readonly env: GitPlace["env"];
  /** Top of what is copied where there is no repository round the project; the project's own folder by default. */
  readonly root?: string;
  /**
   * Asked for every folder.
   *
   * @param path absolute
   * @param installed whether it has the name of an installed thing, and git ignores it
   */
  readonly treat?: (path: string, name: string, installed: boolean) => Treatment;
}

/** A project in a copy of its repository, or alone where it is in none. */
export interface ProjectCopy {
  /** The project's folder in the copy. */
  readonly dir: string;
  /** False where the folder is too large, and was copied in part. */
  readonly whole: boolean;
}

/**
 * Copies a project so that a build cannot leave anything in the user's folder. In a repository the copy has history
 * (shared, not copied), index and ignore files of its own, because backends ask git.
 *
 * @param dir real path of the project
 * @param to folder that does not exist yet
 */
export async function copyProject(
  dir: string,
  to: string,
  { env, root = dir, treat = (_path, _name, installed) => (installed ? "leave" : "copy") }: CopyOptions,
): Promise<ProjectCopy> {
  const top = topOf(dir, env);
  const from = top ?? root;
  let ignored = new Set<string>();
  if (top !== null) {
    cloneShared({ cwd: top, env }, to);
    await copyGitFile({ cwd: top, env }, "index", to);
    await copyGitFile({ cwd: top, env }, "info/exclude", to);
    ignored = ignoredFolders({ cwd: top, env });
  }
  const whole = await copyTree(from, to, (path, name) =>
    name === ".git" ? "leave" : treat(join(from, path), name, INSTALLED.has(name) && ignored.has(path)),
  );
  return { dir: join(to, dir.slice(from.length)), whole };
}

function topOf(dir: string, env: GitPlace["env"]): string | null {
  try {
    const top = resolve(
      git({ cwd: dir, env }, ["rev-parse", "--show-toplevel"]).toString("utf8").replace(/\n$/, ""),
    );
    return dir === top || dir.startsWith(top + sep) ? top : null;
  } catch {
    return null;
  }
}

function cloneShared(place: GitPlace, to: string): void {
  // A repository without any commit cannot be cloned with --shared on every git; an empty one serves as well.
  try {
    git(place, [
      "-c",
      "protocol.file.allow=always",
      "clone",
      "-q",
      "--shared",
      "--no-checkout",
      "--",
      place.cwd,
      to,
    ]);
  } catch {
    git(place, ["init", "-q", "--", to]);
  }
}

async function copyGitFile(place: GitPlace, name: string, to: string): Promise<void> {
  const path = git(place, ["rev-parse", "--git-path", name]).toString("utf8").replace(/\n$/, "");
  const target = join(to, ".git", name);
  try {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(resolve(place.cwd, path), target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function ignoredFolders(place: GitPlace): Set<string> {
  const listed = git(place, ["ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory"]).toString(
    "utf8",
  );
  return new Set(listed.split("\0").flatMap((path) => (path.endsWith("/") ? [path.slice(0, -1)] : [])));
}

/** @returns false where it stopped at a bound */
async function copyTree(
  from: string,
  to: string,
  treat: (path: string, name: string) => Treatment,
): Promise<boolean> {
  const folders = [""];
  let files = 0;
  let bytes = 0;
  const copyOne = async (path: string): Promise<void> => {
    const { size, atime, mtime } = await stat(join(from, path));
    bytes += size;
    if (bytes > MOST_BYTES) return;
    await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
    // Build tools compare the times of sources and results.
    await utimes(join(to, path), atime, mtime);
  };
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await mkdir(join(to, folder), { recursive: true });
    let batch: Promise<void>[] = [];
    for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const treatment = entry.isFile() ? "copy" : treat(path, entry.name);
      if (treatment === "leave") continue;
      if (entry.isSymbolicLink()) batch.push(copyLink(from, to, path));
      else if (entry.isDirectory() && treatment === "link") await linkEntries(from, to, path);
      else if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && entry.name !== ".git") {
        files += 1;
        batch.push(copyOne(path));
      }
      if (batch.length >= PARALLEL) {
        await Promise.all(batch);
        batch = [];
      }
    }
    await Promise.all(batch);
    if (files > MOST_FILES || bytes > MOST_BYTES) return false;
  }
  return true;
}

/** A folder of its own, so that what is added to it stays in the copy; a scope's folder (`@a/b`) likewise. */
async function linkEntries(from: string, to: string, folder: string): Promise<void> {
  await mkdir(join(to, folder), { recursive: true });
  for (const entry of await readdir(join(from, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (CACHES.has(entry.name)) continue;
    if (entry.isSymbolicLink()) await copyLink(from, to, path);
    else if (entry.isDirectory() && entry.name.startsWith("@")) await linkEntries(from, to, path);
    else await symlink(join(from, path), join(to, path), entry.isDirectory() ? "junction" : "file");
  }
}

/** A link out of the copied folder must still lead where it led. */
async function copyLink(from: string, to: string, path: string): Promise<void> {
  const target = await readlink(join(from, path));
  const absolute = resolve(dirname(join(from, path)), target);
  const inside = absolute === from || absolute.startsWith(from + sep);
  // Absolute links into the project would lead out of the copy, and be written through.
  const own = target === absolute ? join(to, absolute.slice(from.length)) : target;
  await symlink(inside ? own : absolute, join(to, path));
}
