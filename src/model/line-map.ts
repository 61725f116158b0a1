import type { Range } from "./document.ts";
import { asBuffer } from "./bytes.ts";

/** Where lines start, made when the first position is asked for. */
export class LineMap {
  readonly #bytes: Buffer;
  #starts: number[] | null = null;
  /** Last place asked for: on one long line with many findings each column counts on from the one before. */
  #last = { start: -1, offset: 0, column: 1 };

  /** @param bytes UTF-8; lines end with LF or CRLF, in a file without any LF with CR */
  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
  }

  get #lineStarts(): number[] {
    if (this.#starts !== null) return this.#starts;
    const starts = [0];
    // A lone CR ends lines only in files that know nothing else.
    const end = this.#bytes.includes(10) ? 10 : 13;
    for (let at = this.#bytes.indexOf(end); at >= 0; at = this.#bytes.indexOf(end, at + 1))
      starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }

  /** @returns 0-based number of the line that holds the byte at `offset` */
  lineOf(offset: number): number {
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Number of lines; a text without a line end has one. */
  get count(): number {
    return this.#lineStarts.length;
  }

  /** Byte offsets of a line, without its LF or CRLF; `line` is 0-based. */
  bounds(line: number): readonly [start: number, end: number] {
    const starts = this.#lineStarts;
    const start = starts[line] ?? this.#bytes.length;
    let end = line + 1 < starts.length ? (starts[line + 1] ?? 0) - 1 : this.#bytes.length;
    if (end > start && this.#bytes[end - 1] === 13) end -= 1;
    return [start, end];
  }

  /** The line's text; `line` is 0-based. */
  text(line: number): string {
    const [start, end] = this.bounds(line);
    return this.#bytes.toString("utf8", start, end);
  }

  #column(line: number, offset: number): number {
    const start = this.#lineStarts[line] ?? 0;
    const last = this.#last;
    const on = last.start === start && last.offset <= offset;
    const column = on
      ? last.column + this.#bytes.toString("utf8", last.offset, offset).length
      : this.#bytes.toString("utf8", start, offset).length + 1;
    // Counting on from the middle of a character would count it twice.
    const inside = ((this.#bytes[offset] ?? 0) & 0xc0) === 0x80;
    if (!inside) this.#last = { start, offset, column };
    return column;
  }

  /** 1-based place of the bytes from `start` up to `end`. */
  range(start: number, end: number): Range {
    const line = this.lineOf(start);
    const column = this.#column(line, start);
    const endLine = this.lineOf(Math.max(start, end - 1));
    return { line: line + 1, column, endLine: endLine + 1, endColumn: this.#column(endLine, end) };
  }
}
