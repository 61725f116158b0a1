import { type Dirent, constants } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import type { ScanError, SourceEvent } from "../model/item.ts";

interface TreeOptions {
  /** Folder that the reported paths are relative to, absolute. */
  readonly root: string;
  /** Bytes of the largest file that is read. */
  readonly limit: number;
}

function unread(name: string, code: string, message: string, hint: string): ScanError {
  return { kind: "error", path: name, container: [], code, message, hint, digest: null };
}

function cannotRead(name: string, error: unknown): ScanError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  const message = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
  return unread(
    name,
    "unreadable",
    message,
    code === "EACCES" || code === "EPERM"
      ? "give yourself the right to read it, or leave it out with ignorePaths"
      : "check the path",
  );
}

/** Path for reports: relative to the root, with `/`; absolute where it lies outside. */
function nameOf(file: string, root: string): string {
  const relative = path.relative(root, file);
  const outside = relative.startsWith("..") || path.isAbsolute(relative);
  return (outside ? file : relative).replaceAll(path.sep, "/");
}

/** One file by its real kind: links by their text, never followed; devices and pipes are not opened. */
async function readOne(file: string, { root, limit }: TreeOptions): Promise<SourceEvent> {
  const name = nameOf(file, root);
  try {
    const stat = await lstat(file);
    const item = { kind: "item", path: name, container: [], included: null } as const;
    if (stat.isSymbolicLink()) return { ...item, bytes: await readlink(file, { encoding: "buffer" }) };
    if (!stat.isFile())
      return { kind: "skipped", path: name, container: [], reason: "not a regular file", digest: null };
    if (stat.size > limit)
      return unread(
        name,
        "too-large",
        `the file has ${stat.size} bytes, more than the limit of ${limit}`,
        "raise limits.fileBytes in stowaway.config.json",
      );
    // Not followed even if a link took the file's place in between.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return { ...item, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return cannotRead(name, error);
  }
}

async function* walk(folder: string, options: TreeOptions): AsyncGenerator<SourceEvent> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield cannotRead(nameOf(folder, options.root), error);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    // Git's own store is no work tree; what it holds is the business of the staged and history scans.
    if (entry.name === ".git") continue;
    if (entry.isDirectory()) yield* walk(file, options);
    else yield await readOne(file, options);
  }
}

/**
 * Reads files and folders from the disk, whole.
 *
 * @param paths absolute; a folder stands for all below it but `.git`
 */
export async function* tree(paths: readonly string[], options: TreeOptions): AsyncGenerator<SourceEvent> {
  for (const file of paths) {
    const stat = await lstat(file).catch(() => null);
    if (stat?.isDirectory() === true) yield* walk(file, options);
    else yield await readOne(file, options);
  }
}
