import { createHash, createHmac, scryptSync } from "node:crypto";
import type { Secret } from "../model/secret.ts";

/** Public, so that a team's ids agree; weak values are protected by the slow function instead. */
const KEY = "stowaway finding id 1";
/** Below this many bits a value could be guessed from its hash, were the hash quick. */
const STRONG_BITS = 80;
/** About 40 ms and 16 MB a guess. */
const SCRYPT = { N: 2 ** 14, r: 8, p: 1 };

const digests = new Map<string, string>();

/** A lower bound of what a guesser must try, in bits: the entropy of the value's own characters, times its length. */
function strength(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / value.length);
  return bits;
}

/** Keyed digest of a value, slow to compute where the value is weak; kept, since a weak value often stands many times. */
function digestOf(secret: Secret): string {
  const value = secret.expose();
  const quick = createHmac("sha256", KEY).update(value).digest("hex");
  if (strength(value) >= STRONG_BITS) return quick;
  const known = digests.get(quick);
  if (known !== undefined) return known;
  const slow = scryptSync(value, KEY, 32, SCRYPT).toString("hex");
  digests.set(quick, slow);
  return slow;
}

/**
 * Id of a finding: the same while rule, path and value are, wherever the line moves.
 *
 * @param secret null for a finding about a file's name
 * @returns 16 hexadecimal digits
 */
export function findingId(rule: string, path: string, secret: Secret | null): string {
  const value = secret === null ? "" : digestOf(secret);
  return createHmac("sha256", KEY).update([rule, path, value].join("\0")).digest("hex").slice(0, 16);
}

/**
 * Id of something that was skipped or could not be read, bound to its content where that is known.
 *
 * @returns 16 hexadecimal digits
 */
export function eventId(code: string, place: readonly string[], digest: string | null): string {
  return createHash("sha256")
    .update([code, ...place, digest ?? ""].join("\0"))
    .digest("hex")
    .slice(0, 16);
}
