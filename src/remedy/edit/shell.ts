import type { Editor, EditRequest, Place, TextEdit } from "../../model/edit.ts";
import { innermostOf, isWhole, joined, refuse, rewriteLiterals } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import type { Piece, PieceKind } from "./shell-frames.ts";
import { scanShell } from "./shell-scan.ts";
import type { ScannedShell } from "./shell-scan.ts";

/** Shells of the Bourne family: a value becomes `"${NAME:?}"`, which stops the script where the variable is missing. */
export const shell: Editor = {
  name: "shell",
  edit: (request) => rewriteLiterals(request, new Source(request)),
  problems: (text) => scanShell(text).problems.length,
};

const REFUSED: Readonly<Partial<Record<PieceKind, readonly [string, (form: string) => string]>>> = {
  comment: ["it stands in a comment, which no program reads", () => "Take it out by hand."],
  backtick: [
    "it stands in backticks, which have quoting rules of their own",
    (form) => `Write $(…) in place of the backticks, and ${form} in place of the value.`,
  ],
  "quoted heredoc": [
    "the here-document is quoted, so nothing is expanded in it",
    (form) =>
      `Take the quotes away from its delimiter, write a backslash before every other $, \` and \\, and ${form} in place of the value.`,
  ],
  arithmetic: [
    "it stands in an arithmetic expression",
    () => "Give the value to a variable before it, and use that.",
  ],
  locale: [
    "the string is translated by its locale",
    (form) => `Write it in plain double quotes, with ${form}.`,
  ],
};

class Source implements Dialect<Piece> {
  readonly #text: string;
  readonly #scanned: ScannedShell;
  readonly #pieces: readonly Piece[];

  constructor({ text }: EditRequest) {
    this.#text = text;
    this.#scanned = scanShell(text);
    this.#pieces = this.#scanned.pieces.toSorted((a, b) => a.start - b.start || b.end - a.end);
  }

  form(name: string): string {
    return `"\${${name}:?}"`;
  }

  find(place: Place): Piece | Refused {
    const form = this.form(place.name);
    const inner = innermostOf(this.#pieces, place);
    if (inner === undefined)
      return refuse(
        "the value is written in several pieces or with signs of the shell",
        `Write ${form} in their place by hand.`,
      );
    if (this.#scanned.problems.some((offset) => offset <= inner.end))
      return refuse(
        "the script before it has a bracket or a quote that is not closed",
        `Write ${form} in its place by hand.`,
      );
    const [why, instead] = REFUSED[inner.kind] ?? [];
    return why === undefined || instead === undefined ? inner : refuse(why, instead(form));
  }

  rewrite(piece: Piece, places: readonly Place[]): Rewritten | Refused {
    const expand = (place: Place, code: string): TextEdit => ({
      start: place.start,
      end: place.end,
      text: code,
    });
    switch (piece.kind) {
      case "bare":
        return this.#bare(piece, places);
      case "operand":
        return this.#operand(piece, places);
      case "double":
      case "heredoc":
        return { edits: places.map((place) => expand(place, `\${${place.name}:?}`)) };
      default:
        break;
    }
    const [place] = places;
    if (isWhole(piece, places) && place !== undefined)
      return { edits: [{ start: piece.start, end: piece.end, text: this.form(place.name) }] };
    const open = this.#text.slice(piece.start, piece.bodyStart);
    const value = (name: string): string => this.form(name);
    return {
      edits: joined(this.#text, piece, places, { open, close: "'", operator: "", parentheses: false, value }),
    };
  }

  #bare(piece: Piece, places: readonly Place[]): Rewritten | Refused {
    for (const place of places) {
      const form = this.form(place.name);
      const head = this.#text.slice(piece.word, place.start);
      const tail = this.#text.slice(place.end, place.end + 200);
      const value = this.#text.slice(place.start, place.end);
      if (/^\w*$/.test(head) && /^\w*(?:\+?=|\(\))/.test(tail) && /^\w+$/.test(value))
        return refuse("it is part of a name", "Give the variable or function another name by hand.");
      if (/\[[^\]]*$/.test(head)) return refuse("it is an index", `Write ${form} in its place by hand.`);
      if (piece.previous === "=~")
        return refuse("it is part of a regular expression", `Write ${form} in its place by hand.`);
      const assigned = /^\w+(?:\[[^\]]*\])?\+?=/.test(head);
      if (!assigned && (/[*?[{]/.test(value) || (head === "" && value.startsWith("~"))))
        return refuse(
          "it has signs that the shell may take for a pattern",
          `Write ${form} in its place by hand.`,
        );
    }
    return {
      edits: places.map((place) => ({ start: place.start, end: place.end, text: this.form(place.name) })),
    };
  }

  /** The word of `${OTHER:-word}`. */
  #operand({ expansion }: Piece, places: readonly Place[]): Rewritten | Refused {
    const [place] = places;
    const operator = /^:?[-=+]/.exec(
      this.#text.slice(expansion?.operator, (expansion?.operator ?? 0) + 2),
    )?.[0];
    if (expansion === null || operator === undefined || place === undefined)
      return refuse(
        "it is part of a pattern within an expansion",
        `Give the value to a variable before it: value=${this.form(place?.name ?? "NAME")}.`,
      );
    const start = expansion.operator + operator.length;
    const own =
      this.#text.slice(expansion.name, expansion.operator) === place.name && !operator.endsWith("+");
    if (own && place.start === start && this.#text.charAt(place.end) === "}")
      return { edits: [{ start: expansion.operator, end: place.end, text: ":?" }] };
    return {
      edits: places.map(({ start: from, end, name }) => ({ start: from, end, text: `\${${name}:?}` })),
    };
  }
}
