import type { Reversal } from "./journal.ts";
import { undoSplices } from "./splice.ts";
import type { Values } from "./splice.ts";

/** How many bytes two contents share at their beginning, and behind that at their end. */
export function sharedEnds(before: Buffer, after: Buffer): { readonly head: number; readonly tail: number } {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, tail };
}

/** The stretch by which two contents differ, as what makes the old one of the new one. */
export function stretchBetween(
  before: Buffer,
  after: Buffer,
): Extract<Reversal, { readonly kind: "stretch" }> {
  const { head: at, tail } = sharedEnds(before, after);
  const old = before.subarray(at, before.length - tail);
  return { kind: "stretch", at, length: after.length - tail - at, old: old.toString("base64") };
}

/** Names of the values that a reversal needs. */
export function namesIn(reversal: Reversal): string[] {
  if (reversal.kind !== "splices") return [];
  return reversal.splices.flatMap(({ before }) =>
    before.flatMap((piece) => (typeof piece === "string" ? [] : [piece.name])),
  );
}

/**
 * Makes the old content of the new one.
 *
 * @returns null where that cannot be: the new content is not what was written, or the reversal is of another kind
 */
export function reverse(after: Buffer, reversal: Reversal, values: Values): Buffer | null {
  if (reversal.kind === "splices") return undoSplices(after, reversal.splices, reversal.encoding, values);
  if (reversal.kind !== "stretch") return null;
  const { at, length, old } = reversal;
  return Buffer.concat([after.subarray(0, at), Buffer.from(old, "base64"), after.subarray(at + length)]);
}

/**
 * Whether a content is what a crash leaves of writing one content over another in place: the first bytes of the new one,
 * then what the old one had behind them.
 */
export function isTorn(found: Buffer, written: Buffer, over: Buffer): boolean {
  const { head } = sharedEnds(found, written);
  return found.subarray(head).equals(over.subarray(head));
}
