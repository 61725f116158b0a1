import { readFile, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { findConfig, type FoundConfig, KINDS } from "./find.ts";
import { UsageError } from "../model/errors.ts";

/** A larger file is no configuration, whoever put it there. */
const LARGEST_BYTES = 16 * 1024 ** 2;

/**
 * Reads the configuration from the work tree: the file named by the user, else the nearest upwards.
 *
 * @param cwd absolute
 * @param top absolute; the last folder that is looked into, the repository's top or `cwd` itself
 * @param named `--config`, absolute or relative to `cwd`
 * @throws UsageError where it is broken, or where the named file cannot be read or holds none
 */
export async function readConfig(cwd: string, top: string, named?: string): Promise<FoundConfig | null> {
  if (named === undefined) {
    return findConfig(foldersUp(cwd, top), (path) => readText(resolve(cwd, path)));
  }
  const kind = KINDS.find(([name]) => name === basename(named))?.[1] ?? "jsonc";
  const text = await readText(resolve(cwd, named));
  const { parseConfig } = await import("./parse.ts");
  const config = text === null ? null : await parseConfig(text, named, kind);
  if (config !== null) return { path: named, config };
  const what = text === null ? "there is no such file" : "this file holds no configuration of stowaway";
  throw new UsageError("config-missing", what, { path: named, hint: "See --config." });
}

/** Prefixes relative to `cwd`: `""`, `"../"`, `"../../"`, up to `top`. */
function foldersUp(cwd: string, top: string): string[] {
  const folders: string[] = [];
  if (relative(top, cwd).startsWith("..")) return [""];
  for (let folder = cwd; ; folder = dirname(folder)) {
    const prefix = relative(cwd, folder).split(sep).join("/");
    folders.push(prefix === "" ? "" : `${prefix}/`);
    if (folder === top || folder === dirname(folder)) return folders;
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readRegular(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return null;
    if (cause instanceof UsageError) throw cause;
    throw new UsageError("config-unreadable", "this file cannot be read", { path, cause });
  }
}

async function readRegular(path: string): Promise<string> {
  // Looked at before it is opened: opening a pipe waits for ever.
  const entry = await stat(path);
  if (!entry.isFile()) throw new UsageError("config-unreadable", "this is no regular file", { path });
  if (entry.size > LARGEST_BYTES)
    throw new UsageError("config-unreadable", "this file is too large", { path });
  return readFile(path, "utf8");
}
