import { crc32 } from "node:zlib";
import { corrupt } from "./archive-event.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { inflate, inflateSmall } from "./inflate.ts";

const LOCAL_BYTES = 30;
const UNIX = 3;
const S_IFMT = 0o170_000;
const S_IFLNK = 0o120_000;

/** One member as its directory entry, or its local header alone, describes it. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Null where only the data itself tells (local header of a streamed archive). */
  readonly packedBytes: number | null;
  readonly bytes: number | null;
  readonly symbolicLink: boolean;
  /** Names that other readers give it. */
  readonly aliases: readonly string[];
}

/** A local file header (PKWARE APPNOTE 4.3.7). */
export interface LocalHeader extends ZipMember {
  readonly rawName: Uint8Array;
  readonly extra: Uint8Array;
  readonly dataStart: number;
  /** The sizes follow the data. */
  readonly streamed: boolean;
}

/** @returns null where no local header starts at `at` */
export function readLocalHeader(bytes: Uint8Array, at: number): LocalHeader | null {
  if (!(at >= 0) || at + LOCAL_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, LOCAL_BYTES);
  if (view.getUint32(0, true) !== 0x04034b50) return null;
  const flags = view.getUint16(6, true);
  const streamed = (flags & 8) !== 0;
  const nameEnd = at + LOCAL_BYTES + view.getUint16(26, true);
  const dataStart = nameEnd + view.getUint16(28, true);
  const rawName = bytes.subarray(at + LOCAL_BYTES, nameEnd);
  const name = Buffer.from(rawName).toString("utf8");
  return {
    name,
    aliases: otherNames(name, []),
    rawName,
    extra: bytes.subarray(nameEnd, dataStart),
    method: view.getUint16(8, true),
    encrypted: (flags & 1) !== 0,
    crc: view.getUint32(14, true),
    packedBytes: streamed ? null : view.getUint32(18, true),
    bytes: streamed ? null : view.getUint32(22, true),
    symbolicLink: false,
    dataStart,
    streamed,
  };
}

/**
 * What other readers may call a member: some end a name at its first zero byte, as Python's `zipfile` does.
 *
 * @param more further names that the archive gives the member
 */
export function otherNames(name: string, more: readonly string[]): string[] {
  const names = new Set([name, ...more].flatMap((each) => [each, each.split("\0", 1)[0] ?? each]));
  names.delete(name);
  return [...names];
}

/** Whether the attributes of a directory entry are those of a symbolic link made on Unix. */
export function isSymbolicLink(versionMadeBy: number, externalAttributes: number): boolean {
  return versionMadeBy >> 8 === UNIX && ((externalAttributes >>> 16) & S_IFMT) === S_IFLNK;
}

/**
 * Unpacks one member.
 *
 * @param data from the member's first packed byte on; cut to `packedBytes` by the caller where that is known
 * @returns packed bytes used
 * @throws LimitHit
 */
export async function* readZipMember(
  member: ZipMember,
  data: Uint8Array,
  budget: Budget,
): AsyncGenerator<ArchiveEvent, number> {
  const { name, aliases } = member;
  if (member.encrypted) {
    yield {
      kind: "problem",
      code: "archive-encrypted",
      name,
      message: "an encrypted member was not scanned",
    };
    return data.length;
  }
  if (member.method !== 0 && member.method !== 8) {
    const message = `a member packed with method ${member.method} was not scanned`;
    yield { kind: "problem", code: "archive-unsupported", name, message };
    return data.length;
  }
  if (member.packedBytes !== null && data.length < member.packedBytes)
    yield corrupt(name, "the data of a member lies outside the archive");
  const unpacked = member.method === 0 ? stored(data, budget) : await inflated(data, budget);
  if (unpacked.bytes === null) {
    yield budget.tooLarge(name);
    return data.length;
  }
  if (unpacked.damaged) yield corrupt(name, "the compressed data of a member is damaged");
  else if (
    member.bytes !== null &&
    (unpacked.bytes.length !== member.bytes || crc32(unpacked.bytes) !== member.crc)
  )
    yield corrupt(name, "size or checksum of a member do not match its data");
  const link = member.symbolicLink ? Buffer.from(unpacked.bytes).toString("utf8") : null;
  const type = link !== null ? "link" : name.endsWith("/") ? "directory" : "file";
  const more = aliases.length > 0 ? { aliases } : {};
  yield { kind: "member", name, type, link, bytes: unpacked.bytes, ...more };
  return unpacked.consumed;
}

interface Unpacked {
  /** Null where there are more than `fileBytes`. */
  readonly bytes: Uint8Array | null;
  readonly consumed: number;
  readonly damaged: boolean;
}

function stored(data: Uint8Array, budget: Budget): Unpacked {
  budget.countBytes(data.length);
  const fits = data.length <= budget.limits.fileBytes;
  return { bytes: fits ? data : null, consumed: data.length, damaged: false };
}

async function inflated(data: Uint8Array, budget: Budget): Promise<Unpacked> {
  const small = inflateSmall(data, budget);
  if (small !== null) {
    const fits = small.bytes.length <= budget.limits.fileBytes;
    return { bytes: fits ? small.bytes : null, consumed: small.consumed, damaged: false };
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = inflate(data, budget);
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return { ...step.value, bytes: Buffer.concat(pieces) };
    size += step.value.length;
    if (size > budget.limits.fileBytes) {
      await stream.return({ consumed: 0, produced: 0, damaged: false });
      return { bytes: null, consumed: data.length, damaged: false };
    }
    pieces.push(step.value);
  }
}
