import { holdsText } from "./archive-event.ts";

const CHECKSUM = 148;
const BLOCK = 512;
const LINE_END = Buffer.from("\n");
const decoder = new TextDecoder();

/** One 512-byte header block (POSIX.1-1988 ustar, GNU tar manual "Basic Tar Format"). */
export interface TarHeader {
  readonly name: string;
  /** Bytes that follow, without padding; NaN where the field is no number. */
  readonly size: number;
  /** Type flag; the NUL of v7 is read as `0`. */
  readonly type: string;
  readonly link: string;
  /** Old GNU sparse: more blocks with the map follow before the data. */
  readonly sparseContinues: boolean;
}

/** Whether the block's checksum is that of its bytes, summed unsigned or (some old writers) signed. */
export function hasValidChecksum(block: Uint8Array): boolean {
  const stored = number(block, CHECKSUM, 8);
  if (!(stored > 0) || block.length < 512) return false;
  let unsigned = 8 * 32;
  let signed = 8 * 32;
  for (let index = 0; index < 512; index++) {
    if (index >= CHECKSUM && index < CHECKSUM + 8) continue;
    const byte = block[index] ?? 0;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stored === unsigned || stored === signed;
}

/** @param block 512 bytes whose checksum was found right */
export function parseHeader(block: Uint8Array): TarHeader {
  const magic = Buffer.from(block.subarray(257, 265)).toString("latin1");
  const prefix = magic.startsWith("ustar\0") ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  const flag = block[156] ?? 0;
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: number(block, 124, 12),
    type: flag === 0 ? "0" : String.fromCharCode(flag),
    link: text(block, 157, 100),
    sparseContinues: magic === "ustar  \0" && block[482] === 1,
  };
}

/**
 * Fields that no reader makes a file of, where they are long enough to hide something: the link of what is no link,
 * the owner's names, the unused end of the block.
 */
export function textFields(block: Uint8Array): Uint8Array | null {
  const isLink = block[156] === 0x31 || block[156] === 0x32;
  const fields = [block.subarray(265, 297), block.subarray(297, 329), block.subarray(500, BLOCK)];
  if (!isLink) fields.push(block.subarray(157, 257));
  const texts = fields.filter(holdsText);
  return texts.length === 0 ? null : Buffer.concat(texts.flatMap((field) => [field, LINE_END]));
}

/** Text up to the first NUL. */
export function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** Octal digits, or base 256 where the first bit is set; NaN for anything else or below zero. */
function number(block: Uint8Array, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first >= 0x80) {
    if (first !== 0x80) return Number.NaN;
    let value = 0;
    for (const byte of block.subarray(start + 1, start + length)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }
  const digits = text(block, start, length).trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}
