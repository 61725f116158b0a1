import { expect } from "vitest";
import type { EditResult, Place, Surroundings } from "../../../../src/model/edit.ts";
import { applyEdits } from "../../../../src/remedy/edit/index.ts";
import { LANGUAGES } from "../../../../src/remedy/edit/languages.ts";
import { plant } from "../../../helpers/ledger.ts";
import { Generator } from "../../../../src/rules/example-generator.ts";

const values = new Map<string, string>();

/** The value that tests keep under a name: made at run time, the same one for the same name. */
export function valueOf(name: string): string {
  const known = values.get(name);
  if (known !== undefined) return known;
  // A value with signs that mean something to shells, for strings that are quoted.
  const signs = name === "W" ? " ;|&*~!<" : "";
  const made = plant(`q7${new Generator(values.size + 41).alnum(22)}${signs}`);
  values.set(name, made);
  return made;
}

/** Fills in values for `{{NAME}}`, and says where they stand. */
export function filled(template: string): { text: string; places: Place[] } {
  let text = "";
  const places: Place[] = [];
  for (const [index, part] of template.split(/\{\{(\w+)\}\}/).entries()) {
    if (index % 2 === 1)
      places.push({ start: text.length, end: text.length + valueOf(part).length, name: part });
    text += index % 2 === 1 ? valueOf(part) : part;
  }
  return { text, places };
}

/** A project of these files, by path. */
export function project(files: Readonly<Record<string, string>> = {}): Surroundings {
  return { read: (path) => files[path] ?? null, top: "/project", helper: null };
}

export interface Edited {
  readonly text: string;
  readonly result: EditResult;
}

/** Runs a language's editor and checks what every edit has to keep. */
export async function edit(
  path: string,
  text: string,
  places: readonly Place[],
  files: Readonly<Record<string, string>> = {},
): Promise<Edited> {
  const entry = LANGUAGES.find((one) => one.matches(path));
  if (entry === undefined) throw new Error(`no language for ${path}`);
  const editor = await entry.load();
  const result = editor.edit({ path, text, places, project: project(files) });
  let at = 0;
  for (const { start, end } of result.edits) {
    expect(start).toBeGreaterThanOrEqual(at);
    expect(end).toBeGreaterThanOrEqual(start);
    at = end;
  }
  expect(at).toBeLessThanOrEqual(text.length);
  for (const place of places) {
    const kept = result.refused.some((refusal) => refusal.place === place);
    const touching = result.edits.filter(({ start, end }) => start < place.end && place.start < end);
    const covering = touching.filter(({ start, end }) => start <= place.start && place.end <= end);
    expect(kept ? touching.length : covering.length, `place at ${place.start}`).toBe(kept ? 0 : 1);
  }
  for (const { why, instead } of result.refused) {
    expect(why).toMatch(/^\S.*[^.\s]$/);
    expect(instead.length).toBeGreaterThan(0);
    for (const sentence of instead) expect(sentence).toMatch(/^[A-Z].*[.;…]$/);
  }
  const after = applyEdits(text, result.edits);
  expect(editor.problems(after), after).toBeLessThanOrEqual(editor.problems(text));
  return { text: after, result };
}

/** What becomes of a template; where it stays, a part of the reason in angle brackets. */
export async function outcome(
  path: string,
  template: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { text, places } = filled(template);
  const edited = await edit(path, text, places, files);
  const [refusal] = edited.result.refused;
  if (refusal === undefined) return edited.text;
  if (edited.result.refused.length === places.length) expect(edited.text).toBe(text);
  return `<${refusal.why}>`;
}
