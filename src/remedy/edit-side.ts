import type { Place, Surroundings, TextEdit } from "../model/edit.ts";
import type { Piece, Splice } from "../model/transaction.ts";
import { applyEdits, inOrder, rewrite } from "./edit/index.ts";
import { byteOffset, readFileText } from "./file-text.ts";
import type { FileText } from "./file-text.ts";
import { lineNumber, occurrencesOf } from "./occurrences.ts";
import type { Wanted } from "./occurrences.ts";

/** One form of a file: that on the disk, or the index's. */
export interface SideRequest {
  readonly path: string;
  readonly bytes: Buffer;
  readonly wanted: readonly Wanted[];
  /** Values that stay in the file: no edit may carry one of them into the journal. */
  readonly others: readonly string[];
  readonly project: Surroundings;
  readonly show: ShowLine;
}

/**
 * Shows one line of a text with every value on it masked.
 *
 * @param start UTF-16 offsets of what is shown as `shown`, whatever stands there
 */
export type ShowLine = (path: string, text: string, start: number, end: number, shown: string) => string;

/** A line that changes, masked; for people. */
export interface ShownChange {
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** A place that stays as it is. */
export interface Left {
  readonly name: string;
  readonly line: number;
  readonly why: string;
  readonly instead: readonly string[];
}

export interface SideResult {
  readonly encoding: FileText["encoding"];
  readonly splices: readonly Splice[];
  readonly after: Buffer;
  /** Names of which a place is taken out, with the lines. */
  readonly taken: readonly { readonly name: string; readonly line: number }[];
  readonly left: readonly Left[];
  readonly changes: readonly ShownChange[];
  readonly notes: readonly string[];
  readonly aliases: Readonly<Record<string, readonly string[]>>;
}

/** Takes values out of one form of a file; writes nothing. */
export async function editSide(request: SideRequest): Promise<SideResult> {
  const { path, bytes, wanted, project, show } = request;
  const file = readFileText(bytes);
  if (file === null)
    return untouched(bytes, wanted, "the file is binary, or in an encoding that is not edited");
  const places = occurrencesOf(file.text, wanted);
  const result = await rewrite({ path, text: file.text, places, project });
  const { edits, unsafe } = withoutOthers(file.text, result.edits, places, request.others);
  const refused = [...result.refused, ...unsafe];
  const left = refused.map(({ place, why, instead }) => ({
    name: place.name,
    line: lineNumber(file.text, place.start),
    why,
    instead,
  }));
  const stays = new Set(refused.map(({ place }) => place));
  const missing = wanted.filter(({ name }) => !places.some((place) => place.name === name));
  return {
    encoding: file.encoding,
    splices: edits.map((edit) => splice(file, edit, places)),
    after: encode(file, applyEdits(file.text, edits), bytes),
    taken: places
      .filter((place) => !stays.has(place))
      .map(({ name, start }) => ({ name, line: lineNumber(file.text, start) })),
    left: [...left, ...missing.map((each) => notLiteral(each))],
    changes: shownChanges(path, file.text, edits, places, show),
    notes: edits.length === 0 ? [] : result.notes,
    aliases: edits.length === 0 ? {} : result.aliases,
  };
}

function notLiteral({ name, lines }: Wanted): Left {
  return {
    name,
    line: [...lines][0] ?? 1,
    why: "it stands there in another form (encoded, or in parts)",
    instead: [`read ${name} from the environment there, and delete the value`],
  };
}

function untouched(bytes: Buffer, wanted: readonly Wanted[], why: string): SideResult {
  const left = wanted.map(({ name, lines }) => ({
    name,
    line: [...lines][0] ?? 1,
    why,
    instead: [`take the value out by hand, and read ${name} from the environment`],
  }));
  const nothing = { splices: [], taken: [], changes: [], notes: [], aliases: {} };
  return { encoding: "latin1", after: bytes, left, ...nothing };
}

function encode({ encoding, mark }: FileText, text: string, old: Buffer): Buffer {
  return Buffer.concat([old.subarray(0, mark), Buffer.from(text, encoding)]);
}

/** What an edit replaces, with names for the values in it. */
function piecesOf(text: string, edit: TextEdit, places: readonly Place[]): Piece[] {
  const pieces: Piece[] = [];
  let at = edit.start;
  for (const place of places) {
    if (place.start < at || place.end > edit.end) continue;
    if (place.start > at) pieces.push(text.slice(at, place.start));
    pieces.push({ name: place.name });
    at = place.end;
  }
  if (at < edit.end) pieces.push(text.slice(at, edit.end));
  return pieces;
}

function splice(file: FileText, edit: TextEdit, places: readonly Place[]): Splice {
  return {
    at: byteOffset(file, edit.start),
    before: piecesOf(file.text, edit, places),
    after: edit.text,
  };
}

/** Drops edits that would take along a value which nobody keeps; with them go all others, for they may belong together. */
function withoutOthers(
  text: string,
  edits: readonly TextEdit[],
  places: readonly Place[],
  others: readonly string[],
): { edits: TextEdit[]; unsafe: { place: Place; why: string; instead: string[] }[] } {
  const ordered = inOrder(edits);
  const holds = (edit: TextEdit): boolean =>
    piecesOf(text, edit, places).some(
      (piece) => typeof piece === "string" && others.some((value) => value !== "" && piece.includes(value)),
    );
  if (!ordered.some(holds)) return { edits: ordered, unsafe: [] };
  const why = "another secret stands in the same text and stays";
  const instead = ["move both at once: run stow without naming ids"];
  const covered = places.filter((place) =>
    ordered.some(({ start, end }) => start <= place.start && place.end <= end),
  );
  return { edits: [], unsafe: covered.map((place) => ({ place, why, instead })) };
}

/** One change a line: what stood there, and what will. */
function shownChanges(
  path: string,
  text: string,
  edits: readonly TextEdit[],
  places: readonly Place[],
  show: ShowLine,
): ShownChange[] {
  const after = applyEdits(text, edits);
  const changes: ShownChange[] = [];
  let shift = 0;
  for (const edit of inOrder(edits)) {
    const place = places.find(({ start, end }) => edit.start <= start && end <= edit.end);
    const start = edit.start + shift;
    const end = start + edit.text.length;
    const before = place === undefined ? "" : show(path, text, place.start, place.end, "***");
    const now = edit.text === "" ? "" : show(path, after, start, end, edit.text.trim());
    shift += edit.text.length - (edit.end - edit.start);
    if (before !== "" || now !== "") changes.push({ line: lineNumber(text, edit.start), before, after: now });
  }
  return changes;
}
