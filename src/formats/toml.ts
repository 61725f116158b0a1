import { ParseError, parseTOML } from "toml-eslint-parser";
import type { AST } from "toml-eslint-parser";
import type { Position, ValuePath } from "./jsonc.ts";
import { DOUBLE_UNIT, decodeDouble, escapedOffsets, straightOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText, ScalarStyle } from "./located.ts";

/** Plain objects, arrays and scalars of a TOML document. */
export type TomlTable = Readonly<Record<string, unknown>>;

export interface TomlDocument {
  /** Null where the text is broken. */
  readonly value: TomlTable | null;
  /** Where it is broken, 1-based, column in UTF-16 code units; quotes nothing of the text. */
  readonly problem: { readonly line: number; readonly column: number; readonly message: string } | null;
  /** Where the key of this path stands (an element for an index); the nearest ancestor that is written, at worst the start. */
  positionOf(path: ValuePath): Position;
}

const START: Position = { line: 1, column: 1 };

/**
 * Parses TOML 1.0 (https://toml.io/en/v1.0.0).
 *
 * @param source the text; a byte order mark is passed over
 */
export function parseToml(source: string): TomlDocument {
  try {
    const program = parseTOML(source.replace(/^\uFEFF/, ""));
    return { value: valueOf(program), problem: null, positionOf: (path) => positionIn(program, path) };
  } catch (error) {
    if (error instanceof ParseError) {
      const { lineNumber: line, column } = error;
      return {
        value: null,
        problem: { line, column: column + 1, message: "this is no TOML" },
        positionOf: () => START,
      };
    }
    // The parser is recursive: a text nested without end exhausts the stack.
    if (error instanceof RangeError)
      return {
        value: null,
        problem: { line: 1, column: 1, message: "it is nested too deep" },
        positionOf: () => START,
      };
    throw error;
  }
}

/** A table while it is built; one whose keys are numbers is an array of tables. */
type Building = Map<string | number, unknown>;

/**
 * The parser's own conversion assigns keys, so that a key `__proto__` would change every object of the program; here
 * members are defined.
 */
function valueOf(program: AST.TOMLProgram): TomlTable {
  const root: Building = new Map();
  for (const node of program.body.flatMap((top) => top.body)) {
    if (node.type === "TOMLKeyValue") put(root, node);
    else {
      const table = descend(root, node.resolvedKey);
      for (const member of node.body) put(table, member);
    }
  }
  return toPlain(root) as TomlTable;
}

function put(table: Building, node: AST.TOMLKeyValue): void {
  const keys = keysOf(node);
  descend(table, keys.slice(0, -1)).set(keys.at(-1) ?? "", contentOf(node.value));
}

function descend(table: Building, path: ValuePath): Building {
  let at = table;
  for (const key of path) {
    const known = at.get(key);
    const next: Building = known instanceof Map ? known : new Map();
    at.set(key, next);
    at = next;
  }
  return at;
}

function contentOf(node: AST.TOMLContentNode): unknown {
  if (node.type === "TOMLArray") return node.elements.map(contentOf);
  if (node.type !== "TOMLInlineTable") return node.value;
  const table: Building = new Map();
  for (const member of node.body) put(table, member);
  return table;
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  if (value.has(0)) return [...value.values()].map(toPlain);
  return Object.fromEntries([...value].map(([key, member]) => [key, toPlain(member)]));
}

function keysOf(node: AST.TOMLKeyValue): string[] {
  return node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
}

interface Place {
  readonly path: ValuePath;
  readonly position: Position;
}

function positionIn(program: AST.TOMLProgram, path: ValuePath): Position {
  const places = program.body.flatMap((top) => top.body.flatMap((node) => placesOf(node, [])));
  for (let length = path.length; length > 0; length -= 1) {
    // A table may be written by its members' keys only.
    const place = places.find(({ path: written }) =>
      path.slice(0, length).every((step, index) => written[index] === step),
    );
    if (place !== undefined) return place.position;
  }
  return START;
}

function placeOf(node: AST.TOMLNode, path: ValuePath): Place {
  const { line, column } = node.loc.start;
  return { path, position: { line, column: column + 1 } };
}

function placesOf(node: AST.TOMLTable | AST.TOMLKeyValue | AST.TOMLContentNode, base: ValuePath): Place[] {
  switch (node.type) {
    case "TOMLTable":
      return [
        placeOf(node, node.resolvedKey),
        ...node.body.flatMap((member) => placesOf(member, node.resolvedKey)),
      ];
    case "TOMLKeyValue": {
      const path = [...base, ...keysOf(node)];
      return [placeOf(node, path), ...placesOf(node.value, path)];
    }
    case "TOMLInlineTable":
      return node.body.flatMap((member) => placesOf(member, base));
    case "TOMLArray":
      return node.elements.flatMap((element, index) => [
        placeOf(element, [...base, index]),
        ...placesOf(element, [...base, index]),
      ]);
    default:
      return [];
  }
}

/**
 * Finds the keys and scalars of TOML. Elements of an array of tables have no index in their path's place.
 *
 * @param text without a byte order mark
 */
export function locateToml(text: string): LocatedText {
  try {
    const scalars = parseTOML(text).body.flatMap((top) => top.body.flatMap((node) => locate(text, node, [])));
    return { scalars: scalars.toSorted((a, b) => a.start - b.start), problems: 0 };
  } catch (error) {
    if (error instanceof ParseError || error instanceof RangeError) return { scalars: [], problems: 1 };
    throw error;
  }
}

function locate(
  text: string,
  node: AST.TOMLTable | AST.TOMLKeyValue | AST.TOMLContentNode,
  base: ValuePath,
): LocatedScalar[] {
  switch (node.type) {
    case "TOMLTable":
      return [
        ...locatedKeys(node.key, node.resolvedKey),
        ...node.body.flatMap((member) => locate(text, member, node.resolvedKey)),
      ];
    case "TOMLKeyValue": {
      const path = [...base, ...keysOf(node)];
      return [...locatedKeys(node.key, path), ...locate(text, node.value, path)];
    }
    case "TOMLInlineTable":
      return node.body.flatMap((member) => locate(text, member, base));
    case "TOMLArray":
      return node.elements.flatMap((element, index) => locate(text, element, [...base, index]));
    default:
      return [locatedValue(text, node, base)];
  }
}

function locatedKeys({ keys }: AST.TOMLKey, path: ValuePath): LocatedScalar[] {
  return keys.map(({ range: [start, end], ...key }) => {
    const value = key.type === "TOMLBare" ? key.name : key.value;
    const style = key.type === "TOMLBare" ? "plain" : key.style === "basic" ? "double" : "single";
    return { path, role: "key", start, end, style, value, ...PLAIN_PLACE, offsets: () => null };
  });
}

const PLAIN_PLACE = { flow: false, special: null, document: 0 } as const;

function locatedValue(text: string, node: AST.TOMLValue, path: ValuePath): LocatedScalar {
  const [start, end] = node.range;
  const isText = node.kind === "string";
  const style: ScalarStyle = !isText ? "plain" : node.style === "basic" ? "double" : "single";
  const value = isText ? node.value : text.slice(start, end);
  const offsets = (): readonly number[] | null => {
    if (!isText) return straightOffsets(start, value.length);
    // In several lines: what joins them is not followed.
    if (node.multiline) return null;
    const inner = { from: start + 1, to: end - 1, value };
    return node.style === "basic"
      ? escapedOffsets(text, inner, DOUBLE_UNIT, decodeDouble)
      : straightOffsets(start + 1, value.length);
  };
  return { path, role: "value", start, end, style, value, ...PLAIN_PLACE, offsets };
}
