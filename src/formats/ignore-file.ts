/**
 * The text of an ignore file (.gitignore, .npmignore, .dockerignore of a context's top) with a rule for one file.
 *
 * @param text the present content; null where there is no such file
 * @param path of the file to ignore, relative to the ignore file's folder, `/` between parts, without control characters
 * @returns null where the rule stands there already and no later one can take it back
 * @see https://git-scm.com/docs/gitignore
 */
export function ignoreLine(text: string | null, path: string): string | null {
  const rule = `/${escapePattern(path)}`;
  const present = text ?? "";
  const lines = present.replace(/^\ufeff/, "").split(/\r?\n/);
  const at = Math.max(lines.lastIndexOf(rule), lines.lastIndexOf(rule.slice(1)));
  if (at !== -1 && !lines.slice(at).some((line) => line.startsWith("!"))) return null;
  const eol = /\r?\n/.exec(present)?.[0] ?? "\n";
  const joint = present === "" || present.endsWith("\n") ? "" : eol;
  return `${present}${joint}${rule}${eol}`;
}

/** Blanks at the end would be dropped; the slash before it takes the meaning from a first `#` or `!`. */
function escapePattern(path: string): string {
  return path
    .replace(/[\\*?[\]]/g, String.raw`\$&`)
    .replace(/ +$/, (blanks) => String.raw`\ `.repeat(blanks.length));
}
