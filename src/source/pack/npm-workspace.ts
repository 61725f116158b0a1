import { readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { globToRegExp } from "./glob.ts";
import { plain, readText, tryParseObject } from "./manifest.ts";

/**
 * The root of the workspace that a folder is a member of, as npm finds it (npm docs, "workspaces"): the nearest folder
 * above whose package.json names it; null where there is none.
 *
 * @param dir real path
 */
export async function workspaceRootOf(dir: string): Promise<string | null> {
  for (let root = dirname(dir); ; root = dirname(root)) {
    const patterns = await patternsOf(root);
    if (patterns !== null && isMember(relative(root, dir).replaceAll(sep, "/"), patterns)) return root;
    if (dirname(root) === root) return null;
  }
}

/** Folders of the packages that the package.json of a folder names as members; empty where it names none. */
export async function memberFolders(root: string): Promise<string[]> {
  const patterns = await patternsOf(root);
  if (patterns === null) return [];
  const members: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    if (folder !== "" && isMember(folder, patterns) && entries.some(({ name }) => name === "package.json"))
      members.push(join(root, folder));
    for (const entry of entries)
      if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git")
        folders.push(folder === "" ? entry.name : `${folder}/${entry.name}`);
  }
  return members.toSorted();
}

/** Whether the project's npm is told to pack members in place of the package itself (`workspace=`, `workspaces=`). */
export async function packsMembers(root: string): Promise<boolean> {
  return /^\s*workspaces?(?:\[\])?\s*(?:=|$)/m.test((await readText(join(root, ".npmrc"))) ?? "");
}

async function patternsOf(root: string): Promise<readonly string[] | null> {
  const { workspaces } = tryParseObject((await readText(join(root, "package.json"))) ?? "");
  const list = Array.isArray(workspaces)
    ? workspaces
    : (workspaces as { packages?: unknown } | null | undefined)?.packages;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : null;
}

/** The last pattern that matches decides; one after a `!` takes out. */
function isMember(path: string, patterns: readonly string[]): boolean {
  const bare = (pattern: string): string => plain(pattern.replace(/^!/, "")).replace(/\/+$/, "");
  const last = patterns.findLast((pattern) => globToRegExp(bare(pattern), false).test(path));
  return last !== undefined && !last.startsWith("!");
}
