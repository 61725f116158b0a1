import type { LocatedScalar } from "../../../formats/located.ts";
import type { Place, TextEdit } from "../../../model/edit.ts";
import type { Grammar } from "./grammars.ts";

/** Replaces part of a scalar's value: offsets in the value, the end exclusive. */
export interface ValueEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Writes new parts into a scalar, with quotes round it where it has none and needs some.
 *
 * @returns the edits of the text and the new value; null where it cannot hold them
 */
export function writeScalar(
  text: string,
  grammar: Grammar,
  scalar: LocatedScalar,
  edits: readonly ValueEdit[],
): { edits: TextEdit[]; value: string } | null {
  const offsets = scalar.offsets();
  if (offsets === null) return null;
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const value = valueWith(scalar.value, ordered);
  const quote = scalar.style === "plain" && grammar.needsQuotes(value, scalar) ? quoteFor(value) : "";
  if (quote === null) return null;
  const written: TextEdit[] = [];
  for (const edit of ordered) {
    const start = offsets[edit.start];
    const end = offsets[edit.end];
    const part = grammar.escape(edit.text, scalar);
    if (start === undefined || end === undefined || part === null) return null;
    const before = start === scalar.start ? quote : "";
    const after = end === scalar.end ? quote : "";
    written.push({ start, end, text: before + part + after });
  }
  if (quote !== "" && ordered[0]?.start !== 0)
    written.unshift({ start: scalar.start, end: scalar.start, text: quote });
  if (quote !== "" && ordered.at(-1)?.end !== scalar.value.length)
    written.push({ start: scalar.end, end: scalar.end, text: quote });
  return { edits: written, value };
}

/** A quote that nothing in the value has to be escaped for. */
function quoteFor(value: string): string | null {
  if (!/["\\]/.test(value)) return '"';
  return value.includes("'") ? null : "'";
}

function valueWith(value: string, ordered: readonly ValueEdit[]): string {
  let out = "";
  let at = 0;
  for (const edit of ordered) {
    out += value.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + value.slice(at);
}

/** A place in terms of the scalar's value; null where its text is not what is meant. */
export function spanOf(
  offsets: readonly number[] | null,
  place: Place,
): { start: number; end: number } | null {
  const start = offsets?.indexOf(place.start) ?? -1;
  const end = offsets?.indexOf(place.end, start) ?? -1;
  return start === -1 || end - start !== place.end - place.start ? null : { start, end };
}
