import type { Entry, ZipFile } from "yauzl";
import { corrupt, rest } from "./archive-event.ts";
import type { ArchiveEvent, ArchiveProblem } from "./archive-event.ts";
import { LimitHit } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { findEnd } from "./zip-end.ts";
import type { ZipEnd } from "./zip-end.ts";
import { readGaps } from "./zip-gaps.ts";
import type { Span } from "./zip-gaps.ts";
import { isSymbolicLink, readLocalHeader, readZipMember } from "./zip-member.ts";
import type { ZipMember } from "./zip-member.ts";

const DESCRIPTOR_SIGNATURE = 0x08074b50;

interface Directory {
  readonly entries: readonly {
    readonly member: ZipMember;
    readonly headerAt: number;
    readonly streamed: boolean;
  }[];
  /** First byte behind the entries that were read. */
  readonly end: number;
  readonly commented: boolean;
  readonly problem: ArchiveProblem | null;
}

/**
 * Reads every member of a zip: those of the directory, duplicates too, then those the directory does not list.
 *
 * @param bytes the whole file, which may have something before and behind the archive
 * @throws LimitHit
 */
export async function* readZip(bytes: Uint8Array, budget: Budget): AsyncGenerator<ArchiveEvent> {
  const end = findEnd(bytes);
  const spans: Span[] = [];
  if (end === null) {
    yield corrupt(null, "the archive has no directory at its end: it is cut off or damaged");
  } else {
    const zip = bytes.subarray(end.shift, end.end);
    const directory = await readDirectory(zip, budget);
    if (directory.problem !== null) yield directory.problem;
    for (const { member, headerAt, streamed } of directory.entries) {
      const local = readLocalHeader(zip, headerAt);
      if (local === null) {
        yield corrupt(member.name, "a member of the directory is not where the directory says");
      } else {
        const dataEnd = Math.min(local.dataStart + (member.packedBytes ?? 0), zip.length);
        const descriptor = streamed || local.streamed ? descriptorBytes(zip, dataEnd, member.crc) : 0;
        spans.push([end.shift + headerAt, end.shift + dataEnd + descriptor]);
        yield* readZipMember(member, zip.subarray(local.dataStart, dataEnd), budget);
      }
    }
    spans.push([end.directory, end.shift + directory.end], [end.record, end.end]);
    yield* readComments(bytes, end, directory);
  }
  yield* readGaps(bytes, spans, budget);
}

async function readDirectory(zip: Uint8Array, budget: Budget): Promise<Directory> {
  // Loaded here, not with the file: most runs meet no zip at all.
  const { fromBufferPromise, getFileNameLowLevel } = await import("yauzl");
  const entries: Directory["entries"][number][] = [];
  let file: ZipFile | null = null;
  let problem: ArchiveProblem | null = null;
  let commented = false;
  let cursor = 0;
  try {
    const buffer = Buffer.from(zip.buffer, zip.byteOffset, zip.length);
    // yauzl refuses the first name that climbs or is absolute and would hide the rest: names are decoded here.
    file = await fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false });
    cursor = file.readEntryCursor as unknown as number;
    for await (const entry of file.eachEntry()) {
      budget.countEntry();
      const raw = entry.fileNameRaw;
      const name = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true);
      entries.push(describe(entry, name));
      commented ||= entry.fileCommentLength > 0;
      cursor = file.readEntryCursor as unknown as number;
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof LimitHit) throw error;
    problem = /strong encryption/.test(error.message)
      ? { kind: "problem", code: "archive-encrypted", name: null, message: "the archive is encrypted" }
      : corrupt(null, "the directory of the archive is damaged");
  }
  return { entries, end: cursor, commented, problem };
}

function describe(entry: Entry, name: string): Directory["entries"][number] {
  return {
    member: {
      name,
      method: entry.compressionMethod,
      encrypted: entry.isEncrypted(),
      crc: entry.crc32,
      packedBytes: entry.compressedSize,
      bytes: entry.uncompressedSize,
      symbolicLink: isSymbolicLink(entry.versionMadeBy, entry.externalFileAttributes),
    },
    headerAt: entry.relativeOffsetOfLocalHeader,
    streamed: (entry.generalPurposeBitFlag & 8) !== 0,
  };
}

/** Length of the data descriptor behind a streamed member (PKWARE APPNOTE 4.3.9): its signature is optional. */
function descriptorBytes(zip: Uint8Array, at: number, crc: number): number {
  if (at + 24 > zip.length) return Math.min(16, Math.max(0, zip.length - at));
  const view = new DataView(zip.buffer, zip.byteOffset + at, 24);
  const signed = view.getUint32(0, true) === DESCRIPTOR_SIGNATURE;
  const start = signed ? 4 : 0;
  if (view.getUint32(start, true) !== crc) return 0;
  const wide = view.getUint32(start + 8, true) === 0 && view.getUint32(start + 4, true) !== 0;
  return start + (wide ? 20 : 12);
}

/** Comments are text that is published too; they stand in the directory and at the very end. */
function* readComments(bytes: Uint8Array, end: ZipEnd, directory: Directory): Generator<ArchiveEvent> {
  if (directory.commented)
    yield rest(end.directory, bytes.subarray(end.directory, end.shift + directory.end));
  if (end.end > end.comment) yield rest(end.comment, bytes.subarray(end.comment, end.end));
}
