import type { Place, Surroundings, TextEdit } from "../model/edit.ts";
import type { FileEncoding, Piece, Splice } from "../model/transaction.ts";
import { applyEdits, inOrder, rewrite } from "./edit/index.ts";
import { byteOffsets, readFileText } from "./file-text.ts";
import type { FileText } from "./file-text.ts";
import { LineIndex, occurrencesOf } from "./occurrences.ts";
import type { Wanted } from "./occurrences.ts";
import { shownChanges } from "./shown-changes.ts";
import type { ShownChange, ShowLines } from "./shown-changes.ts";

/** One form of a file: that on the disk, or the index's. */
export interface SideRequest {
  readonly path: string;
  readonly bytes: Buffer;
  readonly wanted: readonly Wanted[];
  /** Values that stay in the file: no edit may carry one of them into the journal. */
  readonly others: readonly string[];
  readonly project: Surroundings;
  readonly show: ShowLines;
}

/** A place that stays as it is. */
export interface Left {
  readonly name: string;
  readonly line: number;
  readonly why: string;
  readonly instead: readonly string[];
}

export interface SideResult {
  readonly encoding: FileEncoding;
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
  const lines = new LineIndex(file.text);
  const { places, embedded } = occurrencesOf(file.text, wanted, lines);
  const result = await rewrite({ path, text: file.text, places, project });
  const { edits, unsafe } = withoutOthers(file.text, result.edits, places, request.others);
  const refused = [...result.refused, ...unsafe, ...embedded.map((place) => partOfWord(place))];
  const stays = new Set(refused.map(({ place }) => place));
  const found = new Set(places.map(({ name }) => name));
  const after = applyEdits(file.text, edits);
  const values = [...wanted.map(({ value }) => value), ...request.others];
  return {
    encoding: file.encoding,
    splices: splicesOf(file, edits, places),
    after: Buffer.concat([bytes.subarray(0, file.mark), Buffer.from(after, file.encoding)]),
    taken: places
      .filter((place) => !stays.has(place))
      .map(({ name, start }) => ({ name, line: lines.lineAt(start) })),
    left: [
      ...refused.map(({ place, why, instead }) => ({
        name: place.name,
        line: lines.lineAt(place.start),
        why,
        instead,
      })),
      ...wanted
        .filter((each) => each.lines.size > 0 && !found.has(each.name))
        .map((each) => notLiteral(each)),
    ],
    changes: shownChanges({ path, before: file.text, after, edits, values, lines }, show),
    notes: edits.length === 0 ? [] : result.notes,
    aliases: edits.length === 0 ? {} : result.aliases,
  };
}

function partOfWord(place: Place): { place: Place; why: string; instead: string[] } {
  return {
    place,
    why: "it is part of a longer word there",
    instead: [`take it out by hand, if that is the value of ${place.name}`],
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
  const left = wanted
    .filter(({ lines }) => lines.size > 0)
    .map(({ name, lines }) => ({
      name,
      line: [...lines][0] ?? 1,
      why,
      instead: [`take the value out by hand, and read ${name} from the environment`],
    }));
  const nothing = { splices: [], taken: [], changes: [], notes: [], aliases: {} };
  return { encoding: "latin1", after: bytes, left, ...nothing };
}

/** What an edit replaces, with names for the values in it. */
function piecesOf(text: string, edit: TextEdit, places: readonly Place[]): Piece[] {
  const pieces: Piece[] = [];
  let at = edit.start;
  for (let index = firstFrom(places, edit.start); index < places.length; index += 1) {
    const place = places[index];
    if (place === undefined || place.end > edit.end) break;
    if (place.start > at) pieces.push(text.slice(at, place.start));
    pieces.push({ name: place.name });
    at = place.end;
  }
  if (at < edit.end) pieces.push(text.slice(at, edit.end));
  return pieces;
}

/** Index of the first place that starts at an offset or behind it. */
function firstFrom(places: readonly Place[], offset: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function splicesOf(file: FileText, edits: readonly TextEdit[], places: readonly Place[]): Splice[] {
  const ordered = inOrder(edits);
  const offsets = byteOffsets(
    file,
    ordered.map(({ start }) => start),
  );
  return ordered.map((edit, index) => ({
    at: offsets[index] ?? 0,
    before: piecesOf(file.text, edit, places),
    after: edit.text,
  }));
}

/** Drops edits that would take along a value which nobody keeps; with them go all others, for they may belong together. */
function withoutOthers(
  text: string,
  edits: readonly TextEdit[],
  places: readonly Place[],
  others: readonly string[],
): { edits: readonly TextEdit[]; unsafe: { place: Place; why: string; instead: string[] }[] } {
  const holds = (edit: TextEdit): boolean =>
    piecesOf(text, edit, places).some(
      (piece) => typeof piece === "string" && others.some((value) => value !== "" && piece.includes(value)),
    );
  if (!edits.some(holds)) return { edits, unsafe: [] };
  const why = "another secret stands in the same text and stays";
  const instead = ["move both at once: run stow without naming ids"];
  const covered = places.filter((place) =>
    edits.some(({ start, end }) => start <= place.start && place.end <= end),
  );
  return { edits: [], unsafe: covered.map((place) => ({ place, why, instead })) };
}
