import { asBuffer } from "../../model/bytes.ts";

/** What an extended header says about the next member (POSIX.1-2001 pax; GNU sparse 0.x and 1.0). */
export interface PaxRecords {
  /** Every `path`, in the order of the header. */
  readonly paths: readonly string[];
  /** Every `GNU.sparse.name`. */
  readonly sparseNames: readonly string[];
  readonly linkpath?: string;
  /** As written; may be no number at all. */
  readonly size?: string;
  /** There are values beyond names and numbers: free text that is published with the archive. */
  readonly hasText: boolean;
  /** False where a record's length does not fit. */
  readonly sound: boolean;
}

const NAMES = new Set(["path", "linkpath", "size", "GNU.sparse.name"]);
const CHARSETS = new Set(["ISO-IR 10646 2000 UTF-8", "BINARY"]);
const NUMBERS = /^[-\d.,]*$/;
/** Longest value that is decoded. */
const VALUE_BYTES = 1 << 20;

/** @param body records of the form `LENGTH KEY=VALUE\n` */
export function parsePax(body: Uint8Array): PaxRecords {
  const bytes = asBuffer(body);
  const found: Record<string, string[]> = {};
  let hasText = false;
  let offset = 0;
  while (offset < bytes.length && bytes[offset] !== 0) {
    const digits = /^\d{1,10}(?= )/.exec(bytes.toString("latin1", offset, offset + 12))?.[0] ?? "";
    const keyAt = offset + digits.length + 1;
    const end = offset + Number(digits);
    if (end > bytes.length || end <= keyAt || bytes[end - 1] !== 0x0a)
      return { ...pick(found), hasText: true, sound: false };
    const record = bytes.subarray(keyAt, end - 1);
    const equals = record.indexOf("=");
    const key = record.toString("utf8", 0, Math.max(0, Math.min(equals, 200)));
    if (NAMES.has(key)) (found[key] ??= []).push(valueOf(record, equals));
    hasText ||= (key === "size" || !NAMES.has(key)) && !isNumeric(record, equals);
    offset = end;
  }
  hasText ||= bytes.subarray(offset).some((byte) => byte !== 0);
  return { ...pick(found), hasText, sound: true };
}

function valueOf(record: Buffer, equals: number): string {
  return record.toString("utf8", equals + 1, equals + 1 + VALUE_BYTES);
}

function isNumeric(record: Buffer, equals: number): boolean {
  if (equals < 0 || record.length - equals > VALUE_BYTES) return false;
  const value = valueOf(record, equals);
  return NUMBERS.test(value) || CHARSETS.has(value);
}

function pick(
  found: Readonly<Record<string, string[]>>,
): Pick<PaxRecords, "paths" | "sparseNames" | "linkpath" | "size"> {
  const linkpath = found["linkpath"]?.at(-1);
  const size = found["size"]?.at(-1);
  return {
    paths: found["path"] ?? [],
    sparseNames: found["GNU.sparse.name"] ?? [],
    ...(linkpath !== undefined && { linkpath }),
    ...(size !== undefined && { size }),
  };
}
