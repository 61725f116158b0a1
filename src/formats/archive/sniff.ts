import { claimsArchive } from "./archive-name.ts";
import { hasValidChecksum } from "./tar-header.ts";
import { findEnd } from "./zip-end.ts";

/** Archive formats that are read. */
export type ArchiveFormat = "gzip" | "zip" | "tar";
/** Archive formats that are recognised, so that they are not passed over in silence. */
export type UnreadFormat = "xz" | "zstd" | "bzip2" | "7z" | "rar" | "lzma" | "compress";

/** Bytes from the start of a file or stream that `sniffHead` looks at. */
export const HEAD_BYTES = 1 << 16;

const BLOCK = 512;
/** Magic bytes at offset 0 (file(1), and each format's own specification). */
const UNREAD: readonly (readonly [UnreadFormat, readonly number[]])[] = [
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ["rar", [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
];
/** Behind `BZh` and the block size: the magic number of a first block, or of the end. */
const BZIP2_BLOCKS = [
  [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];

/** Whether there is something to unpack, by the bytes, or something that should be, by the name. */
export function looksLikeArchive(path: string, bytes: Uint8Array): boolean {
  return sniff(bytes) !== null || claimsArchive(path, bytes);
}

/**
 * What kind of archive the bytes are, whatever the file is called.
 *
 * @param bytes the whole file: the directory of a zip stands at its end
 * @returns null for everything that is no archive
 */
export function sniff(bytes: Uint8Array): ArchiveFormat | UnreadFormat | null {
  const head = sniffHead(bytes);
  if (head !== null) return head;
  const end = findEnd(bytes);
  return end !== null && end.directory < end.record ? "zip" : null;
}

/** What `sniff` says from the first `HEAD_BYTES` alone; a zip with something before it is not seen. */
export function sniffHead(bytes: Uint8Array): ArchiveFormat | UnreadFormat | null {
  if (starts(bytes, [0x1f, 0x8b, 0x08])) return "gzip";
  if (starts(bytes, [0x50, 0x4b, 0x03, 0x04]) || starts(bytes, [0x50, 0x4b, 0x05, 0x06])) return "zip";
  for (const [format, magic] of UNREAD) if (starts(bytes, magic)) return format;
  const blocks = bytes.subarray(4);
  if (starts(bytes, [0x42, 0x5a, 0x68]) && BZIP2_BLOCKS.some((magic) => starts(blocks, magic)))
    return "bzip2";
  if (isLzma(bytes)) return "lzma";
  if (isCompress(bytes)) return "compress";
  return isTar(bytes.subarray(0, HEAD_BYTES)) ? "tar" : null;
}

/**
 * The header of LZMA alone has no magic number: the usual properties, a size of the dictionary that is 2^n or
 * 2^n + 2^(n-1), an unpacked size that is unknown or below 256 GiB (as xz itself tells), and a first byte of data that
 * is always zero.
 */
function isLzma(bytes: Uint8Array): boolean {
  if (!starts(bytes, [0x5d, 0x00, 0x00]) || bytes.length < 14 || bytes[13] !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 13);
  const dictionary = view.getUint32(1, true);
  const power = 2 ** (31 - Math.clz32(dictionary));
  const size = view.getBigUint64(5, true);
  const knownSize = size < 1n << 38n || size === (1n << 64n) - 1n;
  return dictionary > 0 && knownSize && (dictionary === power || dictionary === power * 1.5);
}

/** `.Z` of compress(1): codes of 9 to 16 bits, two bits that are never set. */
function isCompress(bytes: Uint8Array): boolean {
  const flags = bytes[2] ?? 0;
  const bits = flags & 0x1f;
  return starts(bytes, [0x1f, 0x9d]) && (flags & 0x60) === 0 && bits >= 9 && bits <= 16;
}

/**
 * A header at the start; or behind one block that is none, or behind zeros, which installers pass over.
 *
 * @param head whole blocks, as far as they are known
 */
function isTar(head: Uint8Array): boolean {
  if (head.length < BLOCK) return false;
  if (starts(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72, 0x00, 0x30, 0x30])) return true;
  if (starts(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72, 0x20, 0x20, 0x00])) return true;
  const filled = head[0] === 0 ? head.findIndex((byte) => byte !== 0) : 0;
  const first = filled - (filled % BLOCK);
  return [first, BLOCK].some((at) => at >= 0 && isHeader(head.subarray(at, at + BLOCK)));
}

function isHeader(block: Uint8Array): boolean {
  return block[0] !== 0 && hasValidChecksum(block);
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
