import type { LocatedScalar } from "../../../formats/located.ts";
import type { TextEdit } from "../../../model/edit.ts";
import type { Range } from "../literal.ts";
import { keysBelow } from "./lookup.ts";

/**
 * Takes an entry out with its lines, or leaves an empty map where it was the only one and the format wants one.
 *
 * @param empty how an empty map is written; null where nothing is needed
 * @returns null where other text stands on its lines
 */
export function droppedEntry(
  text: string,
  scalars: readonly LocatedScalar[],
  value: LocatedScalar,
  empty: string | null = null,
): TextEdit | null {
  const key = scalars[scalars.indexOf(value) - 1];
  if (key === undefined || key.role !== "key" || key.path.join("\0") !== value.path.join("\0")) return null;
  const isOnly = keysBelow(scalars, value.path.slice(0, -1), value.document).length === 1;
  if (isOnly && empty !== null)
    return value.style === "block" ? null : { start: key.start, end: value.end, text: empty };
  const lines = wholeLines(text, key.start, value.end);
  return lines === null ? null : { ...lines, text: "" };
}

/** The lines that a range stands on, with their end; null where anything but blanks and a comment stands there too. */
export function wholeLines(text: string, start: number, end: number): Range | null {
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  if (text.slice(lineStart, start).trim() !== "") return null;
  const rest = /[^\r\n]*(?:\r\n|\r|\n)?/y;
  rest.lastIndex = end;
  const found = rest.exec(text)?.[0] ?? "";
  return /^[ \t]*(?:[#;].*)?$/.test(found.trimEnd()) ? { start: lineStart, end: end + found.length } : null;
}
