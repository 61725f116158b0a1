import type { Editor, EditorEntry, EditRequest, EditResult, Place, TextEdit } from "../../model/edit.ts";
import { FORMATS } from "./formats.ts";
import { LANGUAGES } from "./languages.ts";
import { protectedFile } from "./protected.ts";

/** Every editor, the most special first: `package.json` before JSON. To add one: a file, and its line in the table. */
const EDITORS: readonly EditorEntry[] = [...FORMATS, ...LANGUAGES];

/** A larger text is not parsed: it is data, and nothing that people write. */
const LARGEST = 4 * 1024 ** 2;

/** The text with the edits made. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let at = 0;
  for (const edit of inOrder(edits)) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

/** Edits by their place; of two at the same one, the insertion first. */
export function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function refuseAll(places: readonly Place[], why: string, instead: readonly string[]): EditResult {
  return { edits: [], refused: places.map((place) => ({ place, why, instead })), notes: [], aliases: {} };
}

function byHand(places: readonly Place[], why: string): EditResult {
  const names = [...new Set(places.map(({ name }) => name))].join(", ");
  return refuseAll(places, why, [`read ${names} from the environment there, and delete the value`]);
}

/** Whether the edits are apart, and take out every place that is not refused. */
function isSound({ edits, refused }: EditResult, places: readonly Place[]): boolean {
  const ordered = inOrder(edits);
  if (ordered.some((edit, index) => edit.start < (ordered[index - 1]?.end ?? 0))) return false;
  const left = new Set(refused.map(({ place }) => place));
  return places.every((place) => {
    const taken = ordered.some(({ start, end }) => start <= place.start && place.end <= end);
    const touched = ordered.some(({ start, end }) => start < place.end && place.start < end);
    return left.has(place) ? !touched : taken;
  });
}

/**
 * Replaces values in a file by references to variables, in the way of its language.
 *
 * An editor only locates and says what to replace; here its word is checked: the edits are apart, they cover the places,
 * and the result has no syntax error that was not there. Where that fails, every place is refused.
 *
 * @param request places ascending, without overlap
 */
export async function rewrite(request: EditRequest): Promise<EditResult> {
  const { path, text, places } = request;
  const guard = protectedFile(path, text);
  if (guard !== null) return refuseAll(places, guard.why, [guard.instead]);
  if (text.length > LARGEST) return byHand(places, "the file is too large to be parsed");
  const entry = EDITORS.find((each) => each.matches(path));
  if (entry === undefined) return byHand(places, "no way is known to read a variable in this kind of file");
  const editor = await entry.load();
  const before = editor.problems(text);
  const result = editor.edit(request);
  if (result.edits.length === 0) return result;
  return verified(editor, request, result, before);
}

function verified(
  editor: Editor,
  { text, places }: EditRequest,
  result: EditResult,
  before: number,
): EditResult {
  if (isSound(result, places) && editor.problems(applyEdits(text, result.edits)) <= before) return result;
  return byHand(places, `the change would not be valid ${editor.name}`);
}
