import { hasValidChecksum } from "./tar-header.ts";
import { findEnd } from "./zip-end.ts";

/** Archive formats that are read. */
export type ArchiveFormat = "gzip" | "zip" | "tar";
/** Archive formats that are recognised, so that they are not passed over in silence. */
export type UnreadFormat = "xz" | "zstd" | "bzip2" | "7z" | "rar";

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

/** Whether there is something to unpack, or something that would have to be unpacked to be seen. */
export function isArchive(bytes: Uint8Array): boolean {
  return sniff(bytes) !== null;
}

/** What `sniff` says from the first 512 bytes alone; a zip with something before it is not seen. */
export function sniffHead(bytes: Uint8Array): ArchiveFormat | UnreadFormat | null {
  if (starts(bytes, [0x1f, 0x8b, 0x08]) && ((bytes[3] ?? 0xff) & 0xe0) === 0) return "gzip";
  if (starts(bytes, [0x50, 0x4b, 0x03, 0x04]) || starts(bytes, [0x50, 0x4b, 0x05, 0x06])) return "zip";
  for (const [format, magic] of UNREAD) if (starts(bytes, magic)) return format;
  const blocks = bytes.subarray(4);
  if (starts(bytes, [0x42, 0x5a, 0x68]) && BZIP2_BLOCKS.some((magic) => starts(blocks, magic)))
    return "bzip2";
  return isTar(bytes) ? "tar" : null;
}

function isTar(bytes: Uint8Array): boolean {
  if (bytes.length < 512) return false;
  if (starts(bytes.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72, 0x00, 0x30, 0x30])) return true;
  if (starts(bytes.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72, 0x20, 0x20, 0x00])) return true;
  return bytes[0] !== 0 && hasValidChecksum(bytes.subarray(0, 512));
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
