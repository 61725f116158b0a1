import type { FileEncoding, PlainEdit, SecretEdit, Splice } from "../model/transaction.ts";
import { sharedEnds } from "./reversal.ts";

/** The one stretch in which two contents differ, as a splice of the first. */
function stretch(before: Buffer, after: Buffer, encoding: FileEncoding): Splice {
  let { head: start, tail } = sharedEnds(before, after);
  const width = encoding === "utf16le" ? 2 : 1;
  // Never within a character: a continuation byte of UTF-8, half a unit of UTF-16.
  while (start > 0 && (encoding === "utf8" ? isContinuation(before[start]) : start % width !== 0)) start -= 1;
  while (tail > 0 && (encoding === "utf8" ? isContinuation(before.at(-tail)) : tail % width !== 0)) tail -= 1;
  const text = (bytes: Buffer): string => bytes.toString(encoding, start, bytes.length - tail);
  return { at: start, before: [text(before)], after: text(after) };
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function lengthOf({ before }: Splice, encoding: FileEncoding): number {
  const [text] = before;
  return typeof text === "string" ? Buffer.byteLength(text, encoding) : 0;
}

type Side = { readonly before: Buffer; readonly splices: readonly Splice[] };

/** Null where both changes touch the same bytes. */
function joined(
  side: Side | null,
  plain: { readonly before: Buffer | null; readonly after: Buffer } | null,
  encoding: FileEncoding,
  ends: (splice: Splice) => number,
): Side | null {
  if (plain?.before == null) return side;
  const extra = stretch(plain.before, plain.after, encoding);
  const end = extra.at + lengthOf(extra, encoding);
  const splices = side?.splices ?? [];
  if (splices.some((splice) => splice.at <= end && extra.at <= ends(splice))) return null;
  return { before: plain.before, splices: [...splices, extra].toSorted((a, b) => a.at - b.at) };
}

/**
 * Makes one edit of a file's two: a package.json may lose a token and gain a line in `files`.
 *
 * @param values by name, for their lengths alone
 * @returns null where the two are in each other's way
 */
export function mergeEdits(
  edit: SecretEdit,
  plain: PlainEdit,
  values: ReadonlyMap<string, string>,
): SecretEdit | null {
  const { encoding, worktree, index } = edit;
  const ends = ({ at, before }: Splice): number =>
    before.reduce(
      (end, piece) =>
        end + Buffer.byteLength(typeof piece === "string" ? piece : (values.get(piece.name) ?? ""), encoding),
      at,
    );
  const onDisk = joined(worktree, plain.worktree, encoding, ends);
  if (onDisk === null && worktree !== null) return null;
  // Where git makes the index's form from the new file, it makes it with both changes.
  if (index !== null && "clean" in index) return { ...edit, worktree: onDisk };
  const staged = joined(index, plain.index, encoding, ends);
  if (staged === null && index !== null) return null;
  return { ...edit, worktree: onDisk, index: staged };
}
