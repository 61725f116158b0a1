import { scalarAt } from "../../../formats/located.ts";
import type { LocatedScalar } from "../../../formats/located.ts";
import type { Editor, EditRequest, EditResult, Place } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";
import { Draft, refuseAll } from "./draft.ts";
import type { Grammar } from "./grammars.ts";
import { scalarValue } from "./lookup.ts";
import { hasOnlyTheseChanges, withEdits } from "./unchanged.ts";
import { refuse } from "./verdict.ts";
import { spanOf, writeScalar } from "./write-scalar.ts";
import type { ValueEdit } from "./write-scalar.ts";

interface Inner {
  readonly grammar: Grammar;
  readonly python: Editor;
}

interface Change {
  readonly scalar: LocatedScalar;
  readonly value: string;
}

/**
 * A Jupyter notebook whose code is Python: https://nbformat.readthedocs.io/en/latest/format_description.html
 *
 * @param inner JSON's grammar, and the editor for the code
 */
export function notebookEditor(inner: Inner): Editor {
  return {
    name: "a notebook",
    edit: (request) => editNotebook(request, inner),
    problems: (text) => inner.grammar.locate(text).problems,
  };
}

function editNotebook(request: EditRequest, inner: Inner): EditResult {
  const { text, places, path } = request;
  const { scalars, problems } = inner.grammar.locate(text);
  if (problems > 0)
    return refuseAll(places, refuse("the file is no valid JSON", "save it from Jupyter again"));
  const draft = new Draft();
  const cells = new Map<number, Place[]>();
  for (const place of places) {
    const scalar = scalarAt(scalars, place.start, place.end);
    const cell = Number(scalar?.path[1]);
    const refused = scalar === undefined ? notInCode(path) : refusalFor(scalar, scalars, path);
    if (refused !== null) draft.refuse([place], refused);
    else cells.set(cell, [...(cells.get(cell) ?? []), place]);
  }
  const changes = [...cells].flatMap(([cell, group]) =>
    editCell(request, inner, scalars, { cell, group }, draft),
  );
  const result = draft.result();
  if (hasOnlyTheseChanges({ text, grammar: inner.grammar, scalars, changes, added: 0 }, result.edits))
    return result;
  return refuseAll(places, refuse("the change would touch more than the code", "make it by hand in Jupyter"));
}

function notInCode(path: string): Refused {
  return refuse("it stands outside of the code", `take it out in Jupyter, and save ${path}`);
}

function refusalFor(
  { path, role }: LocatedScalar,
  scalars: readonly LocatedScalar[],
  file: string,
): Refused | null {
  const [first, cell, field] = path;
  if (first !== "cells" || cell === undefined || role === "key") return notInCode(file);
  if (field === "outputs")
    return refuse(
      "it is the output of a cell",
      `clear the outputs: jupyter nbconvert --clear-output --inplace ${file}, then run stow again`,
    );
  if (field !== "source" || scalarValue(scalars, ["cells", cell, "cell_type"], 0) !== "code")
    return notInCode(file);
  const language =
    scalarValue(scalars, ["metadata", "kernelspec", "language"], 0) ??
    scalarValue(scalars, ["metadata", "language_info", "name"], 0) ??
    "python";
  return language === "python" ? null : refuse(`its code is ${language}`, "read the variable there by hand");
}

/** Edits the code of one cell, whose lines are strings of their own, or one string. */
function editCell(
  { text, project, path }: EditRequest,
  { grammar, python }: Inner,
  scalars: readonly LocatedScalar[],
  { cell, group }: { cell: number; group: readonly Place[] },
  draft: Draft,
): Change[] {
  const parts: { readonly scalar: LocatedScalar; readonly from: number }[] = [];
  let code = "";
  for (const scalar of scalars) {
    const [, index, field] = scalar.path;
    if (scalar.role !== "value" || index !== cell || field !== "source" || scalar.path[0] !== "cells")
      continue;
    parts.push({ scalar, from: code.length });
    code += scalar.value;
  }
  const outer = new Map<Place, Place>();
  for (const place of group) {
    const part = parts.find(({ scalar }) => scalar.start <= place.start && place.end <= scalar.end);
    const span = part === undefined ? null : spanOf(part.scalar.offsets(), place);
    if (part === undefined || span === null)
      draft.refuse([place], refuse("it is written with escapes", "take it out by hand in Jupyter"));
    else outer.set({ name: place.name, start: part.from + span.start, end: part.from + span.end }, place);
  }
  const result = python.edit({
    path: path.replace(/\.ipynb$/, ".py"),
    text: code,
    places: [...outer.keys()],
    project,
  });
  for (const { place, why, instead } of result.refused) {
    draft.refuse([outer.get(place) ?? place], { why, instead });
    outer.delete(place);
  }
  const split = splitEdits(parts, result.edits);
  const written = split === null ? null : writeAll(text, grammar, split);
  if (written === null || python.problems(code) < python.problems(withEdits(code, result.edits))) {
    draft.refuse(
      [...outer.values()],
      refuse("the code cannot be changed line by line", "make the change in Jupyter"),
    );
    return [];
  }
  draft.edit(...written.flatMap(({ edits }) => edits));
  draft.note(...result.notes);
  return written.map(({ scalar, value }) => ({ scalar, value }));
}

function splitEdits(
  parts: readonly { readonly scalar: LocatedScalar; readonly from: number }[],
  edits: readonly ValueEdit[],
): ReadonlyMap<LocatedScalar, ValueEdit[]> | null {
  const found = new Map<LocatedScalar, ValueEdit[]>();
  for (const { start, end, text } of edits) {
    const part = parts.find(({ scalar, from }) => from <= start && end <= from + scalar.value.length);
    if (part === undefined) return null;
    const own = { start: start - part.from, end: end - part.from, text };
    found.set(part.scalar, [...(found.get(part.scalar) ?? []), own]);
  }
  return found;
}

function writeAll(
  text: string,
  grammar: Grammar,
  split: ReadonlyMap<LocatedScalar, ValueEdit[]>,
): { scalar: LocatedScalar; value: string; edits: { start: number; end: number; text: string }[] }[] | null {
  const written = [...split].map(([scalar, edits]) => {
    const done = writeScalar(text, grammar, scalar, edits);
    return done === null ? null : { scalar, ...done };
  });
  return written.includes(null) ? null : written.filter((each) => each !== null);
}
