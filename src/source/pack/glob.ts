/**
 * A shell pattern as a regular expression over `/`-separated paths: `*`, `?` and `[…]` within a part, `**` over parts,
 * `{a,b}`.
 *
 * @param deep whether what lies below a match counts too
 */
export function globToRegExp(pattern: string, deep: boolean): RegExp {
  let source = "";
  let braces = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at);
    const set = /^\[(!?)([^\]/]+)\]/.exec(rest);
    if (rest.startsWith("**/")) {
      source += "(?:[^/]+/)*";
      at += 2;
    } else if (rest.startsWith("**")) {
      source += ".*";
      at += 1;
    } else if (rest.startsWith("*")) source += "[^/]*";
    else if (rest.startsWith("?")) source += "[^/]";
    else if (set !== null) {
      source += `[${set[1] === "!" ? "^" : ""}${(set[2] ?? "").replace(/[\\^]/g, String.raw`\$&`)}]`;
      at += set[0].length - 1;
    } else if (rest.startsWith("{") && rest.includes("}")) {
      source += "(?:";
      braces += 1;
    } else if (rest.startsWith("}") && braces > 0) {
      source += ")";
      braces -= 1;
    } else
      source +=
        rest.startsWith(",") && braces > 0 ? "|" : rest[0]!.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`);
  }
  return toRegExp(`^${source}${deep ? "(?:/.*)?" : ""}$`);
}

/** A pattern that is none after all matches nothing. */
function toRegExp(source: string): RegExp {
  try {
    return new RegExp(source, "s");
  } catch {
    return /(?!)/;
  }
}
