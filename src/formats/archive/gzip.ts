import { crc32 } from "node:zlib";
import { corrupt, holdsText, rest } from "./archive-event.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { inflate, inflateSmall, SMALL_INPUT } from "./inflate.ts";
import type { InflateEnd } from "./inflate.ts";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 };
const RESERVED = 0xe0;

interface GzipHeader {
  readonly length: number;
  /** Stored name of the file; null where none is stored. */
  readonly name: string | null;
  /** Extra field and comment, which readers pass over. */
  readonly texts: readonly Uint8Array[];
  /** Flags are set that RFC 1952 keeps free; some readers refuse the file, others read on. */
  readonly reserved: boolean;
}

/**
 * Unpacks a gzip file (RFC 1952), all of its members one after another.
 *
 * Node's own gunzip keeps silent about what stands behind a zero byte after the last member and drops the data of a
 * damaged chunk; hence the walk over members here.
 *
 * @param problems receives what went wrong and any bytes that belong to no member, once the stream has ended
 * @throws LimitHit
 */
export async function* gunzip(
  bytes: Uint8Array,
  budget: Budget,
  problems: ArchiveEvent[],
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  while (offset < bytes.length) {
    const header = readHeader(bytes.subarray(offset));
    if (header === null) {
      reportTail(bytes, offset, problems);
      return;
    }
    budget.countEntry();
    reportHeader(header, offset, budget, problems);
    const start = offset + header.length;
    let crc = 0;
    const stream = inflateMember(bytes, start, offset === 0, budget);
    let step = await stream.next();
    while (step.done !== true) {
      crc = crc32(step.value, crc);
      yield step.value;
      step = await stream.next();
    }
    offset = start + step.value.consumed + TRAILER_BYTES;
    const problem = checkMember(step.value, crc, bytes.subarray(offset - TRAILER_BYTES, offset));
    if (problem !== null) problems.push(corrupt(null, problem));
    if (step.value.damaged) return;
  }
}

/** One member; at once where it is small, as it is where a file has many of them. */
async function* inflateMember(
  bytes: Uint8Array,
  start: number,
  first: boolean,
  budget: Budget,
): AsyncGenerator<Uint8Array, InflateEnd, undefined> {
  const data = bytes.subarray(start);
  const small = first && data.length > SMALL_INPUT ? null : inflateSmall(data, budget);
  if (small === null) return yield* inflate(data, budget);
  if (small.bytes.length > 0) yield small.bytes;
  return { consumed: small.consumed, produced: small.bytes.length, damaged: false };
}

function reportHeader(header: GzipHeader, offset: number, budget: Budget, problems: ArchiveEvent[]): void {
  if (header.reserved) problems.push(corrupt(null, `a gzip header at byte ${offset} has reserved flags set`));
  const texts = header.texts.filter(holdsText);
  for (const text of texts) {
    budget.countBytes(text.length);
    problems.push(rest(offset, text));
  }
}

/** The name stored in the first member's header; null where there is none. */
export function gzipName(bytes: Uint8Array): string | null {
  return readHeader(bytes)?.name ?? null;
}

function readHeader(bytes: Uint8Array): GzipHeader | null {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || bytes.length < HEADER_BYTES) return null;
  const flags = bytes[3] ?? 0;
  const texts: Uint8Array[] = [];
  let length = HEADER_BYTES;
  let name: string | null = null;
  if ((flags & FLAG.extra) !== 0) {
    const start = length + 2;
    length = start + (bytes[length] ?? 0) + 256 * (bytes[length + 1] ?? 0);
    texts.push(bytes.subarray(start, length));
  }
  if ((flags & FLAG.name) !== 0) {
    const end = bytes.indexOf(0, length);
    if (end < 0) return null;
    name = Buffer.from(bytes.subarray(length, end)).toString("latin1");
    length = end + 1;
  }
  if ((flags & FLAG.comment) !== 0) {
    const end = bytes.indexOf(0, length);
    if (end < 0) return null;
    texts.push(bytes.subarray(length, end));
    length = end + 1;
  }
  if ((flags & FLAG.headerCrc) !== 0) length += 2;
  return { length, name, texts, reserved: (flags & RESERVED) !== 0 };
}

function checkMember(end: InflateEnd, crc: number, trailer: Uint8Array): string | null {
  if (end.damaged) return "the compressed data is damaged; what follows could not be read";
  if (trailer.length < TRAILER_BYTES) return "the archive is cut off";
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER_BYTES);
  const sound = view.getUint32(0, true) === crc && view.getUint32(4, true) === end.produced % 2 ** 32;
  return sound ? null : "the checksum of the unpacked data is wrong";
}

/** Zero padding is usual; anything else is published with the archive, read by some tools and not by others. */
function reportTail(bytes: Uint8Array, offset: number, problems: ArchiveEvent[]): void {
  const tail = bytes.subarray(offset);
  if (tail.every((byte) => byte === 0)) return;
  problems.push(corrupt(null, `${tail.length} bytes from byte ${offset} on are no gzip data`));
  problems.push(rest(offset, tail));
}
