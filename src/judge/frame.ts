import type { Range } from "../model/document.ts";
import type { Frame } from "../model/finding.ts";

/** Longest line shown whole; of a longer one a part round the secret. */
const WIDTH = 120;
const BEFORE = 50;
const MASK = "***";

/** A stretch of a line that must not be seen, in UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTED = /(["'`])(?:(?!\1)[^\\]|\\.)*\1/g;

/**
 * What follows `=` or `:` up to the next mark; not the `//` of a URL, not a name that is assigned to in its turn
 * (`https://host/:_authToken=…`), and not our own allow comment.
 */
const VALUE =
  /((?:=|(?<!stowaway):)[ \t]*)(?![ \t]|\/\/)([^\s"'`,;(){}[\]<>=:@]{3,})(?![^\s"'`,;(){}[\]<>=:@]|[ \t]*[=:])/g;

/** Masks what could be a value outside quotes: what follows `=` or `:`, and runs of letters with digits. */
function maskLoose(text: string): string {
  return text
    .replace(VALUE, (_, operator: string) => `${operator}${MASK}`)
    .replace(/[A-Za-z0-9+/_-]{8,}={0,2}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? MASK : run));
}

/** A name in quotes before a colon is a key of JSON or YAML, and says what the value is. */
function isKey(quoted: string, behind: string): boolean {
  return /^\s*:/.test(behind) && /^["'][A-Za-z][\w.@/-]{0,60}["']$/.test(quoted);
}

/**
 * The line with every value but one masked.
 *
 * @param hidden stretches that must not be seen, sorted and apart; the first one that starts at `start` is shown redacted
 */
function maskLine(
  text: string,
  start: number,
  redacted: string,
  hidden: readonly Span[],
): { text: string; start: number } {
  const strings = [...text.matchAll(QUOTED)]
    .filter((found) => !isKey(found[0], text.slice(found.index + found[0].length)))
    .map((found) => ({ start: found.index + 1, end: found.index + found[0].length - 1 }));
  const meets = (one: Span): boolean => hidden.some((span) => span.start < one.end && one.start < span.end);
  const whole = strings.filter((string) => string.end > string.start && !meets(string));
  let masked = "";
  let place = 0;
  let at = 0;
  for (const span of [...hidden, ...whole].toSorted((a, b) => a.start - b.start)) {
    if (span.end <= at && span.end > span.start) continue;
    masked += maskLoose(text.slice(at, Math.max(at, span.start)));
    if (span.start === start) place = masked.length;
    masked += span.start === start ? redacted : MASK;
    at = Math.max(at, span.end);
  }
  return { text: masked + maskLoose(text.slice(at)), start: place };
}

/**
 * The line of a finding with its value replaced by the redacted form and every other value on it masked.
 *
 * @param text the finding's first line
 * @param range the secret's place; of a secret of several lines everything to the end of the line is masked
 * @param others other secrets on this line, sorted
 */
export function frameOf(text: string, range: Range, redacted: string, others: readonly Span[]): Frame {
  const begin = range.column - 1;
  const finish = range.endLine === range.line ? range.endColumn - 1 : text.length;
  // Of a very long line only the neighbourhood is looked at.
  const from = Math.max(0, begin - 4 * WIDTH);
  const part = text.slice(from, finish + 4 * WIDTH);
  const secret = { start: begin - from, end: finish - from };
  const apart = others
    .map(({ start, end }) => ({ start: start - from, end: end - from }))
    .filter(
      ({ start, end }) => end > 0 && start < part.length && (end <= secret.start || start >= secret.end),
    );
  const line = maskLine(
    part,
    secret.start,
    redacted,
    [...apart, secret].toSorted((a, b) => a.start - b.start),
  );
  const before = line.text.slice(0, line.start);
  const after = line.text.slice(line.start + redacted.length);
  const fits = from === 0 && line.text.length <= WIDTH;
  const left = fits || before.length <= BEFORE ? before.trimStart() : `…${before.slice(-BEFORE)}`;
  const room = WIDTH - left.length - redacted.length;
  const right = after.length <= room ? after.trimEnd() : `${after.slice(0, Math.max(0, room - 1))}…`;
  return { text: left + redacted + right, start: left.length, length: redacted.length };
}
