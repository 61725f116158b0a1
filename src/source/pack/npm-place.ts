import { existsSync, lstatSync, readdirSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { KnownError } from "../../model/errors.ts";
import { copyProject } from "./copy-tree.ts";
import type { Treatment } from "./copy-tree.ts";
import type { NpmPackage } from "./npm-package.ts";
import { workspaceRootOf } from "./npm-workspace.ts";
import type { PackOptions } from "./packer.ts";
import { summarise } from "./untracked.ts";

/** Where npm packs. */
export interface NpmPlace {
  readonly dir: string;
  /** Whether it is a copy, which may be written to. */
  readonly copied: boolean;
  /** Undoes what was left in the user's folder; what it cannot undo, it says. */
  leave(): Promise<string[]>;
}

/** The user's own folder, for a run that writes nothing there. */
export function packInPlace(dir: string): NpmPlace {
  return { dir, copied: false, leave: () => Promise.resolve([]) };
}

/**
 * A copy of the project in which lifecycle scripts may do what they like: of the whole repository, else of the whole
 * workspace, since scripts reach for what is round their package.
 *
 * Installed packages are not copied: each folder `node_modules` is made anew, with links to its entries, so that what
 * is added there stays in the copy. Where a copy cannot be made, scripts run in the user's folder, which is looked at
 * before and after.
 *
 * @param work real path of an empty folder of ours
 */
export async function packInCopy(
  { dir, manifest }: NpmPackage,
  work: string,
  { host }: PackOptions,
): Promise<NpmPlace> {
  const inside = dir + sep;
  const treat = (path: string, name: string, installed: boolean): Treatment => {
    // What the package may hold is copied: npm packs no link.
    if (name !== "node_modules") return installed && !path.startsWith(inside) ? "leave" : "copy";
    if (manifest.bundled.length > 0) return "copy";
    return path === join(dir, name) || !path.startsWith(inside) ? "link" : "copy";
  };
  const to = join(work, "copy");
  const root = (await workspaceRootOf(dir)) ?? dir;
  try {
    const copy = await copyProject(dir, to, { env: host.env, root, treat });
    if (copy.whole) {
      await linkModulesAbove(dirname(dir.slice(0, dir.length - copy.dir.length + to.length)), work);
      return { ...packInPlace(copy.dir), copied: true };
    }
  } catch (error) {
    // A file that we must not read, no room, a git that refuses: the scripts may do without a copy.
    const { syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined && !(error instanceof KnownError)) throw error;
  }
  await rm(to, { recursive: true, force: true });
  return watched(dir);
}

/** Modules are looked for in every folder above; the copy has one, which links to the nearest that has some. */
async function linkModulesAbove(start: string, work: string): Promise<void> {
  for (let at = start; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    if (existsSync(modules)) return await symlink(modules, join(work, "node_modules"), "junction");
    if (dirname(at) === at) return;
  }
}

function watched(dir: string): NpmPlace {
  const before = snapshot(dir);
  return {
    dir,
    copied: false,
    async leave() {
      const after = snapshot(dir);
      const made = [...after.keys()].filter((path) => !before.has(path));
      for (const path of made) await rm(join(dir, path), { recursive: true, force: true });
      const lost = [...before].filter(([path, state]) => after.get(path) !== state).map(([path]) => path);
      const where =
        "The project cannot be copied (more than 50,000 files or 2 GB, no room, or a file that cannot be read), so scripts ran in your folder.";
      return [
        ...(made.length === 0 ? [] : [`${where} What they made was removed again: ${summarise(made)}`]),
        ...(lost.length === 0 ? [] : [`${where} They changed or deleted: ${summarise(lost)}`]),
      ];
    },
  };
}

/** What shows that a file was written, by path; a folder is only there or not. */
function snapshot(dir: string): Map<string, string> {
  const seen = new Map<string, string>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const entry of readdirSync(join(dir, folder), { withFileTypes: true })) {
      if (entry.name === ".git" || entry.name === "node_modules") continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const stats = lstatSync(join(dir, path));
      if (stats.isDirectory()) folders.push(path);
      seen.set(path, stats.isDirectory() ? "folder" : `${stats.size} ${stats.mtimeMs} ${stats.ino}`);
    }
  return seen;
}
