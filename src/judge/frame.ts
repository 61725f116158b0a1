import type { Range } from "../model/document.ts";
import type { Frame } from "../model/finding.ts";
import type { Line } from "./line-view.ts";
import { maskLoose, maskWithin } from "./mask.ts";

/** Longest line shown whole; of a longer one a part round the secret. */
const WIDTH = 120;
const BEFORE = 50;
/** Characters on either side of the secret that are looked at. */
const NEAR = 4 * WIDTH;
const MASK = "***";
/** Shorter texts stand anywhere by chance. */
const SHORTEST_VALUE = 4;

/** A stretch of a line, in UTF-16 offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const meet = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** Index of the first span of an ordered list for which something holds from there on. */
function firstWhere(spans: readonly Span[], holds: (span: Span) => boolean): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span !== undefined && holds(span)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A name in quotes before a colon is a key of JSON or YAML, and says what the value is. */
function isKey(inside: string, behind: string): boolean {
  return /^["']\s*:/.test(behind) && /^[A-Za-z][\w.@/-]{0,60}$/.test(inside);
}

/** Everything on a part of the line that must not be seen, in order and apart, the secret itself among it. */
function hiddenSpans(line: Line, part: Span, secret: Span): Span[] {
  const text = line.text.slice(part.start, part.end);
  const from = firstWhere(line.matches, ({ start }) => start + line.longest > part.start);
  const behind = firstWhere(line.matches, ({ start }) => start >= part.end);
  const spans = line.matches.slice(from, behind);
  for (const value of line.values) {
    if (value.length < SHORTEST_VALUE) continue;
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
      spans.push({ start: part.start + at, end: part.start + at + value.length });
  }
  // What reaches over the secret's ends is hidden beyond them.
  const outside = spans.flatMap(({ start, end }) => [
    { start, end: Math.min(end, secret.start) },
    { start: Math.max(start, secret.end), end },
  ]);
  const hidden: Span[] = [];
  for (const span of [...outside.filter(({ start, end }) => end > start), secret].toSorted(
    (a, b) => a.start - b.start,
  )) {
    const last = hidden.at(-1);
    if (last === undefined || last === secret || span === secret || span.start >= last.end) hidden.push(span);
    else hidden[hidden.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return hidden;
}

/** One stretch without a secret in it: strings of their own are masked, the rest word by word. */
function maskPiece(line: Line, piece: Span, hidden: readonly Span[]): string {
  let shown = "";
  let at = piece.start;
  const first = firstWhere(line.strings, ({ end }) => end > piece.start);
  for (let index = first; index < line.strings.length; index += 1) {
    const string = line.strings[index];
    if (string === undefined || string.start >= piece.end) break;
    const start = Math.max(at, string.start);
    const end = Math.min(piece.end, string.end);
    shown += maskLoose(line.text.slice(at, start));
    const inside = line.text.slice(start, end);
    if (hidden.some((span) => meet(span, string))) shown += maskWithin(inside);
    else if (isKey(inside, line.text.slice(end, end + 20))) shown += inside;
    else shown += inside === "" ? "" : MASK;
    at = end;
  }
  return shown + maskLoose(line.text.slice(at, Math.max(at, piece.end)));
}

/**
 * The line of a finding with its value replaced by the redacted form and every other value on it masked.
 *
 * @param line the finding's first line
 * @param range the secret's place; of a secret of several lines everything to the end of the line is masked
 */
export function frameOf(line: Line, range: Range, redacted: string): Frame {
  const start = range.column - 1;
  const secret = { start, end: range.endLine === range.line ? range.endColumn - 1 : line.text.length };
  const part = { start: Math.max(0, start - NEAR), end: Math.min(line.text.length, secret.end + NEAR) };
  const hidden = hiddenSpans(line, part, secret);
  let before = "";
  let after = "";
  let at = part.start;
  let passed = false;
  for (const span of hidden) {
    const piece = maskPiece(line, { start: at, end: span.start }, hidden);
    if (passed) after += piece;
    else before += piece;
    if (span === secret) passed = true;
    else if (passed) after += MASK;
    else before += MASK;
    at = span.end;
  }
  after += maskPiece(line, { start: at, end: part.end }, hidden);
  return crop(before, redacted, after, part.start === 0 && part.end === line.text.length);
}

/**
 * A whole line with every value on it masked, but for stretches that are known to hold none.
 *
 * @param open in order and apart, UTF-16 offsets
 */
export function maskAround(line: Line, open: readonly Span[]): string {
  const values = hiddenSpans(line, { start: 0, end: line.text.length }, { start: 0, end: 0 });
  const hidden = values.filter((span) => span.end > span.start && !open.some((each) => meet(each, span)));
  const spans = [
    ...hidden.map((span) => ({ ...span, text: MASK })),
    ...open.map((span) => ({ ...span, text: line.text.slice(span.start, span.end) })),
  ].toSorted((a, b) => a.start - b.start);
  let shown = "";
  let at = 0;
  for (const span of spans) {
    shown += maskPiece(line, { start: at, end: span.start }, hidden) + span.text;
    at = span.end;
  }
  return shown + maskPiece(line, { start: at, end: line.text.length }, hidden);
}

function crop(before: string, redacted: string, after: string, whole: boolean): Frame {
  const fits = whole && before.length + redacted.length + after.length <= WIDTH;
  const left = fits || before.length <= BEFORE ? before.trimStart() : `…${before.slice(-BEFORE)}`;
  const room = WIDTH - left.length - redacted.length;
  const right = after.length <= room ? after.trimEnd() : `${after.slice(0, Math.max(0, room - 1))}…`;
  return { text: left + redacted + right, start: left.length, length: redacted.length };
}
