import { lstatSync } from "node:fs";
import path from "node:path";

/** Bytes that are no UTF-8 stand in a path for people as `\xNN`, and then, or where a name looks so, backslashes are doubled. */
const ESCAPED = /\\x[89a-f]/;

/**
 * A path's own bytes, of the form in which findings name it (`pathText` of source/git/list.ts, undone).
 *
 * @param shown relative to the top of the work tree, `/` between parts
 */
export function pathBytes(shown: string): Buffer {
  if (!ESCAPED.test(shown)) return Buffer.from(shown);
  const parts = [...shown.matchAll(/\\\\|\\x([0-9a-f]{2})|[^\\]+|\\/gs)].map(([text, byte]) => {
    if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)]);
    return Buffer.from(text === "\\\\" ? "\\" : text);
  });
  return Buffer.concat(parts);
}

/** Whether the bytes can stand in an argument list, which is text. */
export function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

/** The absolute path, as bytes: the name need not be UTF-8. */
export function inTree(top: string, shown: string): Buffer {
  return Buffer.concat([Buffer.from(top.endsWith("/") ? top : `${top}/`), pathBytes(shown)]);
}

/** The folder of a path, as bytes. */
export function folderOf(file: Buffer): Buffer {
  return file.subarray(0, Math.max(file.lastIndexOf("/"), 1));
}

/** As `pathProblem`, as far as the words of the path alone tell; nothing is looked at. */
export function namedProblem(shown: string): string | null {
  const bytes = pathBytes(shown).toString("latin1");
  const parts = bytes.split("/");
  const outside =
    path.isAbsolute(bytes) ||
    bytes.includes("\0") ||
    parts.some((part) => part === "" || part === "." || part === "..");
  if (outside || (process.platform === "win32" && /[\\:]/.test(bytes)))
    return "it lies outside of the work tree";
  return parts.some((part) => /^(?:\.git|git~1)$/i.test(part)) ? "it lies in git's own folder" : null;
}

/**
 * Why a path must not be written: it leaves the work tree, reaches into git's own folder, or a folder on the way is a link
 * or another repository.
 *
 * @returns one clause, null where there is nothing against it
 */
export function pathProblem(top: string, shown: string): string | null {
  const problem = namedProblem(shown);
  if (problem !== null) return problem;
  const parts = pathBytes(shown).toString("latin1").split("/");
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = Buffer.concat([
      Buffer.from(`${top}/`),
      Buffer.from(parts.slice(0, depth).join("/"), "latin1"),
    ]);
    const entry = lstatSync(folder, { throwIfNoEntry: false });
    if (entry === undefined) return null;
    if (entry.isSymbolicLink()) return "a folder on the way to it is a symbolic link";
    if (!entry.isDirectory()) return null;
    const inner = lstatSync(Buffer.concat([folder, Buffer.from("/.git")]), { throwIfNoEntry: false });
    if (inner !== undefined) return "it belongs to another repository (a submodule, say)";
  }
  return null;
}
