/** What an extended header says about the next member (POSIX.1-2001 pax; GNU sparse 0.x and 1.0). */
export interface PaxRecords {
  readonly path?: string;
  readonly linkpath?: string;
  /** As written; may be no number at all. */
  readonly size?: string;
  /** Keys beyond the usual ones are there: free text that is published with the archive. */
  readonly unusual: boolean;
  /** False where a record's length does not fit. */
  readonly sound: boolean;
}

const USUAL =
  /^(?:path|linkpath|size|[amc]time|uid|gid|uname|gname|hdrcharset|charset|GNU\.sparse\..*|LIBARCHIVE\.creationtime|SCHILY\.(?:dev|ino|nlink|fflags))$/;

/** @param body records of the form `LENGTH KEY=VALUE\n` */
export function parsePax(body: Uint8Array): PaxRecords {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const found = new Map<string, string>();
  let offset = 0;
  while (offset < bytes.length && bytes[offset] !== 0) {
    const space = bytes.indexOf(0x20, offset);
    const digits = space < 0 ? "" : bytes.toString("latin1", offset, Math.min(space, offset + 12));
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const end = offset + length;
    if (end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a)
      return { ...pick(found), unusual: true, sound: false };
    const record = bytes.toString("utf8", space + 1, end - 1);
    const equals = record.indexOf("=");
    if (equals > 0) found.set(record.slice(0, equals), record.slice(equals + 1));
    offset = end;
  }
  const unusual = [...found.keys()].some((key) => !USUAL.test(key));
  return { ...pick(found), unusual, sound: true };
}

function pick(found: ReadonlyMap<string, string>): Pick<PaxRecords, "path" | "linkpath" | "size"> {
  const path = found.get("GNU.sparse.name") ?? found.get("path");
  const linkpath = found.get("linkpath");
  const size = found.get("size");
  return {
    ...(path !== undefined && { path }),
    ...(linkpath !== undefined && { linkpath }),
    ...(size !== undefined && { size }),
  };
}
