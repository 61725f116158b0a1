import type { Document } from "../model/document.ts";
import { asBuffer } from "../model/bytes.ts";
import type { LineMap } from "../model/line-map.ts";
import type { Match } from "../model/match.ts";
import type { Span } from "./frame.ts";

/** Values that are looked for wherever they stand; a token with a mark of its own is matched itself everywhere. */
const MOST_VALUES = 200;

/** What a frame needs to know of one line, in UTF-16 offsets. */
export interface Line {
  readonly text: string;
  /** The insides of its quoted strings, in order. */
  readonly strings: readonly Span[];
  /** All matches on it, in order; they may overlap. */
  readonly matches: readonly Span[];
  /** Length of the longest of them. */
  readonly longest: number;
  /** Texts that must not be seen, wherever on the line they stand. */
  readonly values: readonly string[];
}

/**
 * The insides of a line's quoted strings. A quote mark without a partner, as in `don't`, opens none.
 *
 * Read from the line's beginning, since in the middle inside and outside cannot be told apart.
 */
function quotedStrings(text: string): Span[] {
  const last = new Map(['"', "'", "`"].map((quote) => [quote, text.lastIndexOf(quote)]));
  const strings: Span[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const quote = text[at] ?? "";
    const closing = last.get(quote);
    if (quote === "\\") at += 1;
    if (closing === undefined || closing <= at) continue;
    let end = at + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length) continue;
    strings.push({ start: at + 1, end });
    at = end;
  }
  return strings;
}

/** Lines of one document as frames need them; the last one asked for is kept, since findings come in their order. */
export class LineViews {
  readonly #document: Buffer;
  readonly #lines: LineMap;
  readonly #byLine = new Map<number, Match[]>();
  readonly #values: readonly string[];
  #last: { readonly number: number; readonly line: Line } | null = null;

  /** @param all every match of the document: none of their values may show in a frame */
  constructor({ bytes }: Document, lines: LineMap, all: readonly Match[]) {
    this.#document = asBuffer(bytes);
    this.#lines = lines;
    for (const match of all) {
      const last = lines.lineOf(Math.max(match.start, match.end - 1));
      for (let line = lines.lineOf(match.start); line <= last; line += 1) {
        const others = this.#byLine.get(line);
        if (others === undefined) this.#byLine.set(line, [match]);
        else others.push(match);
      }
    }
    const unmarked = all.filter(({ rule }) => rule.publicPrefix === 0).slice(0, MOST_VALUES);
    this.#values = [...new Set(unmarked.map((match) => this.#text(match.start, match.end)))];
  }

  #text(start: number, end: number): string {
    return this.#document.toString("utf8", start, end);
  }

  /** @param number 0-based */
  line(number: number): Line {
    if (this.#last?.number === number) return this.#last.line;
    const [start, end] = this.#lines.bounds(number);
    const text = this.#text(start, end);
    const here = (this.#byLine.get(number) ?? []).toSorted((a, b) => a.start - b.start);
    // One pass from match to match: on a long line each offset counts on from the one before.
    const offsets = new Map<number, number>();
    let bytes = start;
    let characters = 0;
    for (const place of here.flatMap((match) => [match.start, match.end]).toSorted((a, b) => a - b)) {
      const to = Math.min(end, Math.max(start, place));
      characters += this.#text(bytes, to).length;
      bytes = to;
      offsets.set(place, characters);
    }
    const matches = here.map((match) => ({
      start: offsets.get(match.start) ?? 0,
      end: offsets.get(match.end) ?? text.length,
    }));
    const longest = matches.reduce((most, span) => Math.max(most, span.end - span.start), 0);
    const line = { text, strings: quotedStrings(text), matches, longest, values: this.#values };
    this.#last = { number, line };
    return line;
  }
}
