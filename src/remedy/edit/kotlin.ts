import type { Editor, EditRequest, Place } from "../../model/edit.ts";
import { shippedApp } from "./android.ts";
import { isWhole, refuse, replaced, rewriteLiterals } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { backslash, blockComment, closedBy, lineComment, noEscape, scan, wordEnd } from "./scan.ts";
import type { Lexicon, TextRule, TextToken, Token } from "./scan.ts";
import { Tokens } from "./tokens.ts";

const LEXICON: Lexicon = {
  comment: (text, at) =>
    Math.max(lineComment(text, at, "//", ...(at === 0 ? ["#!"] : [])), blockComment(text, at, true)),
  string: (text, at) => stringRule(text, at),
  word: wordEnd,
};

/** Kotlin: a value becomes `System.getenv("NAME")`, within a string `${System.getenv("NAME")}`. */
export const kotlin: Editor = {
  name: "Kotlin",
  edit: (request) => rewriteLiterals(request, new Source(request)),
  problems: (text) => scan(text, LEXICON).problems.length,
};

/** https://kotlinlang.org/spec/syntax-and-grammar.html; several dollars before a string: Kotlin 2.2. */
function stringRule(text: string, at: number): TextRule | null {
  const [opening, dollars = "", quotes = ""] = /^(\$*)("""|")/.exec(text.slice(at, at + 16)) ?? [];
  if (opening !== undefined) {
    const raw = quotes.length === 3;
    const sign = dollars.length > 1 ? dollars : "$";
    return {
      style: `${raw ? "raw" : "quoted"}${dollars.length > 1 ? " with dollars" : ""}`,
      open: opening.length,
      // Quotes that stand before the last three belong to the text.
      close: raw ? (source, from) => (/^"""(?!")/.test(source.slice(from, from + 4)) ? 3 : 0) : closedBy('"'),
      escape: raw ? noEscape : backslash,
      code: `${sign}{`,
      bare: (source, from) => bareEnd(source, from, sign),
      oneLine: !raw,
    };
  }
  const mark = text.charAt(at);
  if (mark !== "'" && mark !== "`") return null;
  return {
    style: mark === "'" ? "character" : "name",
    open: 1,
    close: closedBy(mark),
    escape: mark === "'" ? backslash : noEscape,
    code: "",
    oneLine: true,
  };
}

function bareEnd(text: string, at: number, sign: string): number {
  const start = at + sign.length;
  if (!text.startsWith(sign, at) || !/^[\p{L}_`]/u.test(text.charAt(start))) return at;
  return wordEnd(text, start + 1);
}

class Source implements Dialect<TextToken> {
  readonly #tokens: Tokens;
  readonly #app: Refused | null;
  readonly #system: string;

  constructor({ path, text, project }: EditRequest) {
    this.#tokens = new Tokens(text, scan(text, LEXICON));
    this.#app = shippedApp(path, project);
    const declared = this.#tokens.all.some(
      (token) =>
        this.#tokens.word(token) === "System" &&
        /^(?:class|object|interface|val|var|as|fun)$/.test(this.#tokens.wordBefore(token)),
    );
    this.#system = declared ? "java.lang.System" : "System";
  }

  form(name: string): string {
    return `${this.#system}.getenv("${name}")`;
  }

  find(place: Place): TextToken | Refused {
    return this.#app ?? this.#tokens.find(place, this.form(place.name));
  }

  rewrite(literal: TextToken, places: readonly Place[]): Rewritten | Refused {
    const form = this.form(places[0]?.name ?? "");
    if (!/^(?:raw|quoted)/.test(literal.style))
      return refuse("it is not the content of a string", `Write ${form} by hand.`);
    const refusal = this.#context(literal, form);
    if (refusal !== null) return refusal;
    if (isWhole(literal, places)) return { edits: [replaced(this.#tokens.text, literal, form)] };
    if (literal.style.endsWith("dollars"))
      return refuse(
        "the string has an interpolation of its own form",
        `Join the parts with + and ${form} by hand.`,
      );
    return {
      edits: places.map(({ start, end, name }) => ({ start, end, text: `\${${this.form(name)}}` })),
    };
  }

  #context(literal: TextToken, form: string): Refused | null {
    const tokens = this.#tokens;
    if (isInAnnotation(literal, tokens))
      return refuse(
        "an annotation needs a value that is known at compile time",
        `Pass ${form} in code instead.`,
      );
    if (isConst(literal, tokens))
      return refuse(
        "a const val needs a value that is known at compile time",
        `Make it a val: val … = ${form}.`,
      );
    const call = tokens.wordBefore(literal) === "(" ? tokens.wordBefore(literal, 2) : "";
    if (
      /^(?:format|printf)$/.test(call) ||
      (tokens.wordAfter(literal) === "." && tokens.wordAfter(literal, 2) === "format")
    )
      return refuse(
        "the string is a format, which would read signs of the value as its own",
        `Put %s in its place, and pass ${form} as one of the values.`,
      );
    return null;
  }
}

/** `@Name("…")`, `@file:Name(["…"])`, `@a.b.Name(key = "…")`. */
function isInAnnotation(literal: Token, tokens: Tokens): boolean {
  for (const opener of tokens.around(literal)) {
    if (tokens.word(opener) === "{") return false;
    let at = tokens.before(opener);
    while (/^[\w.:]+$/.test(tokens.word(at))) at = tokens.before(at);
    if (tokens.word(at) === "@") return true;
  }
  return false;
}

/** `const val NAME = "…"`, also as a part of a sum. */
function isConst(literal: Token, tokens: Tokens): boolean {
  let at = tokens.before(literal);
  for (let steps = 0; steps < 64 && at !== undefined && !/^[{};]$/.test(tokens.word(at)); steps += 1) {
    if (tokens.word(at) === "const") return true;
    if (/^(?:fun|class|object|return)$/.test(tokens.word(at))) return false;
    if (/^va[lr]$/.test(tokens.word(at))) return tokens.wordBefore(at) === "const";
    at = tokens.before(at);
  }
  return false;
}
