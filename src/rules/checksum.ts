import { crc32 } from "./crc32.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LENGTH = 6;

/**
 * The last six characters of GitHub's and npm's tokens: CRC-32 of the characters before them, in base62.
 *
 * Source: "Behind GitHub's new authentication token formats" (github.blog, 2021); npm took over the scheme.
 *
 * @param body the token's characters between prefix and checksum
 */
export function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = "";
  while (text.length < LENGTH) {
    text = (BASE62[rest % 62] ?? "") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** @param tail a token without its prefix; whether its last six characters are the checksum of the others */
export function hasChecksum(tail: string): boolean {
  return tail.length > LENGTH && checksumOf(tail.slice(0, -LENGTH)) === tail.slice(-LENGTH);
}
