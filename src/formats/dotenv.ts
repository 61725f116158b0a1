/** A stretch of a text in UTF-16 offsets, the end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

type Quote = "'" | '"' | "`";

/** One assignment of a dotenv file. */
export interface DotenvEntry {
  readonly key: string;
  /** What a program gets: quotes off, `\n` and `\r` resolved between double quotes, line ends as `\n`. */
  readonly value: string;
  /** Null for a bare value. */
  readonly quote: Quote | null;
  readonly keySpan: Span;
  /** The value's own characters, without the quotes. */
  readonly valueSpan: Span;
  /** The value with its quotes; empty behind the `=` where there is none. */
  readonly rawSpan: Span;
  /** Every line that it stands on, with the line end, `export` and comment. */
  readonly lineSpan: Span;
}

const KEY = /[\w.-]/;
const SPACE = /\s/;
/** What ends a line for `^`, `$` and `.` of a regular expression, by which this grammar is defined. */
const LINE_END = /[\n\r\u2028\u2029]/;

/**
 * Finds the assignments of a dotenv file, exactly those that the npm package `dotenv` finds.
 *
 * `util.parseEnv` of Node reads the same out of what is written by rule. It differs in what is not: text behind a closing
 * quote, escaped quotes, `\r` in double quotes, `KEY: value`, a lone CR, blanks that are neither space nor tab, keys with
 * other characters than letters, digits and `_.-`, an assignment over two lines, a byte order mark.
 *
 * @param text a byte order mark is passed over
 * @see https://github.com/motdotla/dotenv#rules
 */
export function parseDotenv(text: string): DotenvEntry[] {
  const entries: DotenvEntry[] = [];
  let at = 0;
  while (at < text.length) {
    at = skipSpace(text, at);
    const entry = at < text.length ? readEntry(text, at) : null;
    if (entry !== null) entries.push(entry);
    // From the end of the value, since a comment behind it may hold the next line's start only after its own end.
    at = lineEnd(text, entry === null ? at : entry.rawSpan.end) + 1;
  }
  return entries;
}

/** The values by their names; of a name given twice the last counts. Without a prototype. */
export function dotenvValues(entries: readonly DotenvEntry[]): Readonly<Record<string, string>> {
  const values = Object.create(null) as Record<string, string>;
  for (const { key, value } of entries) values[key] = value;
  return values;
}

function readEntry(text: string, from: number): DotenvEntry | null {
  const start = skipExport(text, from);
  const end = skipKey(text, start);
  if (end === start) return start === from ? null : readAt(text, from, from);
  return readAt(text, from, start) ?? (start === from ? null : readAt(text, from, from));
}

/** @param start of the key; `from` is that of `export`, if there is one */
function readAt(text: string, from: number, start: number): DotenvEntry | null {
  const end = skipKey(text, start);
  const after = skipSeparator(text, end);
  if (end === start || after === null) return null;
  const raw = readQuoted(text, after) ?? readBare(text, after);
  const marked = text[raw.start];
  const quote = isQuote(marked) && raw.end - raw.start > 1 && text[raw.end - 1] === marked ? marked : null;
  const inner = quote === null ? raw : { start: raw.start + 1, end: raw.end - 1 };
  let value = text.slice(inner.start, inner.end).replace(/\r\n?/g, "\n");
  if (marked === '"') value = value.replaceAll(String.raw`\n`, "\n").replaceAll(String.raw`\r`, "\r");
  return {
    key: text.slice(start, end),
    value,
    quote,
    keySpan: { start, end },
    valueSpan: inner,
    rawSpan: raw,
    lineSpan: { start: lineStart(text, from), end: pastLineEnd(text, raw.end) },
  };
}

/** `export` counts only where a name and a sign follow; else it is the name. */
function skipExport(text: string, from: number): number {
  if (!text.startsWith("export", from) || !SPACE.test(text[from + 6] ?? "")) return from;
  return skipSpace(text, from + 6);
}

function skipKey(text: string, from: number): number {
  let at = from;
  while (at < text.length && KEY.test(text.charAt(at))) at += 1;
  return at;
}

/** Past `=`, with any space before it, or past a colon and one space right behind it. */
function skipSeparator(text: string, from: number): number | null {
  const sign = skipSpace(text, from);
  if (text[sign] === "=") return sign + 1;
  if (text[from] !== ":" || !SPACE.test(text[from + 1] ?? "")) return null;
  return text.startsWith("\r\n", from + 1) ? from + 3 : from + 2;
}

/**
 * A quoted value ends at the first quote without a backslash before it, if nothing but a comment follows on its line;
 * else at the last of the escaped quotes before that of which this is true.
 */
function readQuoted(text: string, from: number): Span | null {
  const start = skipSpace(text, from);
  const quote = text[start];
  if (!isQuote(quote)) return null;
  let found: Span | null = null;
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    const escaped = text[at - 1] === "\\";
    if (endsValue(text, at + 1)) found = { start, end: at + 1 };
    if (!escaped) break;
  }
  return found;
}

function endsValue(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && SPACE.test(text.charAt(at)) && !LINE_END.test(text.charAt(at))) at += 1;
  return at === text.length || text[at] === "#" || LINE_END.test(text.charAt(at));
}

function readBare(text: string, from: number): Span {
  let end = from;
  while (end < text.length && !"#\r\n".includes(text.charAt(end))) end += 1;
  let start = from;
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  return start === end ? { start: from, end: from } : { start, end };
}

function isQuote(character: string | undefined): character is Quote {
  return character === "'" || character === '"' || character === "`";
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACE.test(text.charAt(at))) at += 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !LINE_END.test(text.charAt(at))) at += 1;
  return at;
}

/** Lines as an editor shows them: those that end with LF, CRLF or CR. */
function pastLineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at += 1;
  return Math.min(text.length, text.startsWith("\r\n", at) ? at + 2 : at + 1);
}

function lineStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at -= 1;
  // A byte order mark is the file's, not the line's.
  return at === 0 && text.startsWith("\ufeff") ? 1 : at;
}
