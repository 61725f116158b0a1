import type { ValuePath } from "./jsonc.ts";

/**
 * How a scalar is written: without quotes, in single or double quotes, as a YAML block, or as XML's character data or
 * attribute.
 */
export type ScalarStyle = "plain" | "single" | "double" | "block" | "text" | "cdata" | "attribute";

/** A key or a value of a document that still knows where it stands. */
export interface LocatedScalar {
  /** Keys and indices from the root; a key has the path of its value. */
  readonly path: ValuePath;
  readonly role: "key" | "value";
  /** UTF-16 offsets of the whole token, with its quotes; the end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly style: ScalarStyle;
  /** Decoded. */
  readonly value: string;
  /** In a YAML collection that is written with braces or brackets. */
  readonly flow: boolean;
  /** Why a reader may take it for more than its text: a tag, or an anchor that is used elsewhere. Null where it does not. */
  readonly special: string | null;
  /** Number of the document in a stream of several. */
  readonly document: number;
  /**
   * For each UTF-16 unit of the value its offset in the text, and one more for the end; null where the writing folds lines
   * in a way that is not followed. Computed anew at each call.
   */
  offsets(): readonly number[] | null;
}

export interface LocatedText {
  /** In their order in the text, without overlap. */
  readonly scalars: readonly LocatedScalar[];
  /** Number of syntax errors. */
  readonly problems: number;
}

/** @returns the scalar that holds all of a place; undefined where there is none (a comment, or the syntax itself) */
export function scalarAt(
  scalars: readonly LocatedScalar[],
  start: number,
  end: number,
): LocatedScalar | undefined {
  let low = 0;
  let high = scalars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scalars[middle]?.start ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const found = scalars[low - 1];
  return found !== undefined && end <= found.end ? found : undefined;
}

/** Offsets of a value that stands in the text as it is. */
export function straightOffsets(start: number, length: number): number[] {
  return Array.from({ length: length + 1 }, (_, index) => start + index);
}

/**
 * Offsets of a value that is written with escapes.
 *
 * @param from where the value begins in the text, after the opening quote
 * @param to where it ends
 * @param unit matches one written unit at its place; sticky
 * @param decode the characters that a written unit stands for
 * @returns null where what is decoded so is not the value
 */
export function escapedOffsets(
  text: string,
  { from, to, value }: { from: number; to: number; value: string },
  unit: RegExp,
  decode: (written: string) => string,
): readonly number[] | null {
  const offsets: number[] = [];
  let decoded = "";
  for (let at = from; at < to;) {
    unit.lastIndex = at;
    const written = unit.exec(text)?.[0] ?? text.charAt(at);
    const meant = decode(written);
    for (let index = 0; index < meant.length; index += 1) offsets.push(at);
    decoded += meant;
    at += Math.max(written.length, 1);
  }
  return decoded === value ? [...offsets, to] : null;
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  e: "\x1b",
  "0": "\0",
  _: "\xa0",
  N: "\x85",
  L: "\u2028",
  P: "\u2029",
};

/** One character of a string in double quotes, as JSON, TOML, YAML and HCL write it. */
export const DOUBLE_UNIT = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[^])/y;

/** What one character in double quotes stands for. */
export function decodeDouble(written: string): string {
  if (!written.startsWith("\\")) return written;
  const kind = written.charAt(1);
  if (written.length > 2)
    return String.fromCodePoint(Math.min(Number.parseInt(written.slice(2), 16), 0x10ffff));
  return SIMPLE[kind] ?? kind;
}
