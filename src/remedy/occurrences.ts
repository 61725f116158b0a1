import type { Place } from "../model/edit.ts";

/** A value to look for, with the lines on which a rule has found it. */
export interface Wanted {
  readonly name: string;
  readonly value: string;
  /** 1-based; of a value of several lines all of them. */
  readonly lines: ReadonlySet<number>;
}

/** A shorter value may stand elsewhere by chance, so only where a rule has found it. */
const CERTAIN = 8;
const WORD = /[A-Za-z0-9_]/;

function standsAlone(text: string, start: number, end: number): boolean {
  return !WORD.test(text[start - 1] ?? "") && !WORD.test(text[end] ?? "");
}

function lineStarts(text: string): number[] {
  const end = text.includes("\n") ? "\n" : "\r";
  const starts = [0];
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** 1-based number of the line that holds a UTF-16 offset. */
export function lineNumber(text: string, offset: number): number {
  return lineAt(lineStarts(text), offset);
}

/**
 * Finds where values stand in a text: where a rule has found them, and every other place where they stand by themselves. Of
 * two that overlap the longer one counts.
 *
 * @returns ascending, without overlap
 */
export function occurrencesOf(text: string, wanted: readonly Wanted[]): Place[] {
  const starts = lineStarts(text);
  const taken: Place[] = [];
  for (const { name, value, lines } of wanted.toSorted((a, b) => b.value.length - a.value.length)) {
    if (value === "") continue;
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      const end = start + value.length;
      const found = lines.has(lineAt(starts, start));
      const counts = found || (value.length >= CERTAIN && standsAlone(text, start, end));
      if (counts && !taken.some((other) => other.start < end && start < other.end))
        taken.push({ start, end, name });
    }
  }
  return taken.toSorted((a, b) => a.start - b.start);
}
