import type { FileEncoding } from "../model/transaction.ts";

/** A file's bytes as text, and back without a loss. */
export interface FileText {
  /** Without the byte order mark. */
  readonly text: string;
  readonly encoding: FileEncoding;
  /** Bytes of the byte order mark. */
  readonly mark: number;
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARK = Buffer.from([0xff, 0xfe]);

/**
 * Reads a file's bytes as text: UTF-16 where its mark says so, UTF-8 where it is valid, else Latin-1, in which every byte
 * is a character, so that all others stay as they are.
 *
 * @returns null for UTF-16 that is big-endian or has no mark, and for binary content: nothing is edited there
 */
export function readFileText(bytes: Buffer): FileText | null {
  if (bytes.subarray(0, 2).equals(UTF16_MARK)) {
    if (bytes.length % 2 !== 0 || bytes.subarray(2, 4).equals(Buffer.alloc(2))) return null;
    return { text: bytes.toString("utf16le", 2), encoding: "utf16le", mark: 2 };
  }
  if (bytes.includes(0)) return null;
  const mark = bytes.subarray(0, 3).equals(UTF8_MARK) ? 3 : 0;
  const text = bytes.toString("utf8", mark);
  if (Buffer.from(text).equals(bytes.subarray(mark))) return { text, encoding: "utf8", mark };
  return { text: bytes.toString("latin1"), encoding: "latin1", mark: 0 };
}

/**
 * Byte offsets in the file of UTF-16 offsets in its text.
 *
 * @param offsets ascending
 */
export function byteOffsets({ text, encoding, mark }: FileText, offsets: readonly number[]): number[] {
  let at = 0;
  let bytes = mark;
  return offsets.map((offset) => {
    bytes += Buffer.byteLength(text.slice(at, offset), encoding);
    at = offset;
    return bytes;
  });
}
