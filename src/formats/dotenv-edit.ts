import type { DotenvEntry } from "./dotenv.ts";

/** How a value is written; `refused` says in one clause why no form is read back everywhere as it is. */
export type DotenvForm =
  | { readonly text: string; /** One sentence, or null. */ readonly warning: string | null }
  | { readonly refused: string };

const BARE = /^[A-Za-z0-9_./:@%+=,-]+$/;

/**
 * Writes a value so that `node --env-file`, dotenv, python-dotenv, dotenvx and `source` of a shell all read the same.
 *
 * Single quotes are right in all of them, but for the value's own single quotes. Double quotes then serve where none of
 * the characters is in it that one of them resolves.
 */
export function writeDotenvValue(value: string): DotenvForm {
  if (BARE.test(value)) return { text: value, warning: null };
  if (value.includes("\0")) return { refused: "it holds a NUL, which no dotenv file can carry" };
  if (value.includes("\r")) return { refused: "it holds a carriage return, which readers of dotenv change" };
  if (/\p{Surrogate}/u.test(value)) return { refused: "it is no valid text" };
  if (value.endsWith("\\"))
    return { refused: "it ends with a backslash, which some readers take for one that escapes the quote" };
  if (!value.includes("'")) return { text: `'${value}'`, warning: warningOf(value) };
  if (/["`$\\\n]/.test(value))
    return {
      refused: `it holds a single quote together with ${nameOf(value)}, for which no form is read alike everywhere`,
    };
  return { text: `"${value}"`, warning: null };
}

function warningOf(value: string): string | null {
  if (value.includes("${"))
    return "python-dotenv resolves the ${…} in it, unless called with interpolate=False";
  return value.includes("\\\\") ? "python-dotenv reads two backslashes in it as one" : null;
}

function nameOf(value: string): string {
  if (value.includes("\n")) return "a line end";
  return value.includes('"') ? "a double quote" : "a backquote, dollar sign or backslash";
}

/**
 * The text with an assignment at its end; a last line without an end gets one.
 *
 * @param written as `writeDotenvValue` gives it
 */
export function appendDotenv(text: string, name: string, written: string): string {
  const eol = eolOf(text);
  const joint = lacksFinalEnd(text) ? eol : "";
  return `${text}${joint}${name}=${written}${eol}`;
}

/** The text with another value in an entry's place. */
export function replaceDotenv(text: string, { rawSpan }: DotenvEntry, written: string): string {
  return `${text.slice(0, rawSpan.start)}${written}${text.slice(rawSpan.end)}`;
}

/** The text without the lines of an entry. */
export function removeDotenv(text: string, { lineSpan }: DotenvEntry): string {
  return `${text.slice(0, lineSpan.start)}${text.slice(lineSpan.end)}`;
}

/** Whether the last line is not ended; a text without any line lacks nothing. */
export function lacksFinalEnd(text: string): boolean {
  const body = text.replace(/^\ufeff/, "");
  return body !== "" && !/[\r\n]$/.test(body);
}

/** The end of the text's first line; LF where it has none. */
export function eolOf(text: string): string {
  return /\r\n|\n/.exec(text)?.[0] ?? "\n";
}
