import { escapeEnd } from "./literal.ts";
import type { Literal, Range } from "./literal.ts";

/** How one kind of string is written. */
export interface TextRule {
  /** The language's own name for the kind. */
  readonly style: string;
  /** Length of what opens it. */
  readonly open: number;
  /** Length of what closes it at an offset; 0 where it goes on. */
  close(text: string, at: number): number;
  /** End of an escape at an offset; the offset itself where there is none. */
  escape(text: string, at: number): number;
  /** What begins code within it, up to a closing brace; empty where nothing does. */
  readonly code: string;
  /** End of an interpolation without braces at an offset; the offset itself where there is none. */
  bare?(text: string, at: number): number;
  /** Ends with its line at the latest. */
  readonly oneLine: boolean;
  /** Bracket that is counted within: `%(a (b) c)`. */
  readonly nested?: string;
}

/** A string of the source. */
export interface TextToken extends Literal {
  readonly kind: "text";
  readonly style: string;
}

/** A word, a single sign, or a string; comments are left out. */
export type Token = TextToken | (Range & { readonly kind: "word" | "sign" });

/** What is peculiar to a language. */
export interface Lexicon {
  /** End of a comment at an offset; the offset itself where there is none. */
  comment(text: string, at: number): number;
  /** The string that begins at an offset; null where none does. */
  string(text: string, at: number, previous: Token | undefined): TextRule | null;
  /** A string whose body begins in the next line, with the length of what announces it. */
  heredoc?(text: string, at: number, previous: Token | undefined): { length: number; rule: TextRule } | null;
  /** End of a word at an offset; the offset itself where there is none. */
  word(text: string, at: number, previous: Token | undefined): number;
}

export interface Scanned {
  /** By their starts; those within an interpolation follow their string. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Range[];
  /** Offsets at which brackets or strings are not closed as they should be. */
  readonly problems: readonly number[];
}

interface CodeFrame {
  readonly kind: "code";
  readonly brackets: string[];
  readonly from: number;
}

interface TextFrame {
  readonly kind: "text";
  readonly rule: TextRule;
  readonly index: number;
  readonly start: number;
  readonly bodyStart: number;
  readonly holes: Range[];
  depth: number;
}

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Splits a source into words, signs and strings by the rules of its language, without recursion. */
export function scan(text: string, lexicon: Lexicon): Scanned {
  return new Scanner(text, lexicon).run();
}

class Scanner {
  readonly #text: string;
  readonly #lexicon: Lexicon;
  readonly #tokens: Token[] = [];
  readonly #comments: Range[] = [];
  readonly #problems: number[] = [];
  readonly #frames: (CodeFrame | TextFrame)[] = [{ kind: "code", brackets: [], from: 0 }];
  readonly #heredocs: TextRule[] = [];

  constructor(text: string, lexicon: Lexicon) {
    this.#text = text;
    this.#lexicon = lexicon;
  }

  run(): Scanned {
    for (let at = 0; at < this.#text.length;) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) break;
      at = frame.kind === "text" ? this.#inText(frame, at) : this.#inCode(frame, at);
    }
    for (const frame of this.#frames.toReversed()) {
      if (frame.kind === "text") this.#end(frame, this.#text.length, this.#text.length);
      else if (frame.brackets.length === 0 && frame.from === 0) continue;
      this.#problems.push(this.#text.length);
    }
    return { tokens: this.#tokens, comments: this.#comments, problems: this.#problems };
  }

  #inText(frame: TextFrame, at: number): number {
    const { rule, holes } = frame;
    const close = rule.close(this.#text, at);
    if (close > 0 && frame.depth === 0) {
      this.#end(frame, at, at + close);
      this.#frames.pop();
      return at + close;
    }
    const escaped = Math.max(rule.escape(this.#text, at), rule.bare?.(this.#text, at) ?? at);
    if (escaped > at) {
      holes.push({ start: at, end: escaped });
      return escaped;
    }
    if (rule.code !== "" && this.#text.startsWith(rule.code, at)) {
      this.#frames.push({ kind: "code", brackets: ["}"], from: at });
      return at + rule.code.length;
    }
    const sign = this.#text.charAt(at);
    if (rule.nested !== undefined && sign === rule.nested) frame.depth += 1;
    if (rule.nested !== undefined && sign === CLOSERS[rule.nested]) frame.depth -= 1;
    if (rule.oneLine && /[\r\n]/.test(sign)) {
      this.#problems.push(at);
      this.#end(frame, at, at);
      this.#frames.pop();
      return at;
    }
    return at + 1;
  }

  #inCode(frame: CodeFrame, at: number): number {
    const text = this.#text;
    const sign = text.charAt(at);
    if (sign === "\n") {
      const rule = this.#heredocs.shift();
      return rule === undefined ? at + 1 : this.#begin(rule, at + 1, at + 1);
    }
    if (/\s/.test(sign)) return at + 1;
    const comment = this.#lexicon.comment(text, at);
    if (comment > at) {
      this.#comments.push({ start: at, end: comment });
      return comment;
    }
    const previous = this.#tokens.at(-1);
    const heredoc = this.#lexicon.heredoc?.(text, at, previous) ?? null;
    if (heredoc !== null) {
      this.#heredocs.push(heredoc.rule);
      this.#tokens.push({ kind: "word", start: at, end: at + heredoc.length });
      return at + heredoc.length;
    }
    const rule = this.#lexicon.string(text, at, previous);
    if (rule !== null) return this.#begin(rule, at, at + rule.open);
    const word = this.#lexicon.word(text, at, previous);
    if (word > at) {
      this.#tokens.push({ kind: "word", start: at, end: word });
      return word;
    }
    return this.#sign(frame, sign, at);
  }

  #sign(frame: CodeFrame, sign: string, at: number): number {
    const closer = CLOSERS[sign];
    if (closer !== undefined) frame.brackets.push(closer);
    else if (/[)\]}]/.test(sign)) {
      if (frame.brackets.at(-1) === sign) frame.brackets.pop();
      else this.#problems.push(at);
      const outer = this.#frames.at(-2);
      if (outer?.kind === "text" && frame.brackets.length === 0) {
        outer.holes.push({ start: frame.from, end: at + 1 });
        this.#frames.pop();
        return at + 1;
      }
    }
    this.#tokens.push({ kind: "sign", start: at, end: at + 1 });
    return at + 1;
  }

  #begin(rule: TextRule, start: number, bodyStart: number): number {
    const frame: TextFrame = {
      kind: "text",
      rule,
      index: this.#tokens.length,
      start,
      bodyStart,
      holes: [],
      depth: 0,
    };
    this.#tokens.push({ kind: "word", start, end: bodyStart });
    this.#frames.push(frame);
    return bodyStart;
  }

  #end({ rule, index, start, bodyStart, holes }: TextFrame, bodyEnd: number, end: number): void {
    this.#tokens[index] = { kind: "text", style: rule.style, start, end, bodyStart, bodyEnd, holes };
  }
}

/** The usual escape: a backslash and what belongs to it. */
export function backslash(text: string, at: number): number {
  return text.charAt(at) === "\\" ? escapeEnd(text, at) : at;
}

export function noEscape(_text: string, at: number): number {
  return at;
}

/** Closes with a fixed mark. */
export function closedBy(mark: string): (text: string, at: number) => number {
  return (text, at) => (text.startsWith(mark, at) ? mark.length : 0);
}

/** End of a word of letters, digits and underscores. */
export function wordEnd(text: string, at: number): number {
  let end = at;
  while (/^[\p{L}\p{N}_]$/u.test(text.charAt(end))) end += 1;
  return end;
}

/** End of a comment up to the line's end, if one of the marks begins it. */
export function lineComment(text: string, at: number, ...marks: readonly string[]): number {
  if (!marks.some((mark) => text.startsWith(mark, at))) return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** End of a block comment; one that is not closed takes all the rest. */
export function blockComment(text: string, at: number, nesting: boolean): number {
  if (!text.startsWith("/*", at)) return at;
  let depth = 1;
  let end = at + 2;
  while (end < text.length && depth > 0) {
    const close = text.indexOf("*/", end);
    const open = nesting ? text.indexOf("/*", end) : -1;
    if (close < 0) return text.length;
    if (open >= 0 && open < close) depth += 1;
    else depth -= 1;
    end = (open >= 0 && open < close ? open : close) + 2;
  }
  return end;
}
