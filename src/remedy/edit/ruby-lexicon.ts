import { backslash, closedBy, lineComment, noEscape, wordEnd } from "./scan.ts";
import type { Lexicon, TextRule, Token } from "./scan.ts";

const BRACKETS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };
/** Words after which an expression begins. */
const OPERATORS = new Set(
  "and begin break case do else elsif ensure if in next not or rescue return then unless until when while yield puts p print raise require".split(
    " ",
  ),
);

/** Where Ruby's comments, words and strings begin and end (doc/syntax/literals.rdoc of Ruby). */
export const RUBY: Lexicon = {
  comment: (text, at) => {
    if (startsLine(text, at) && text.startsWith("=begin", at)) return blockEnd(text, at);
    if (startsLine(text, at) && /^__END__(?:\r?\n|$)/.test(text.slice(at, at + 9))) return text.length;
    return lineComment(text, at, "#");
  },
  string: (text, at, previous) => stringRule(text, at, previous),
  heredoc: (text, at, previous) => heredoc(text, at, previous),
  word: rubyWord,
};

function startsLine(text: string, at: number): boolean {
  return at === 0 || text.charAt(at - 1) === "\n";
}

function blockEnd(text: string, at: number): number {
  const end = text.indexOf("\n=end", at);
  if (end < 0) return text.length;
  const line = text.indexOf("\n", end + 1);
  return line < 0 ? text.length : line;
}

/** Names with their `?`, `!`, `@` and `$`; special variables such as `$'`; symbols of operators. */
function rubyWord(text: string, at: number, previous: Token | undefined): number {
  const sign = text.charAt(at);
  const next = text.charAt(at + 1);
  // `?a`, a string of one character.
  if (sign === "?" && /^\?[^\s\\](?![\p{L}\p{N}_])/u.test(text.slice(at, at + 4)))
    return previous?.end !== at && isValuePosition(text, at, previous, 1) ? at + 2 : at;
  if (sign === "$" && /[~*$?!@/\\;,.=:<>"&`'+_0-9-]/.test(next))
    return Math.max(at + 2, wordEnd(text, at + 1));
  if (sign === ":" && text.charAt(at - 1) !== ":" && /[`/%<+*-]/.test(next)) return at + 2;
  const start = sign === "@" || sign === "$" ? (next === "@" ? at + 2 : at + 1) : at;
  const end = wordEnd(text, start);
  if (end === start) return at;
  return /[?!]/.test(text.charAt(end)) && text.charAt(end + 1) !== "=" ? end + 1 : end;
}

/** Whether an expression may begin at an offset, so that `/`, `%`, `<<` and `?` are no operators. */
function isValuePosition(text: string, at: number, previous: Token | undefined, width: number): boolean {
  if (previous === undefined) return true;
  const word = previous.kind === "text" ? "" : text.slice(previous.start, previous.end);
  const line = text.slice(previous.end, at).includes("\n");
  if (previous.kind === "text") return line;
  if (previous.kind === "sign") return !/[)\]}]/.test(word) || line;
  if (OPERATORS.has(word)) return text.charAt(previous.start - 1) !== ".";
  if (text.slice(Math.max(0, previous.start - 4), previous.start) === "def ") return false;
  return line || (previous.end < at && !/[\s=]/.test(text.charAt(at + width)));
}

function stringRule(text: string, at: number, previous: Token | undefined): TextRule | null {
  const sign = text.charAt(at);
  if (sign === '"') return quoted("double", 1, '"', true);
  if (sign === "'") return quoted("single", 1, "'", false);
  const word =
    previous === undefined || previous.kind === "text" ? "" : text.slice(previous.start, previous.end);
  const adjacent = previous?.end === at;
  if (sign === "`")
    return word === "def" || (word === "." && adjacent) ? null : quoted("command", 1, "`", true);
  if (sign === "/")
    return word !== "." && isValuePosition(text, at, previous, 1) ? quoted("pattern", 1, "/", true) : null;
  if (sign !== "%" || word === "." || !isValuePosition(text, at, previous, 1)) return null;
  const opening = /^%([qQwWiIrxs]?)([^\w\s\u0080-\uffff])/.exec(text.slice(at, at + 3));
  if (opening === null) return null;
  const [all, kind = "", open = ""] = opening;
  const rule = quoted(`%${kind}`, all.length, BRACKETS[open] ?? open, !/[qwis]/.test(kind));
  return BRACKETS[open] === undefined ? rule : { ...rule, nested: open };
}

function quoted(style: string, open: number, close: string, interpolates: boolean): TextRule {
  return {
    style,
    open,
    close: closedBy(close),
    escape: backslash,
    code: interpolates ? "#{" : "",
    ...(interpolates ? { bare: bareEnd } : {}),
    oneLine: false,
  };
}

/** `#@name`, `#@@name`, `#$name`. */
function bareEnd(text: string, at: number): number {
  const found = /^#(?:@{1,2}|\$)(?=[\p{L}_])/u.exec(text.slice(at, at + 4));
  return found === null ? at : wordEnd(text, at + found[0].length);
}

function heredoc(
  text: string,
  at: number,
  previous: Token | undefined,
): { length: number; rule: TextRule } | null {
  if (!text.startsWith("<<", at)) return null;
  const opening = /^<<([~-]?)(?:(["'`])([^"'`\r\n]+)\2|([\p{L}_][\p{L}\p{N}_]*))/u.exec(
    text.slice(at, at + 200),
  );
  if (opening === null) return null;
  const [all, indent = "", quote = "", name = "", bare = ""] = opening;
  const word =
    previous === undefined || previous.kind === "text" ? "" : text.slice(previous.start, previous.end);
  if (word === "class" || (bare !== "" && indent === "" && !/^\p{Lu}/u.test(bare))) return null;
  if (!isValuePosition(text, at, previous, 2)) return null;
  const raw = quote === "'";
  return {
    length: all.length,
    rule: {
      style: "heredoc",
      open: 0,
      close: (source, from) => closingLine(source, from, name || bare, indent !== ""),
      escape: raw ? noEscape : backslash,
      code: raw ? "" : "#{",
      ...(raw ? {} : { bare: bareEnd }),
      oneLine: false,
    },
  };
}

/** Length of the line that ends a heredoc, if it is the line at an offset. */
function closingLine(text: string, at: number, name: string, indented: boolean): number {
  if (!startsLine(text, at)) return 0;
  const start = indented ? blankEnd(text, at) : at;
  if (!text.startsWith(name, start)) return 0;
  const end = start + name.length;
  return end === text.length || /[\r\n]/.test(text.charAt(end)) ? end - at : 0;
}

function blankEnd(text: string, at: number): number {
  let end = at;
  while (/[ \t]/.test(text.charAt(end))) end += 1;
  return end;
}
