import { type Dirent, constants } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import path from "node:path";
import { pathText } from "./git/list.ts";
import type { ScanError, SourceEvent } from "../model/item.ts";

interface TreeOptions {
  /** Folder that the reported paths are relative to, absolute. */
  readonly root: string;
  /** Bytes of the largest file that is read. */
  readonly limit: number;
}

/** A file or folder on the disk. */
interface Place {
  /** The absolute path's own bytes: a name need not be UTF-8. */
  readonly raw: Buffer;
  /** Path for reports: relative to the root, with `/`; absolute where it lies outside, empty for the root itself. */
  readonly name: string;
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

function placeOf(file: string, root: string): Place {
  const relative = path.relative(root, file);
  const outside = /^\.\.(?:[\\/]|$)/.test(relative) || path.isAbsolute(relative);
  return { raw: Buffer.from(file), name: (outside ? file : relative).replaceAll(path.sep, "/") };
}

function placeIn(folder: Place, name: Buffer): Place {
  const parent = folder.name === "" || folder.name.endsWith("/") ? folder.name : `${folder.name}/`;
  return {
    raw: Buffer.concat([folder.raw, Buffer.from(path.sep), name]),
    name: parent + pathText(name),
  };
}

/** One file by its real kind: links by their text, never followed; devices and pipes are not opened. */
async function readOne({ raw, name }: Place, limit: number): Promise<SourceEvent> {
  try {
    const stat = await lstat(raw);
    const item = { kind: "item", path: name, container: [], included: null } as const;
    if (stat.isSymbolicLink()) return { ...item, bytes: await readlink(raw, { encoding: "buffer" }) };
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
    const handle = await open(raw, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return { ...item, bytes: await handle.readFile() };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return cannotRead(name, error);
  }
}

async function* walk(folder: Place, limit: number): AsyncGenerator<SourceEvent> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder.raw, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    yield cannotRead(folder.name, error);
    return;
  }
  for (const entry of entries.toSorted((a, b) => Buffer.compare(a.name, b.name))) {
    const place = placeIn(folder, entry.name);
    // Git's own store is no work tree; what it holds is the business of the staged and history scans.
    if (entry.name.toString("latin1") === ".git") continue;
    if (entry.isDirectory()) yield* walk(place, limit);
    else yield await readOne(place, limit);
  }
}

/**
 * Reads files and folders from the disk, whole.
 *
 * @param paths absolute; a folder stands for all below it but `.git`
 */
export async function* tree(
  paths: readonly string[],
  { root, limit }: TreeOptions,
): AsyncGenerator<SourceEvent> {
  for (const file of paths) {
    const place = placeOf(file, root);
    const stat = await lstat(place.raw).catch(() => null);
    if (stat?.isDirectory() === true) yield* walk(place, limit);
    else yield await readOne(place, limit);
  }
}
