const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const COMMENT_BYTES = 0xffff;

/** The end-of-directory record of a zip (PKWARE APPNOTE 4.3.14 to 4.3.16); positions are those of the whole file. */
export interface ZipEnd {
  /** Bytes before the archive proper: the offsets in it count from here. */
  readonly shift: number;
  readonly directory: number;
  /** First byte of the end records. */
  readonly record: number;
  readonly comment: number;
  /** First byte behind the comment. */
  readonly end: number;
}

/** Finds the last record that points at a directory; null where there is none. */
export function findEnd(bytes: Uint8Array): ZipEnd | null {
  const tailStart = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES);
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + tailStart, bytes.length - tailStart);
  for (let from = tail.length; from >= 0;) {
    const at = tail.lastIndexOf("PK\x05\x06", from, "latin1");
    if (at < 0) return null;
    const found = readEnd(bytes, tailStart + at);
    if (found !== null) return found;
    from = at - 1;
  }
  return null;
}

function readEnd(bytes: Uint8Array, at: number): ZipEnd | null {
  if (at + END_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(at + 12, true);
  const offset = view.getUint32(at + 16, true);
  const comment = at + END_BYTES;
  const end = Math.min(comment + view.getUint16(at + 20, true), bytes.length);
  const locator = at - LOCATOR_BYTES;
  if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
    const record = Number(view.getBigUint64(locator + 8, true));
    if (record + 56 > locator || view.getUint32(record, true) !== 0x06064b50) return null;
    const directory = Number(view.getBigUint64(record + 48, true));
    return directory > record ? null : { shift: 0, directory, record, comment, end };
  }
  const directory = at - size;
  const shift = directory - offset;
  if (shift < 0) return null;
  if (size > 0 && (directory < 0 || view.getUint32(directory, true) !== 0x02014b50)) return null;
  return { shift, directory, record: at, comment, end };
}
