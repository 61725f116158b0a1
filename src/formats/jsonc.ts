import { applyEdits, createScanner, modify, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import { DOUBLE_UNIT, decodeDouble, escapedOffsets, straightOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText } from "./located.ts";

/** A place in a text, 1-based; the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Steps from the root of a document: keys and indices. */
export type ValuePath = readonly (string | number)[];

/** A parsed document that still knows where its values stand. */
export interface LocatedDocument {
  /** Plain objects, arrays and scalars; undefined where nothing could be read. What a broken document still gives is here too. */
  readonly value: unknown;
  /** The first thing that is wrong with the text; quotes nothing of it. */
  readonly problem: (Position & { readonly message: string }) | null;
  /** Where the key of this path stands (an element for an index); the nearest ancestor that there is, at worst the start. */
  positionOf(path: ValuePath): Position;
}

const DEEPEST = 200;

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no value",
  InvalidNumberFormat: "this is no number",
  PropertyNameExpected: "a key is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a closing brace is missing",
  CloseBracketExpected: "a closing bracket is missing",
  EndOfFileExpected: "the text goes on after its end",
  InvalidCommentToken: "comments are not allowed here",
  UnexpectedEndOfComment: "a comment has no end",
  UnexpectedEndOfString: "a string has no end",
  UnexpectedEndOfNumber: "a number has no end",
  InvalidUnicode: "an escape of a character is wrong",
  InvalidEscapeCharacter: "an escape in a string is wrong",
  InvalidCharacter: "a string holds a control character",
};

/**
 * Parses JSON (RFC 8259), with comments and trailing commas unless `strict`.
 *
 * @param source the text; a byte order mark is passed over
 */
export function parseJsonc(source: string, { strict = false }: { strict?: boolean } = {}): LocatedDocument {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const deep = tooDeepAt(text);
  if (deep !== null) {
    const problem = { ...positionAt(text, deep), message: `nested deeper than ${DEEPEST} levels` };
    return { value: undefined, problem, positionOf: () => ({ line: 1, column: 1 }) };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: strict, allowTrailingComma: !strict });
  const twice: number[] = [];
  const value = root === undefined ? undefined : valueOf(root, twice);
  return {
    value,
    problem: firstProblem(text, errors, twice),
    positionOf: (path) => positionAt(text, root === undefined ? 0 : offsetOf(root, path)),
  };
}

/**
 * Sets one value; all else stays as it is, but for spaces within a line that the edit touches.
 *
 * @param text valid JSON or JSON with comments, without a byte order mark
 * @param value plain JSON; missing objects on the way are made
 */
export function setJsonValue(text: string, path: ValuePath, value: unknown): string {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  const formattingOptions = {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  return applyEdits(text, modify(text, [...path], value, { formattingOptions }));
}

/** The parser recurses, so a hostile text could exhaust the stack; the scanner does not. */
function tooDeepAt(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const start = scanner.getTokenOffset();
    // Not the token's length: after a comment without end that of the last token is 1.
    if (start >= text.length) return null;
    const character = text[start];
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    if (depth > DEEPEST) return start;
  }
}

/** Objects get their members by definition, not by assignment, so that a key `__proto__` is a key like any other. */
function valueOf(node: Node, twice: number[]): unknown {
  const children = node.children ?? [];
  if (node.type === "array") return children.map((child) => valueOf(child, twice));
  if (node.type !== "object") return node.value;
  const members = new Map<string, unknown>();
  for (const { children: pair } of children) {
    const [key, value] = pair ?? [];
    if (key === undefined || value === undefined) continue;
    if (members.has(String(key.value))) twice.push(key.offset);
    members.set(String(key.value), valueOf(value, twice));
  }
  return Object.fromEntries(members);
}

function firstProblem(
  text: string,
  errors: readonly ParseError[],
  twice: readonly number[],
): LocatedDocument["problem"] {
  const problems = [
    ...errors.map(({ error, offset }) => ({
      offset,
      message: MESSAGES[printParseErrorCode(error)] ?? "this is no JSON",
    })),
    ...twice.map((offset) => ({ offset, message: "this key is given twice" })),
  ].toSorted((a, b) => a.offset - b.offset);
  const [first] = problems;
  return first === undefined ? null : { ...positionAt(text, first.offset), message: first.message };
}

function offsetOf(root: Node, path: ValuePath): number {
  let node = root;
  let offset = root.offset;
  for (const step of path) {
    const found =
      node.type === "array"
        ? node.children?.[Number(step)]
        : node.children?.findLast((child) => child.children?.[0]?.value === String(step));
    if (found === undefined) break;
    offset = found.offset;
    const next = found.type === "property" ? found.children?.[1] : found;
    if (next === undefined) break;
    node = next;
  }
  return offset;
}

function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/**
 * Names the values that stand at some places of a text.
 *
 * @param offsets UTF-16 offsets, ascending
 * @returns for each the path of the value or key round it, `scripts.release` or `hosts[2].token`; null where there is
 *   none, or where the text is nested so deep that it is not parsed
 */
export function pathsAt(text: string, offsets: readonly number[]): (string | null)[] {
  const names: (string | null)[] = offsets.map(() => null);
  if (tooDeepAt(text) !== null) return names;
  let next = 0;
  const take = (offset: number, length: number, path: ValuePath): void => {
    while (next < offsets.length && (offsets[next] ?? 0) < offset) next += 1;
    for (; next < offsets.length && (offsets[next] ?? 0) < offset + length; next += 1)
      names[next] = pathName(path);
  };
  visit(text, {
    onLiteralValue: (_value, offset, length, _line, _character, path) => take(offset, length, path()),
    onObjectProperty: (key, offset, length, _line, _character, path) =>
      take(offset, length, [...path(), key]),
  });
  return names;
}

/**
 * Finds the keys and scalars of JSON, with comments and trailing commas allowed.
 *
 * @param text without a byte order mark
 */
export function locateJson(text: string): LocatedText {
  if (tooDeepAt(text) !== null) return { scalars: [], problems: 1 };
  const scalars: LocatedScalar[] = [];
  let problems = 0;
  const take = (role: "key" | "value", start: number, length: number, path: ValuePath): void => {
    scalars.push(located(text, role, start, start + length, path));
  };
  visit(
    text,
    {
      onLiteralValue: (_value, offset, length, _line, _character, path) =>
        take("value", offset, length, path()),
      onObjectProperty: (key, offset, length, _line, _character, path) =>
        take("key", offset, length, [...path(), key]),
      onError: () => {
        problems += 1;
      },
    },
    { allowTrailingComma: true },
  );
  return { scalars, problems };
}

function located(
  text: string,
  role: "key" | "value",
  start: number,
  end: number,
  path: ValuePath,
): LocatedScalar {
  const written = text.slice(start, end);
  const isText = written.startsWith('"') && written.endsWith('"') && written.length > 1;
  const value = isText ? decodeText(written) : written;
  const offsets = (): readonly number[] | null =>
    isText
      ? escapedOffsets(text, { from: start + 1, to: end - 1, value }, DOUBLE_UNIT, decodeDouble)
      : straightOffsets(start, value.length);
  const style = isText ? "double" : "plain";
  return { path, role, start, end, style, value, flow: false, special: null, document: 0, offsets };
}

function decodeText(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    // A broken escape is one of the problems already.
    return written.slice(1, -1);
  }
}

function pathName(path: ValuePath): string | null {
  const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return name === "" ? null : name.replace(/^\./, "");
}
