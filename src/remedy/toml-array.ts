import { isDeepStrictEqual } from "node:util";
import type { ValuePath } from "../formats/jsonc.ts";
import { locateToml, parseToml } from "../formats/toml.ts";

/**
 * Adds a string to an array of a TOML text; the array and its table are made where there is none.
 *
 * @param path the array's keys
 * @returns null where the text is broken, or written so that this would need more than one insertion
 */
export function addToTomlArray(text: string, path: readonly string[], entry: string): string | null {
  const { value } = parseToml(text);
  if (value === null) return null;
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const body = text.slice(mark.length);
  const written = insertion(body, path, entry);
  if (written === null) return null;
  const after = `${mark}${body.slice(0, written.at)}${written.text}${body.slice(written.at)}`;
  // All other values are what they were, and this one is behind those of the array.
  return isDeepStrictEqual(parseToml(after).value, added(value, path, entry)) ? after : null;
}

/** The strings of an array; null where there is none. */
export function tomlArray(text: string, path: readonly string[]): readonly unknown[] | null {
  let at: unknown = parseToml(text).value;
  for (const key of path) at = isTable(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return Array.isArray(at) ? at : null;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function added(value: unknown, [key, ...rest]: readonly string[], entry: string): unknown {
  if (key === undefined) return [...(Array.isArray(value) ? value : []), entry];
  const table = isTable(value) ? value : {};
  return { ...table, [key]: added(Object.hasOwn(table, key) ? table[key] : undefined, rest, entry) };
}

function insertion(
  text: string,
  path: readonly string[],
  entry: string,
): { readonly at: number; readonly text: string } | null {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const { scalars } = locateToml(text);
  const quoted = JSON.stringify(entry);
  const last = scalars.findLast((scalar) => scalar.role === "value" && isBelow(scalar.path, path));
  if (last !== undefined) return { at: last.end, text: `, ${quoted}` };
  const key = scalars.findLast((scalar) => scalar.role === "key" && samePath(scalar.path, path));
  if (key !== undefined) {
    const open = /^\s*=\s*\[/.exec(text.slice(key.end));
    return open === null ? null : { at: key.end + open[0].length, text: quoted };
  }
  const table = path.slice(0, -1);
  const line = `${tomlKey(path.at(-1) ?? "")} = [${quoted}]${eol}`;
  const header = scalars.findLast((scalar) => scalar.role === "key" && samePath(scalar.path, table));
  const rest = header === undefined ? null : /^\s*\][^\n]*\n/.exec(text.slice(header.end));
  if (header !== undefined && rest !== null) return { at: header.end + rest[0].length, text: line };
  const joint = text === "" || text.endsWith("\n") ? "" : eol;
  return { at: text.length, text: `${joint}${eol}[${table.map(tomlKey).join(".")}]${eol}${line}` };
}

function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

function samePath(a: ValuePath, b: ValuePath): boolean {
  return a.length === b.length && isBelow([...a, 0], b);
}

function isBelow(path: ValuePath, base: ValuePath): boolean {
  return path.length > base.length && base.every((key, index) => path[index] === key);
}
