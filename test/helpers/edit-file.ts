import type { Editor, EditResult, Place } from "../../src/model/edit.ts";
import { FORMATS } from "../../src/remedy/edit/formats.ts";
import { Generator } from "../../src/rules/example-generator.ts";
import { plant } from "./ledger.ts";

/** Values that tests put into files, made at run time. */
export const TOKEN = plant(new Generator(7001).alnum(28));
export const OTHER = plant(new Generator(7002).alnum(28));
const NAMES: readonly (readonly [string, string])[] = [
  [TOKEN, "MY_TOKEN"],
  [OTHER, "OTHER_KEY"],
];

interface Options {
  /** Other files of the work tree. */
  readonly files?: Readonly<Record<string, string>>;
  readonly helper?: readonly string[] | null;
  readonly values?: readonly (readonly [string, string])[];
  readonly top?: string;
}

export interface Edited extends EditResult {
  readonly after: string;
  readonly editor: Editor;
  readonly places: readonly Place[];
}

/** Puts `TOKEN` in place of `§` and `OTHER` in place of `¤`. */
export function filled(template: string): string {
  return template.replaceAll("§", TOKEN).replaceAll("¤", OTHER);
}

/** Where the values stand in a text, each known by its name. */
function placesIn(text: string, values = NAMES): Place[] {
  const places: Place[] = [];
  for (const [value, name] of values)
    for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length))
      places.push({ start: at, end: at + value.length, name });
  return places.toSorted((a, b) => a.start - b.start);
}

/**
 * Edits a file by the first editor that is for it.
 *
 * @throws Error where edits overlap, do not take out exactly the places that are not refused, or break the text
 */
export async function editFile(path: string, text: string, options: Options = {}): Promise<Edited> {
  const entry = FORMATS.find((each) => each.matches(path));
  if (entry === undefined) throw new Error(`no editor for ${path}`);
  const editor = await entry.load();
  const places = placesIn(text, options.values);
  const project = {
    read: (file: string) => options.files?.[file] ?? null,
    top: options.top ?? "/home/ada/work",
    helper: options.helper === undefined ? ["/usr/local/bin/stowaway"] : options.helper,
  };
  const result = editor.edit({ path, text, places, project });
  const refused = new Set(result.refused.map(({ place }) => place));
  let after = "";
  let at = 0;
  for (const { start, end, text: written } of result.edits) {
    if (start < at || end < start) throw new Error("edits overlap");
    after += text.slice(at, start) + written;
    at = end;
  }
  after += text.slice(at);
  for (const place of places) {
    const taken = result.edits.some(({ start, end }) => start <= place.start && place.end <= end);
    const touched = result.edits.some(({ start, end }) => start < place.end && place.start < end);
    if (refused.has(place) ? touched : !taken) throw new Error("a place is refused and edited, or neither");
  }
  if (editor.problems(after) > editor.problems(text)) throw new Error("the edits break the text");
  for (const { start, end, text: written } of result.edits)
    if (places.some((place) => written.includes(text.slice(place.start, place.end))))
      throw new Error(`an edit holds a value: ${start}-${end}`);
  return { ...result, after, editor, places };
}
