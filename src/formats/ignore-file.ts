/**
 * The text of an ignore file (.gitignore, .npmignore, .dockerignore of a context's top) with a rule for one file.
 *
 * @param text the present content; null where there is no such file
 * @param path of the file to ignore, relative to the ignore file's folder, `/` between parts, without control characters
 * @returns null where the rule stands there already and no later one can take it back
 * @see https://git-scm.com/docs/gitignore
 */
export function ignoreLine(text: string | null, path: string): string | null {
  const pattern = escapePattern(path);
  // Without the slash before it, a first `#` or `!` has a meaning of its own.
  return lastRule(text, `/${pattern}`, /^[#!]/.test(pattern) ? [] : [pattern]);
}

/**
 * The text of a list of patterns, one a line, with a rule behind all others.
 *
 * @param same other spellings of the rule
 * @returns null where the rule stands there already and no `!` comes after it
 */
export function lastRule(text: string | null, rule: string, same: readonly string[] = []): string | null {
  const present = text ?? "";
  // A byte order mark, in a text or in one with a character a byte.
  const lines = present.replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, "").split(/\r?\n/);
  const at = Math.max(...[rule, ...same].map((each) => lines.lastIndexOf(each)));
  if (at !== -1 && !lines.slice(at).some((line) => line.startsWith("!"))) return null;
  return appendRule(present, rule);
}

/** Appends a line, in the file's own line ends. */
export function appendRule(text: string, rule: string): string {
  const eol = /\r?\n/.exec(text)?.[0] ?? "\n";
  const joint = text === "" || text.endsWith("\n") ? "" : eol;
  return `${text}${joint}${rule}${eol}`;
}

/**
 * A path as a pattern that matches it alone, for git and for those who read its syntax with more in it: npm's matcher
 * (minimatch) knows braces and parentheses too, and cuts blanks off at the end, also those behind a backslash.
 *
 * @param blanks at the end, which would be cut off
 */
export function escapePattern(path: string, blanks = / +$/): string {
  return path
    .replace(/[\\*?[\](){}]/g, String.raw`\$&`)
    .replace(blanks, (found) => found.replace(/./g, "[$&]"));
}
