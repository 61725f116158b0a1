import type { Editor, EditRequest, Place } from "../../model/edit.ts";
import { constantRefusal, isAlone } from "./csharp-positions.ts";
import { isWhole, joined, refuse, replaced, rewriteLiterals } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { backslash, blockComment, closedBy, lineComment, noEscape, scan, wordEnd } from "./scan.ts";
import type { Lexicon, TextRule, TextToken } from "./scan.ts";
import { Tokens } from "./tokens.ts";

const LEXICON: Lexicon = {
  comment: (text, at) => {
    // What follows a directive is free text: `#region Don't`.
    const marks = isFirstInLine(text, at) ? ["//", "#"] : ["//"];
    return Math.max(lineComment(text, at, ...marks), blockComment(text, at, false));
  },
  string: (text, at) => stringRule(text, at),
  word: (text, at) => wordEnd(text, text.charAt(at) === "@" ? at + 1 : at),
};

/** C#: a value becomes `Environment.GetEnvironmentVariable("NAME")`. */
export const csharp: Editor = {
  name: "C#",
  edit: (request) => rewriteLiterals(request, new Source(request)),
  problems: (text) => scan(text, LEXICON).problems.length,
};

function isFirstInLine(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /[ \t]/.test(text.charAt(before))) before -= 1;
  return before < 0 || text.charAt(before) === "\n" || text.charAt(before) === "\r";
}

/** ECMA-334, 6.4.5.6 and 12.8.3; raw strings: C# 11. */
function stringRule(text: string, at: number): TextRule | null {
  if (text.charAt(at) === "'")
    return { style: "character", open: 1, close: closedBy("'"), escape: backslash, code: "", oneLine: true };
  const opening = /^([$@]*)("+)/.exec(text.slice(at, at + 64));
  if (opening === null) return null;
  const [all, prefix = "", quotes = ""] = opening;
  const dollars = prefix.replaceAll("@", "").length;
  const code = "{".repeat(dollars);
  if (quotes.length >= 3 && !prefix.includes("@"))
    return {
      style: dollars > 0 ? "raw interpolated" : "raw",
      open: all.length,
      close: closedBy(quotes),
      escape: noEscape,
      code,
      oneLine: false,
    };
  const verbatim = prefix.includes("@");
  return {
    style: `${verbatim ? "verbatim" : "quoted"}${dollars > 0 ? " interpolated" : ""}`,
    open: prefix.length + 1,
    close: (source, from) =>
      source.charAt(from) === '"' && !(verbatim && source.charAt(from + 1) === '"') ? 1 : 0,
    escape: (source, from) => escapeOf(source, from, verbatim, dollars > 0),
    code,
    oneLine: !verbatim,
  };
}

function escapeOf(text: string, at: number, verbatim: boolean, interpolated: boolean): number {
  const pair = text.slice(at, at + 2);
  if (interpolated && (pair === "{{" || pair === "}}")) return at + 2;
  if (verbatim) return pair === '""' ? at + 2 : at;
  return backslash(text, at);
}

class Source implements Dialect<TextToken> {
  readonly #tokens: Tokens;
  readonly #class: string;

  constructor({ text }: EditRequest) {
    this.#tokens = new Tokens(text, scan(text, LEXICON));
    this.#class = usesSystem(this.#tokens) ? "Environment" : "System.Environment";
  }

  form(name: string): string {
    return `${this.#class}.GetEnvironmentVariable("${name}")`;
  }

  find(place: Place): TextToken | Refused {
    return this.#tokens.find(place, this.form(place.name));
  }

  rewrite(literal: TextToken, places: readonly Place[]): Rewritten | Refused {
    const form = this.form(places[0]?.name ?? "");
    const { style } = literal;
    if (style === "character") return refuse("it is not the content of a string", `Write ${form} by hand.`);
    const refusal = constantRefusal(literal, this.#tokens, form);
    if (refusal !== null) return refusal;
    if (isWhole(literal, places)) return { edits: [replaced(this.#tokens.text, literal, form)] };
    if (style === "quoted interpolated" || style === "verbatim interpolated")
      return { edits: places.map(({ start, end, name }) => ({ start, end, text: `{${this.form(name)}}` })) };
    if (style.startsWith("raw"))
      return refuse("it is part of a raw string", `Join the parts with + and ${form} by hand.`);
    return {
      edits: joined(this.#tokens.text, literal, places, {
        open: style === "verbatim" ? '@"' : '"',
        close: '"',
        operator: " + ",
        parentheses: !isAlone(literal, this.#tokens),
        value: (name) => this.form(name),
      }),
    };
  }
}

/** Whether `Environment` is certainly the class of that name: `using System;` stands there, and nothing else is called so. */
function usesSystem(tokens: Tokens): boolean {
  let using = false;
  for (const token of tokens.all) {
    const word = tokens.word(token);
    if (word === "using" && tokens.wordAfter(token) === "System" && tokens.wordAfter(token, 2) === ";")
      using = true;
    if (word === "Environment" && (tokens.wordAfter(token) !== "." || tokens.wordBefore(token) === "."))
      return false;
  }
  return using;
}
