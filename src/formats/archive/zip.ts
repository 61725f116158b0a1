import type { Entry, ZipFile } from "yauzl";
import { asBuffer } from "../../model/bytes.ts";
import { corrupt, holdsText, rest } from "./archive-event.ts";
import type { ArchiveEvent, ArchiveProblem } from "./archive-event.ts";
import { LimitHit } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { findEnd } from "./zip-end.ts";
import type { ZipEnd } from "./zip-end.ts";
import { readGaps } from "./zip-gaps.ts";
import type { Span } from "./zip-gaps.ts";
import { isSymbolicLink, otherNames, readLocalHeader, readZipMember } from "./zip-member.ts";
import type { LocalHeader, ZipMember } from "./zip-member.ts";

/** A 32-bit size that is told in the extra field of ZIP64. */
const ZIP64 = 0xffff_ffff;
const DESCRIPTOR_SIGNATURE = 0x08074b50;

/** A member as the directory describes it. */
interface Listed {
  readonly member: ZipMember;
  readonly rawName: Uint8Array;
  readonly headerAt: number;
  readonly streamed: boolean;
}

interface Directory {
  readonly entries: readonly Listed[];
  /** First byte behind the entries that were read. */
  readonly end: number;
  /** Comments or extra fields hold text. */
  readonly hasText: boolean;
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
    for (const listed of directory.entries) yield* readListed(zip, listed, end.shift, spans, budget);
    spans.push([end.directory, end.shift + directory.end], [end.record, end.end]);
    yield* readComments(bytes, end, directory);
  }
  yield* readGaps(bytes, spans, budget);
}

/** A member of the directory with what its own header adds to it. */
async function* readListed(
  zip: Uint8Array,
  listed: Listed,
  shift: number,
  spans: Span[],
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  budget.checkTime();
  const { member, headerAt } = listed;
  const local = readLocalHeader(zip, headerAt);
  if (local === null) {
    yield corrupt(member.name, "a member of the directory is not where the directory says");
    return;
  }
  const dataEnd = Math.min(local.dataStart + (member.packedBytes ?? 0), zip.length);
  const descriptor = listed.streamed || local.streamed ? descriptorBytes(zip, dataEnd, member.crc) : 0;
  spans.push([shift + headerAt, shift + dataEnd + descriptor]);
  const difference = differenceOf(listed, local);
  if (difference !== null)
    yield corrupt(member.name, `the directory and the member's own header give different ${difference}`);
  const aliases = otherNames(member.name, [
    ...member.aliases,
    ...(sameName(listed, local) ? [] : [local.name]),
  ]);
  const data = zip.subarray(local.dataStart, dataEnd);
  const used = yield* readZipMember({ ...member, aliases }, data, budget);
  if (used < data.length) {
    yield corrupt(member.name, `${data.length - used} bytes stand behind the compressed data of a member`);
    yield* hidden(shift + local.dataStart + used, data.subarray(used), budget);
  }
  if (local.method !== member.method || local.encrypted !== member.encrypted)
    yield* readZipMember(
      { ...local, name: member.name, aliases: [] },
      localData(zip, local, dataEnd),
      budget,
    );
  if (holdsText(local.extra))
    yield* hidden(shift + local.dataStart - local.extra.length, local.extra, budget);
}

/** Many members may share these bytes: each time counts. */
function* hidden(at: number, bytes: Uint8Array, budget: Budget): Generator<ArchiveEvent> {
  budget.countBytes(bytes.length);
  yield rest(at, bytes);
}

function localData(zip: Uint8Array, { dataStart, packedBytes }: LocalHeader, dataEnd: number): Uint8Array {
  const known = packedBytes !== null && packedBytes !== ZIP64;
  return zip.subarray(dataStart, known ? dataStart + packedBytes : dataEnd);
}

/** What readers of the directory and readers from the start would see differently; null where they agree. */
function differenceOf(listed: Listed, local: LocalHeader): string | null {
  const { member } = listed;
  if (!sameName(listed, local)) return "names";
  if (local.encrypted !== member.encrypted) return "encryption flags";
  if (local.method !== member.method) return "methods";
  const told = !listed.streamed && !local.streamed && local.packedBytes !== ZIP64 && local.bytes !== ZIP64;
  return told && (local.packedBytes !== member.packedBytes || local.bytes !== member.bytes) ? "sizes" : null;
}

function sameName({ rawName }: Listed, local: LocalHeader): boolean {
  return Buffer.compare(rawName, local.rawName) === 0;
}

async function readDirectory(zip: Uint8Array, budget: Budget): Promise<Directory> {
  // Loaded here, not with the file: most runs meet no zip at all.
  const { fromBufferPromise, getFileNameLowLevel } = await import("yauzl");
  const entries: Listed[] = [];
  let file: ZipFile | null = null;
  let problem: ArchiveProblem | null = null;
  let hasText = false;
  let cursor = 0;
  try {
    const buffer = asBuffer(zip);
    // yauzl refuses the first name that climbs or is absolute and would hide the rest: names are decoded here.
    file = await fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false });
    cursor = file.readEntryCursor as unknown as number;
    for await (const entry of file.eachEntry()) {
      budget.countEntry();
      const { generalPurposeBitFlag: flags, fileNameRaw: raw, extraFields } = entry;
      const name = getFileNameLowLevel(flags, raw, extraFields, true);
      entries.push(describe(entry, name, [getFileNameLowLevel(flags, raw, [], true)]));
      hasText ||= entry.fileCommentLength > 0 || holdsText(entry.extraFieldRaw);
      cursor = file.readEntryCursor as unknown as number;
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof LimitHit) throw error;
    problem = /strong encryption/.test(error.message)
      ? { kind: "problem", code: "archive-encrypted", name: null, message: "the archive is encrypted" }
      : corrupt(null, "the directory of the archive is damaged");
  }
  return { entries, end: cursor, hasText, problem };
}

/** @param aliases what readers may call it that do not know all of the format */
function describe(entry: Entry, name: string, aliases: readonly string[]): Listed {
  return {
    member: {
      name,
      aliases,
      method: entry.compressionMethod,
      encrypted: entry.isEncrypted(),
      crc: entry.crc32,
      packedBytes: entry.compressedSize,
      bytes: entry.uncompressedSize,
      symbolicLink: isSymbolicLink(entry.versionMadeBy, entry.externalFileAttributes),
    },
    rawName: entry.fileNameRaw,
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

/** Comments and extra fields are text that is published too; they stand in the directory and at the very end. */
function* readComments(bytes: Uint8Array, end: ZipEnd, directory: Directory): Generator<ArchiveEvent> {
  if (directory.hasText) yield rest(end.directory, bytes.subarray(end.directory, end.shift + directory.end));
  if (end.end > end.comment) yield rest(end.comment, bytes.subarray(end.comment, end.end));
}
