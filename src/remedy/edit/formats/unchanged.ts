import type { LocatedScalar } from "../../../formats/located.ts";
import type { TextEdit } from "../../../model/edit.ts";
import type { Grammar } from "./grammars.ts";

interface Before {
  readonly text: string;
  readonly grammar: Grammar;
  readonly scalars: readonly LocatedScalar[];
  readonly changes: readonly { readonly scalar: LocatedScalar; readonly value: string | null }[];
  /** Number of keys and values that come in addition. */
  readonly added: number;
}

/** Parses the edited text, and says whether exactly these values changed and nothing else. */
export function hasOnlyTheseChanges(
  { text, grammar, scalars, changes, added }: Before,
  edits: readonly TextEdit[],
): boolean {
  if (edits.length === 0) return true;
  const now = grammar.locate(withEdits(text, edits));
  if (now.problems > 0) return false;
  const values = new Map(changes.map(({ scalar, value }) => [scalar, value]));
  const gone = new Set(changes.filter(({ value }) => value === null).map(({ scalar }) => pathKey(scalar)));
  const expected = scalars
    .filter((scalar) => !gone.has(pathKey(scalar)))
    .map((scalar) => identity(scalar, values.get(scalar) ?? scalar.value));
  if (now.scalars.length !== expected.length + added) return false;
  let next = 0;
  for (const scalar of now.scalars) if (identity(scalar, scalar.value) === expected[next]) next += 1;
  return next === expected.length;
}

function pathKey({ document, path }: LocatedScalar): string {
  return [document, ...path].join("\0");
}

function identity(scalar: LocatedScalar, value: string): string {
  return `${scalar.role}\0${pathKey(scalar)}\0\0${value}`;
}

/** The text with edits made that are in order. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let at = 0;
  for (const edit of edits) {
    out += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return out + text.slice(at);
}
