import { escapeEnd } from "./literal.ts";
import type { Literal, Range } from "./literal.ts";
import { frame } from "./shell-frames.ts";
import type { Frame, Heredoc, Piece, PieceKind } from "./shell-frames.ts";

export interface ScannedShell {
  readonly pieces: readonly Piece[];
  /** Quotes, brackets and here-documents that are not closed, and closing brackets too many. */
  readonly problems: readonly number[];
}

const KEEPS_COMMAND = /^(?:do|then|else|elif|if|while|until|\{|!|time|\w+\+?=.*)$/s;
const PLAIN = /[^\s'"\\$`#;&|<>(){}]/;

/** Reads a shell script as POSIX 2.3 and bash's and zsh's additions say, without recursion. */
export function scanShell(text: string): ScannedShell {
  return new ShellScanner(text).run();
}

class ShellScanner {
  readonly #text: string;
  readonly #pieces: Piece[] = [];
  readonly #problems: number[] = [];
  readonly #frames: Frame[];
  readonly #heredocs: Heredoc[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#frames = [frame("command", 0, 0)];
  }

  run(): ScannedShell {
    const { length } = this.#text;
    for (let at = 0; at < length;) {
      const top = this.#frames.at(-1);
      if (top === undefined) break;
      const ended = top.kind === "heredoc" ? this.#endsHeredoc(top, at) : at;
      if (ended > at) at = ended;
      else at = top.kind === "command" ? this.#command(top, at) : this.#quoted(top, at);
    }
    for (const top of this.#frames.slice(1).toReversed()) {
      this.#close(top, length, length);
      this.#problems.push(length);
    }
    if (this.#heredocs.length > 0) this.#problems.push(length);
    return { pieces: this.#pieces, problems: this.#problems };
  }

  #command(top: Frame, at: number): number {
    const sign = this.#text.charAt(at);
    if (sign === "\n") {
      this.#endWord(top, at);
      top.starts = true;
      return this.#heredocBody(at + 1);
    }
    if (/\s/.test(sign)) {
      this.#endWord(top, at);
      return at + 1;
    }
    if (sign === "#" && top.word < 0) return this.#piece("comment", at, lineEndAt(this.#text, at));
    if (sign === ")") return this.#closeCommand(top, at);
    if (/[;&|<>(]/.test(sign)) return this.#operator(top, sign, at);
    if (top.word < 0) top.word = at;
    const special = this.#special(top, sign, at);
    if (special > at) return special;
    let end = at + 1;
    while (end < this.#text.length && PLAIN.test(this.#text.charAt(end))) end += 1;
    // Signs that mean nothing by themselves belong to the word: `#`, `{`, `}` and a lone `$`.
    return this.#piece("bare", at, end);
  }

  #operator(top: Frame, sign: string, at: number): number {
    if (sign === "(") {
      const arithmetic = top.word < 0 && this.#text.startsWith("((", at);
      if (top.word < 0) top.starts = true;
      this.#push(arithmetic ? "arithmetic" : "command", at, at + (arithmetic ? 2 : 1));
      return at + (arithmetic ? 2 : 1);
    }
    this.#endWord(top, at);
    if (/^[<>]\(/.test(this.#text.slice(at, at + 2))) {
      top.word = at;
      this.#push("command", at, at + 2);
      return at + 2;
    }
    if (sign === "<" && this.#text.startsWith("<<", at)) return this.#heredocStart(top, at);
    if (/[;&|]/.test(sign)) top.starts = true;
    return at + 1;
  }

  #heredocStart(top: Frame, at: number): number {
    if (this.#text.startsWith("<<<", at)) return at + 3;
    const opening = /^<<(-?)[ \t]*((?:[^\s'"\\;&|<>()]|\\.|'[^'\n]*'|"[^"\n]*")+)/.exec(
      this.#text.slice(at, at + 500),
    );
    if (opening === null) return at + 2;
    const [all, dash = "", word = ""] = opening;
    const end = word.replaceAll(/["'\\]/g, "");
    // An empty line would end it; nobody writes that, and a scan that is wrong here would be wrong in all that follows.
    if (end === "") this.#problems.push(at);
    else this.#heredocs.push({ end, indented: dash === "-", quoted: end !== word });
    top.previous = "<<";
    return at + all.length;
  }

  #heredocBody(at: number): number {
    const next = this.#heredocs.shift();
    if (next === undefined) return at;
    const top = this.#push("heredoc", at, at, next);
    if (!next.quoted) return at;
    let line = at;
    while (line < this.#text.length && this.#endsHeredoc(top, line, "quoted heredoc") === line)
      line = lineEndAt(this.#text, line) + 1;
    // The end was found, or is missing and counted when all is read.
    return Math.min(this.#text.length, lineEndAt(this.#text, line));
  }

  /** The offset after the line that ends a here-document; the same offset where it goes on. */
  #endsHeredoc(top: Frame, at: number, kind: PieceKind = "heredoc"): number {
    if (at > top.bodyStart && this.#text.charAt(at - 1) !== "\n") return at;
    const end = lineEndAt(this.#text, at);
    const line = this.#text.slice(at, end).replace(/\r$/, "");
    if ((top.indented ? line.replace(/^\t+/, "") : line) !== top.end) return at;
    this.#close(top, at, end, kind);
    this.#frames.pop();
    return end;
  }

  /** Within double quotes, here-documents, expansions and arithmetic. */
  #quoted(top: Frame, at: number): number {
    const sign = this.#text.charAt(at);
    if (top.kind === "expansion") {
      if (top.operator < 0 && at > top.bodyStart && !/[\w@*#!?$[\]-]/.test(sign)) top.operator = at;
      if (top.operator < 0 && sign === "-" && at > top.bodyStart) top.operator = at;
      if (sign === "}") return this.#leave(top, at, at + 1);
    }
    if ((top.kind === "double" || top.kind === "locale") && sign === '"') return this.#leave(top, at, at + 1);
    if (top.kind === "arithmetic") {
      if (sign === "(") top.depth += 1;
      else if (sign === ")" && top.depth > 0) top.depth -= 1;
      else if (sign === ")") return this.#leave(top, at, at + (this.#text.startsWith("))", at) ? 2 : 1));
    }
    const special = this.#special(top, sign, at);
    if (special > at) return special;
    if (top.kind !== "expansion" || top.operator < 0) return at + 1;
    let end = at + 1;
    while (end < this.#text.length && !/['"\\$`}]/.test(this.#text.charAt(end))) end += 1;
    return this.#piece("operand", at, end);
  }

  /** Escapes, quotes and expansions; the same offset where there is none. */
  #special(top: Frame, sign: string, at: number): number {
    const next = this.#text.charAt(at + 1);
    const quotes = top.kind === "command" || (top.kind === "expansion" && !top.quoted);
    if (sign === "\\") return this.#hole(top, at, Math.min(this.#text.length, at + 2));
    if (sign === "`") return this.#hole(top, at, this.#backtick(at));
    if (sign === "'" && quotes) return this.#hole(top, at, this.#single("single", at, at + 1));
    if (sign === '"' && top.kind !== "heredoc") {
      this.#push("double", at, at + 1);
      return at + 1;
    }
    if (sign !== "$") return at;
    if (next === "'" && quotes) return this.#hole(top, at, this.#single("ansi", at, at + 2));
    if (next === '"' && quotes) {
      this.#push("locale", at, at + 2);
      return at + 2;
    }
    if (next === "{") {
      this.#push("expansion", at, at + 2);
      return at + 2;
    }
    if (next === "(") {
      const arithmetic = this.#text.startsWith("$((", at);
      this.#push(arithmetic ? "arithmetic" : "command", at, at + (arithmetic ? 3 : 2));
      return at + (arithmetic ? 3 : 2);
    }
    const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(this.#text.slice(at + 1, at + 257));
    return name === null ? at : this.#hole(top, at, at + 1 + name[0].length);
  }

  #single(kind: "single" | "ansi", start: number, bodyStart: number): number {
    let end = this.#text.indexOf("'", bodyStart);
    const holes: Range[] = [];
    if (kind === "ansi") {
      let at = bodyStart;
      while (at < this.#text.length && this.#text.charAt(at) !== "'") {
        const after = this.#text.charAt(at) === "\\" ? escapeEnd(this.#text, at) : at + 1;
        if (after > at + 1) holes.push({ start: at, end: after });
        at = this.#text.charAt(at) === "\\" ? Math.min(after, at + 2) : after;
      }
      end = at < this.#text.length ? at : -1;
    }
    const closed = end >= 0;
    if (!closed) this.#problems.push(this.#text.length);
    const bodyEnd = closed ? end : this.#text.length;
    this.#add(kind, { start, end: closed ? end + 1 : bodyEnd, bodyStart, bodyEnd, holes });
    return closed ? end + 1 : bodyEnd;
  }

  #backtick(at: number): number {
    let end = at + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== "`")
      end += this.#text.charAt(end) === "\\" ? 2 : 1;
    if (end >= this.#text.length) this.#problems.push(this.#text.length);
    return this.#piece("backtick", at, Math.min(this.#text.length, end + 1));
  }

  #closeCommand(top: Frame, at: number): number {
    this.#endWord(top, at);
    if (top.cases > 0) {
      top.starts = true;
      return at + 1;
    }
    if (this.#frames.length === 1) {
      this.#problems.push(at);
      return at + 1;
    }
    return this.#leave(top, at, at + 1);
  }

  #endWord(top: Frame, at: number): void {
    if (top.word < 0) return;
    const word = this.#text.slice(top.word, Math.min(at, top.word + 200));
    if (top.starts && word === "case") top.cases += 1;
    if (top.starts && word === "esac") top.cases = Math.max(0, top.cases - 1);
    if (word.endsWith("()")) top.starts = true;
    else if (!KEEPS_COMMAND.test(word)) top.starts = false;
    top.previous = word;
    top.word = -1;
  }

  #push(kind: Frame["kind"], from: number, bodyStart: number, ends?: Heredoc): Frame {
    const next = frame(kind, from, bodyStart, this.#frames.at(-1), ends);
    this.#frames.push(next);
    return next;
  }

  #leave(top: Frame, bodyEnd: number, end: number): number {
    this.#close(top, bodyEnd, end);
    this.#frames.pop();
    const outer = this.#frames.at(-1);
    if (outer !== undefined) outer.holes.push({ start: top.from, end });
    return end;
  }

  #close(top: Frame, bodyEnd: number, end: number, kind?: PieceKind): void {
    if (top.kind === "command" || top.kind === "expansion") return;
    const { from: start, bodyStart, holes } = top;
    this.#add(kind ?? top.kind, { start, end, bodyStart, bodyEnd: Math.max(bodyStart, bodyEnd), holes });
  }

  #hole(top: Frame, start: number, end: number): number {
    top.holes.push({ start, end });
    return end;
  }

  #piece(kind: PieceKind, start: number, end: number): number {
    this.#add(kind, { start, end, bodyStart: start, bodyEnd: end, holes: [] });
    return end;
  }

  #add(kind: PieceKind, literal: Literal): void {
    const expansion = this.#frames.at(-1);
    const top = expansion?.kind === "command" ? expansion : expansion?.command;
    this.#pieces.push({
      ...literal,
      kind,
      word: top === undefined || top.word < 0 ? literal.start : top.word,
      previous: top?.previous ?? "",
      expansion:
        kind === "operand" && expansion !== undefined
          ? { name: expansion.bodyStart, operator: expansion.operator }
          : null,
    });
  }
}

function lineEndAt(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
