import type { Literal, Range } from "./literal.ts";

/** How a piece of the text is read. */
export type PieceKind =
  | "bare"
  | "single"
  | "double"
  | "ansi"
  | "locale"
  | "heredoc"
  | "quoted heredoc"
  | "operand"
  | "arithmetic"
  | "backtick"
  | "comment";

/** Text that is read in one way; a bare word is cut at its quotes and expansions. */
export interface Piece extends Literal {
  readonly kind: PieceKind;
  /** Where its word begins. */
  readonly word: number;
  /** The word before that, as it is written. */
  readonly previous: string;
  /** Of an operand: where the name and the operator of `${NAME:-operand}` begin. */
  readonly expansion: { readonly name: number; readonly operator: number } | null;
}

/** What the scanner is in the middle of. */
export interface Frame {
  readonly kind: "command" | "double" | "locale" | "expansion" | "arithmetic" | "heredoc";
  readonly from: number;
  readonly bodyStart: number;
  readonly holes: Range[];
  /** Of commands: `case`s that are open. */
  cases: number;
  /** Of commands: whether a word would be a command's name. */
  starts: boolean;
  word: number;
  previous: string;
  /** Of an expansion: where its operator begins; -1 before it is seen. */
  operator: number;
  /** Of a here-document. */
  readonly end: string;
  readonly indented: boolean;
  /** Of an expansion: it stands in double quotes, where single quotes are text. */
  readonly quoted: boolean;
  /** The command round it. */
  readonly command: Frame | undefined;
  /** Of arithmetic: parentheses within. */
  depth: number;
}

/** A here-document whose body has not begun. */
export interface Heredoc {
  readonly end: string;
  readonly indented: boolean;
  readonly quoted: boolean;
}

export function frame(
  kind: Frame["kind"],
  from: number,
  bodyStart: number,
  outer?: Frame,
  ends: { readonly end: string; readonly indented: boolean } = { end: "", indented: false },
): Frame {
  const quoted =
    outer !== undefined && (outer.kind === "expansion" ? outer.quoted : outer.kind !== "command");
  const made = {
    kind,
    from,
    bodyStart,
    holes: [],
    cases: 0,
    starts: true,
    word: -1,
    previous: "",
    operator: -1,
    end: ends.end,
    indented: ends.indented,
    depth: 0,
    quoted,
    command: outer?.kind === "command" ? outer : outer?.command,
  };
  return made;
}
