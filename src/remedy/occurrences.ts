import type { Place } from "../model/edit.ts";

/** A value to look for, with the lines on which a rule has found it. */
export interface Wanted {
  readonly name: string;
  readonly value: string;
  /** 1-based; of a value of several lines all of them. Empty where no rule has found it in this text. */
  readonly lines: ReadonlySet<number>;
}

/** Where a text's values stand. */
export interface Occurrences {
  /** Ascending, without overlap. */
  readonly places: readonly Place[];
  /** Within a longer word, where no rule has found it: nothing is to be replaced, but it is the value all the same. */
  readonly embedded: readonly Place[];
}

/** A shorter value may stand elsewhere by chance, so only where a rule has found it. */
const CERTAIN = 8;
const WORD = /[A-Za-z0-9_]/;

function standsAlone(text: string, start: number, end: number): boolean {
  return !WORD.test(text[start - 1] ?? "") && !WORD.test(text[end] ?? "");
}

/** Lines of a text, to be asked for often. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  /** @param text its lines end with LF or CRLF, in a text without any LF with CR */
  constructor(text: string) {
    const end = text.includes("\n") ? "\n" : "\r";
    const starts = [0];
    for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) starts.push(at + 1);
    this.#starts = starts;
    this.#length = text.length;
  }

  /** 1-based number of the line that holds a UTF-16 offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** UTF-16 offset at which a line starts, 1-based; behind the last one the text's end. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.#length;
  }
}

/**
 * Finds where values stand in a text: where a rule has found them, and every other place where they stand by themselves. Of
 * two that overlap the longer one counts.
 */
export function occurrencesOf(
  text: string,
  wanted: readonly Wanted[],
  lines: LineIndex = new LineIndex(text),
): Occurrences {
  const taken = new Uint8Array(text.length);
  const places: Place[] = [];
  const embedded: Place[] = [];
  for (const { name, value, lines: found } of wanted.toSorted((a, b) => b.value.length - a.value.length)) {
    if (value === "") continue;
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      const end = start + value.length;
      if (taken[start] === 1 || taken[end - 1] === 1) continue;
      const counts =
        found.has(lines.lineAt(start)) || (value.length >= CERTAIN && standsAlone(text, start, end));
      if (!counts && value.length < CERTAIN) continue;
      taken.fill(1, start, end);
      (counts ? places : embedded).push({ start, end, name });
    }
  }
  const inOrder = (list: Place[]): Place[] => list.toSorted((a, b) => a.start - b.start);
  return { places: inOrder(places), embedded: inOrder(embedded) };
}
