import type { Document } from "../model/document.ts";
import { asBuffer } from "../model/bytes.ts";
import type { Grid } from "./wide-runs.ts";

type Encoding = Document["encoding"];

interface Decoded {
  /** UTF-8 (or the raw bytes of a binary). */
  readonly bytes: Buffer;
  readonly encoding: Encoding;
  /** How wide characters were read; null where each byte was taken as it is. */
  readonly grid: Grid | null;
}

/** Pairs looked at to tell UTF-16 without a byte order mark. */
const SAMPLE = 4096;

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

/** @param mark bytes of the byte order mark, which are left out */
function fromUtf16(raw: Buffer, encoding: "utf-16le" | "utf-16be", mark: 0 | 2): Decoded {
  const bytes = raw.subarray(mark);
  const little = encoding === "utf-16le" ? bytes : swapped(bytes);
  return {
    bytes: Buffer.from(little.toString("utf16le", 0, little.length & ~1)),
    encoding,
    grid: { step: 2, rest: encoding === "utf-16le" ? 0 : 1 },
  };
}

function fromUtf32(bytes: Buffer, bigEndian: boolean): Decoded {
  const characters: string[] = [];
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const point = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    characters.push(point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point));
  }
  return {
    bytes: Buffer.from(characters.join("")),
    encoding: bigEndian ? "utf-16be" : "utf-16le",
    grid: { step: 4, rest: bigEndian ? 3 : 0 },
  };
}

/** UTF-16 of mostly ASCII text has a zero in nearly every second byte and hardly one in the others. */
function guessUtf16(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  const pairs = Math.min(bytes.length >> 1, SAMPLE);
  let even = 0;
  let odd = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (bytes[pair * 2] === 0) even += 1;
    if (bytes[pair * 2 + 1] === 0) odd += 1;
  }
  if (pairs < 2) return null;
  if (odd > pairs * 0.7 && even < pairs * 0.05) return "utf-16le";
  if (even > pairs * 0.7 && odd < pairs * 0.05) return "utf-16be";
  return null;
}

/**
 * Brings a file's bytes to UTF-8.
 *
 * Byte order marks as in the Unicode Standard, section 23.8; without one UTF-16 is told by its zero bytes. Anything else
 * stays as it is: ASCII secrets stand in every other charset as plain bytes.
 */
export function decode(raw: Uint8Array): Decoded {
  const bytes = asBuffer(raw);
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf)
    return { bytes: bytes.subarray(3), encoding: "utf-8", grid: null };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0 && bytes.length >= 8) return fromUtf32(bytes, false);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return fromUtf32(bytes, true);
  if (a === 0xff && b === 0xfe) return fromUtf16(bytes, "utf-16le", 2);
  if (a === 0xfe && b === 0xff) return fromUtf16(bytes, "utf-16be", 2);
  if (!bytes.includes(0)) return { bytes, encoding: "utf-8", grid: null };
  const guess = guessUtf16(bytes);
  return guess === null ? { bytes, encoding: "binary", grid: null } : fromUtf16(bytes, guess, 0);
}
