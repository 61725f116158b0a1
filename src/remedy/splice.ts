import { KnownError } from "../model/errors.ts";
import type { Secret } from "../model/secret.ts";
import type { FileEncoding, Piece, Splice } from "../model/transaction.ts";

/** Values by name. */
export type Values = ReadonlyMap<string, Secret>;

function encode(text: string, encoding: FileEncoding): Buffer {
  const bytes = Buffer.from(text, encoding);
  // Node replaces what an encoding cannot say, without a word.
  if (bytes.toString(encoding) !== text)
    throw new KnownError(1, "not-encodable", "a text cannot be written in the file's encoding", {
      hint: "Take the value out by hand.",
    });
  return bytes;
}

function resolve(pieces: readonly Piece[], encoding: FileEncoding, values: Values): Buffer {
  const parts = pieces.map((piece) => {
    if (typeof piece === "string") return encode(piece, encoding);
    const value = values.get(piece.name);
    if (value === undefined) throw new Error(`no value is known under the name ${piece.name}`);
    return encode(value.expose(), encoding);
  });
  return Buffer.concat(parts);
}

interface Replacement {
  readonly at: number;
  readonly old: Buffer;
  readonly new: Buffer;
}

/** @returns null where some old text does not stand where it should */
function replaceAll(bytes: Buffer, replacements: readonly Replacement[]): Buffer | null {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { at, old, new: text } of replacements) {
    if (at < from || !bytes.subarray(at, at + old.length).equals(old)) return null;
    parts.push(bytes.subarray(from, at), text);
    from = at + old.length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function ordered(splices: readonly Splice[]): Splice[] {
  return splices.toSorted((a, b) => a.at - b.at);
}

/**
 * Takes values out of a file.
 *
 * @throws Error where the splices overlap, or are not for these bytes
 */
export function applySplices(
  before: Buffer,
  splices: readonly Splice[],
  encoding: FileEncoding,
  values: Values,
): Buffer {
  const after = replaceAll(
    before,
    ordered(splices).map((splice) => ({
      at: splice.at,
      old: resolve(splice.before, encoding, values),
      new: encode(splice.after, encoding),
    })),
  );
  if (after === null) throw new Error("an edit does not fit the file that it was made for");
  return after;
}

/**
 * Puts values back where `applySplices` took them out.
 *
 * @returns null where these bytes are not its work
 */
export function undoSplices(
  after: Buffer,
  splices: readonly Splice[],
  encoding: FileEncoding,
  values: Values,
): Buffer | null {
  let shift = 0;
  const replacements = ordered(splices).map((splice) => {
    const replacement = {
      at: splice.at + shift,
      old: encode(splice.after, encoding),
      new: resolve(splice.before, encoding, values),
    };
    shift += replacement.old.length - replacement.new.length;
    return replacement;
  });
  return replaceAll(after, replacements);
}

/** Where the splices are in the old content, in bytes. */
export function rangesOf(
  splices: readonly Splice[],
  encoding: FileEncoding,
  values: Values,
): { readonly at: number; readonly length: number }[] {
  return splices.map(({ at, before }) => ({ at, length: resolve(before, encoding, values).length }));
}
