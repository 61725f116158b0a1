import { DOUBLE_UNIT, decodeDouble, escapedOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText, ScalarStyle } from "./located.ts";

/** An attribute of a block's body. */
interface HclAttribute {
  /** Types and labels of the blocks round it, then its name. */
  readonly path: readonly string[];
  /** From its name to the end of its expression. */
  readonly start: number;
  readonly end: number;
}

export interface LocatedHcl extends LocatedText {
  readonly attributes: readonly HclAttribute[];
  /** Types and labels of every block, with those round it. */
  readonly blocks: readonly (readonly string[])[];
}

interface Frame {
  /** A block's body; a bracket; a string or heredoc, which is cut where an interpolation stands. */
  readonly kind: "body" | "group" | "template";
  /** What ends it: a bracket, `"`, the heredoc's word, or nothing at the top. */
  readonly close: string;
  /** Length of the path outside of it, and inside. */
  readonly outside: number;
  readonly depth: number;
  /** In an object: whether a key comes next. In a body: where its attribute begins that is being read. */
  key: boolean;
  attribute: number | null;
  /** In a template: where the current part begins, and whether there was another. */
  from: number;
  parts: number;
}

/** Nested deeper than people write it. */
const DEEPEST = 200;
const WORD = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const REMARK = /(?:#|\/\/)[^\r\n]*/y;
const HEREDOC = /<<-?([\p{L}_][\p{L}\p{N}_-]*)\r?\n/uy;
const UNIT = new RegExp(`${DOUBLE_UNIT.source}|\\$\\$\\{|%%\\{`, "y");
const BRACKETS: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };

function decode(written: string): string {
  return /^(?:\$\$|%%)\{/.test(written) ? written.slice(1) : decodeDouble(written);
}

/**
 * Finds the strings, attributes and blocks of HCL 2, of which no parser for JavaScript keeps positions.
 *
 * Format: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md. A string with interpolations is given as its parts,
 * without quotes, in the style `text`; so is a heredoc.
 *
 * @param text without a byte order mark
 */
export function locateHcl(text: string): LocatedHcl {
  const scanner = new Scanner(text);
  scanner.scan();
  const { scalars, attributes, blocks, problems } = scanner;
  return { scalars: scalars.toSorted((a, b) => a.start - b.start), attributes, blocks, problems };
}

function isBetween({ kind, attribute }: Frame): boolean {
  return kind === "body" && attribute === null;
}

class Scanner {
  readonly scalars: LocatedScalar[] = [];
  readonly attributes: HclAttribute[] = [];
  readonly blocks: string[][] = [];
  problems = 0;
  readonly #text: string;
  readonly #frames: Frame[] = [];
  readonly #path: string[] = [];
  #at = 0;
  /** Where the last token ended that is no comment. */
  #last = 0;

  constructor(text: string) {
    this.#text = text;
    this.#push("body", "", 0);
  }

  scan(): void {
    while (this.#at < this.#text.length) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return;
      if (frame.kind === "template") this.#template(frame);
      else this.#code(frame);
    }
    const last = this.#frames.at(-1);
    if (last?.kind === "body") this.#endAttribute(last);
    if (this.#frames.length > 1) this.problems += 1;
  }

  #push(kind: Frame["kind"], close: string, outside = this.#path.length): void {
    const depth = this.#path.length;
    const key = kind === "group" && close === "}";
    this.#frames.push({ kind, close, outside, depth, key, attribute: null, from: this.#at, parts: 0 });
    if (this.#frames.length <= DEEPEST) return;
    this.problems += 1;
    this.#at = this.#text.length;
  }

  #pop(): void {
    const frame = this.#frames.pop();
    this.#path.length = frame?.outside ?? 0;
    this.#last = this.#at;
  }

  #match(pattern: RegExp, at = this.#at): string | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  #code(frame: Frame): void {
    const character = this.#text.charAt(this.#at);
    const comment = /[#/]/.test(character) ? this.#comment() : null;
    const heredoc = character === "<" ? this.#match(HEREDOC) : null;
    const word = this.#match(WORD);
    if (comment !== null) this.#at += comment.length;
    else if (word !== null) this.#word(frame, word);
    else if (character === "\n" || character === ",") this.#endItem(frame, character);
    else if (character.trim() !== "" && character !== "}" && isBetween(frame)) this.#skip();
    else if (character === '"') this.#open("template", '"');
    else if (heredoc !== null) this.#open("template", heredoc.replace(/^<<-?/, "").trim(), heredoc.length);
    else if (character in BRACKETS) this.#open("group", BRACKETS[character] ?? "");
    else if (/[}\])]/.test(character)) this.#close(frame, character);
    else {
      if ((character === "=" || character === ":") && frame.kind === "group") frame.key = false;
      this.#at += 1;
      if (character.trim() !== "") this.#last = this.#at;
    }
  }

  /** Nothing but attributes and blocks may stand in a body. */
  #skip(): void {
    this.problems += 1;
    this.#at += 1;
  }

  #comment(): string | null {
    if (!this.#text.startsWith("/*", this.#at)) return this.#match(REMARK);
    const end = this.#text.indexOf("*/", this.#at + 2);
    if (end === -1) this.problems += 1;
    return this.#text.slice(this.#at, end === -1 ? undefined : end + 2);
  }

  #open(kind: Frame["kind"], close: string, length = 1): void {
    this.#at += length;
    this.#push(kind, close);
  }

  #close(frame: Frame, character: string): void {
    if (frame.kind === "body") this.#endAttribute(frame);
    this.#at += 1;
    if (frame.close === character) this.#pop();
    else this.problems += 1;
    const outer = this.#frames.at(-1);
    if (outer?.kind === "template") outer.from = this.#at;
  }

  #endItem(frame: Frame, character: string): void {
    if (frame.kind === "body" && character === "\n") this.#endAttribute(frame);
    if (frame.kind === "group" && frame.close === "}") {
      frame.key = true;
      this.#path.length = frame.depth;
    }
    this.#at += 1;
  }

  #endAttribute(frame: Frame): void {
    if (frame.attribute === null) return;
    this.attributes.push({ path: [...this.#path], start: frame.attribute, end: this.#last });
    frame.attribute = null;
    this.#path.length = frame.depth;
  }

  /** A word begins an attribute or a block, or names a member of an object; else it is part of an expression. */
  #word(frame: Frame, word: string): void {
    const start = this.#at;
    this.#at += word.length;
    this.#last = this.#at;
    if (frame.kind === "group") {
      if (frame.close === "}" && frame.key && this.#match(/[ \t]*[=:](?!=)/y) !== null) this.#path.push(word);
      return;
    }
    if (frame.attribute !== null) return;
    if (this.#match(/[ \t]*=(?!=)/y) !== null) {
      frame.attribute = start;
      this.#path.push(word);
      return;
    }
    const head = this.#match(/(?:[ \t]+(?:"[^"\r\n]*"|[\p{L}_][\p{L}\p{N}_-]*)){0,8}[ \t]*\{/uy);
    if (head === null) this.problems += 1;
    else this.#block(word, head);
  }

  #block(type: string, head: string): void {
    const labels: string[] = [];
    for (const { 0: label, index } of head.matchAll(/"[^"]*"|[\p{L}_][\p{L}\p{N}_-]*/gu)) {
      const start = this.#at + index;
      const quoted = label.startsWith('"');
      labels.push(quoted ? label.slice(1, -1) : label);
      this.#add("key", quoted ? "double" : "plain", start, start + label.length, [...this.#path, type]);
    }
    this.#at += head.length;
    const outside = this.#path.length;
    this.#path.push(type, ...labels);
    this.#push("body", "}", outside);
    this.blocks.push([...this.#path]);
  }

  #template(frame: Frame): void {
    const text = this.#text;
    const isString = frame.close === '"';
    const special = isString ? /["\n]|\\|\$\$\{|%%\{|[$%]\{/g : /\n|\$\$\{|%%\{|[$%]\{/g;
    if (!isString && this.#endsHere(frame)) return;
    special.lastIndex = this.#at;
    const found = special.exec(text);
    if (found === null) {
      this.#at = text.length;
      return;
    }
    const mark = found[0];
    this.#at = found.index + mark.length;
    if (mark === "\\") this.#at += 1;
    else if (mark === "${" || mark === "%{") {
      this.#part(frame, found.index);
      frame.parts += 1;
      this.#push("group", "}");
      const inner = this.#frames.at(-1);
      if (inner !== undefined) inner.key = false;
    } else if (mark === '"') this.#endString(frame, found.index);
    else if (mark === "\n" && isString) {
      this.problems += 1;
      this.#pop();
    }
  }

  /** Whether a heredoc's last line begins here; then it is read. */
  #endsHere(frame: Frame): boolean {
    if (this.#text.charAt(this.#at - 1) !== "\n") return false;
    const line = this.#match(/[^\r\n]*/y) ?? "";
    if (line.trim() !== frame.close) return false;
    this.#part(frame, this.#at);
    this.#at += line.length;
    this.#pop();
    return true;
  }

  #endString(frame: Frame, end: number): void {
    this.#pop();
    const outer = this.#frames.at(-1);
    const isKey =
      outer?.kind === "group" && outer.close === "}" && outer.key && this.#match(/[ \t]*[=:](?!=)/y) !== null;
    if (isKey) this.#path.push(this.#text.slice(frame.from, end));
    if (frame.parts > 0) this.#part(frame, end);
    else this.#add(isKey ? "key" : "value", "double", frame.from - 1, end + 1, [...this.#path]);
  }

  #part({ from }: Frame, end: number): void {
    if (end > from) this.#add("value", "text", from, end, [...this.#path]);
  }

  #add(role: "key" | "value", style: ScalarStyle, start: number, end: number, path: readonly string[]): void {
    const text = this.#text;
    const quote = style === "double" ? 1 : 0;
    const range = { from: start + quote, to: end - quote };
    const value = text.slice(range.from, range.to).replace(new RegExp(UNIT.source, "g"), decode);
    const offsets = (): readonly number[] | null => escapedOffsets(text, { ...range, value }, UNIT, decode);
    this.scalars.push({
      path,
      role,
      start,
      end,
      style,
      value,
      flow: false,
      special: null,
      document: 0,
      offsets,
    });
  }
}
