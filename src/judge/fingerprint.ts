import { createHash, createHmac, scrypt } from "node:crypto";
import type { AnyRule } from "../model/rule.ts";
import type { Secret } from "../model/secret.ts";

/** Public, so that a team's ids agree; values that could be guessed are protected by the slow function instead. */
const KEY = "stowaway finding id 1";
/** Entropy of a value's own characters times its length, in bits, from which a machine-made token is beyond guessing. */
const STRONG_BITS = 80;
/** About 10 ms and 4 MB a guess: a file may hold hundreds of weak values, and a commit waits for them. */
const SCRYPT = { N: 2 ** 12, r: 8, p: 1 };
/** The thread pool has four threads; more would only hold memory. */
const AT_ONCE = 4;

const digests = new Map<string, Promise<string>>();

function bitsOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / value.length);
  return bits;
}

/**
 * Whether nobody can guess it: a provider's token with its own prefix, long enough. People choose passwords, however
 * long, and a phrase is guessed word by word.
 */
function isStrong(rule: AnyRule, value: string): boolean {
  return (
    "publicPrefix" in rule && rule.publicPrefix > 0 && bitsOf(value.slice(rule.publicPrefix)) >= STRONG_BITS
  );
}

async function slowDigest(value: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    scrypt(value, KEY, 32, SCRYPT, (error, key) => {
      if (error === null) resolve(key.toString("hex"));
      else reject(error);
    });
  });
}

/** Keyed digest of a value, slow to compute where it could be guessed; kept, since a value often stands many times. */
async function digestOf(rule: AnyRule, secret: Secret): Promise<string> {
  const value = secret.expose();
  const quick = createHmac("sha256", KEY).update(value).digest("hex");
  if (isStrong(rule, value)) return quick;
  const known = digests.get(quick) ?? slowDigest(value);
  digests.set(quick, known);
  return await known;
}

function idOf(rule: string, path: string, digest: string): string {
  return createHmac("sha256", KEY).update([rule, path, digest].join("\0")).digest("hex").slice(0, 16);
}

/**
 * Ids of the findings of one file: the same while rule, path and value are, wherever the line moves.
 *
 * @returns 16 hexadecimal digits each, in the order given
 */
export async function findingIds(
  findings: readonly { readonly rule: AnyRule; readonly secret: Secret | null }[],
  path: string,
): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < findings.length; at += AT_ONCE) {
    const some = findings.slice(at, at + AT_ONCE).map(async ({ rule, secret }) => {
      return idOf(rule.id, path, secret === null ? "" : await digestOf(rule, secret));
    });
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}

/** Id of a finding about a file's name. */
export function nameFindingId(rule: string, path: string): string {
  return idOf(rule, path, "");
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
