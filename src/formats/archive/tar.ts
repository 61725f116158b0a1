import { corrupt, holdsText, rest } from "./archive-event.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { NextMember } from "./next-member.ts";
import { parsePax } from "./pax.ts";
import { hasValidChecksum, parseHeader, text, textFields } from "./tar-header.ts";
import type { TarHeader } from "./tar-header.ts";

const BLOCK = 512;
const EXTENDED_BYTES = 1 << 20;
/** Links, devices and pipes have no data; what their size field says is often noise. */
const BODILESS = "12346";
/** pax, its form on old Solaris, a global one; GNU long name, its older form, GNU long link. */
const EXTENDED = "xXgLNK";

/** What is known while an archive is read. */
interface State {
  readonly next: NextMember;
  /** Last text found in the fields of a header: the owner is the same from member to member. */
  fields: string;
}

/**
 * Reads a tar archive to its very last byte: v7, ustar, GNU, pax; past end marks and into further archives behind
 * them; over damage to the next sound header. Holes of sparse files are not filled, their stored data is given.
 *
 * @param chunks the unpacked archive
 * @param budget counts members; bytes are counted where they are decompressed
 * @throws LimitHit, and whatever `chunks` throws
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  const reader = new ChunkReader(chunks);
  const state: State = { next: new NextMember(), fields: "" };
  try {
    for (;;) {
      const block = await reader.peek(BLOCK);
      if (block.length === 0) break;
      if (block.every((byte) => byte === 0)) {
        await reader.take(BLOCK);
      } else if (block.length === BLOCK && hasValidChecksum(block)) {
        budget.countEntry();
        yield* readFields(block, reader.position, state);
        yield* readMember(reader, parseHeader(await reader.take(BLOCK)), state.next, budget);
      } else {
        yield* resync(reader, budget);
      }
    }
    if (!state.next.isEmpty) yield corrupt(null, "the archive ends after an extended header: it is cut off");
  } finally {
    await reader.close();
  }
}

function* readFields(block: Uint8Array, position: number, state: State): Generator<ArchiveEvent> {
  const found = textFields(block);
  const fields = found === null ? "" : Buffer.from(found).toString("latin1");
  if (found !== null && fields !== state.fields) yield rest(position, found);
  state.fields = fields;
}

async function* readMember(
  reader: ChunkReader,
  header: TarHeader,
  next: NextMember,
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  if (EXTENDED.includes(header.type)) {
    yield* readExtended(reader, header, next, budget);
    return;
  }
  const told = next.take(header.name);
  const [name, ...aliases] = told.names;
  const type = typeOf(header.type, told.names);
  const { size: written, problem } = settleSize(header, told.size, name);
  if (problem !== null) yield problem;
  if (header.sparseContinues && header.type === "S") await skipSparseMap(reader);
  // As in npm's reader: a folder's size is that of the folder on its disk, and no data follows.
  const bodiless =
    type === "directory" || (BODILESS.includes(header.type) && written > 0 && (await startsMember(reader)));
  const bytes = yield* readBody(reader, name, bodiless ? 0 : written, budget);
  if (bytes === null) return;
  const link = type === "link" ? (told.link ?? header.link) : null;
  yield { kind: "member", name, type, link, bytes, ...(aliases.length > 0 && { aliases }) };
}

function typeOf(flag: string, names: readonly string[]): "file" | "link" | "directory" | "special" {
  if (flag === "1" || flag === "2") return "link";
  if (flag === "5" || (flag === "0" && names.some((name) => name.endsWith("/")))) return "directory";
  return flag === "3" || flag === "4" || flag === "6" ? "special" : "file";
}

/**
 * pax wins over the header, as in every reader that knows pax; a value that is no size is reported and not used.
 *
 * @param written in pax; null where it says nothing
 */
function settleSize(
  header: TarHeader,
  written: string | null,
  name: string,
): { size: number; problem: ArchiveEvent | null } {
  if (written !== null) {
    const size = /^\d{1,16}$/.test(written) ? Number(written) : Number.NaN;
    if (Number.isSafeInteger(size)) return { size, problem: null };
  } else if (!Number.isNaN(header.size)) {
    return { size: header.size, problem: null };
  }
  const size = Number.isNaN(header.size) ? 0 : header.size;
  return { size, problem: corrupt(name, "the size of a member is no number") };
}

async function* readExtended(
  reader: ChunkReader,
  header: TarHeader,
  next: NextMember,
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  const { size, problem } = settleSize(header, null, header.name);
  if (problem !== null) yield problem;
  const start = reader.position;
  const large = size > EXTENDED_BYTES;
  if (large) {
    const message = `an extended header has more than ${EXTENDED_BYTES} bytes: some readers pass over it`;
    yield { kind: "problem", code: "archive-limit", name: header.name, message };
  }
  const body = yield* readBody(reader, header.name, size, budget);
  if (body === null) return;
  if (body.length < size) yield rest(start, body);
  else if (header.type === "L" || header.type === "N") next.addName(longText(body), large);
  else if (header.type === "K") next.addLink(longText(body));
  else yield* readPax(body, start, header, next);
  if ("LNK".includes(header.type) && holdsText(body.subarray(longEnd(body)))) yield rest(start, body);
}

function* readPax(
  body: Uint8Array,
  start: number,
  header: TarHeader,
  next: NextMember,
): Generator<ArchiveEvent> {
  const records = parsePax(body);
  if (header.type === "g") next.addGlobal(records);
  else next.add(records, body.length > EXTENDED_BYTES);
  if (!records.sound) yield corrupt(header.name, "an extended header has a record of the wrong length");
  if (header.type === "g" && records.size !== undefined)
    yield corrupt(header.name, "a global header gives all members one size: not all readers follow it");
  if (records.hasText) yield rest(start, body);
}

function longText(body: Uint8Array): string {
  return text(body, 0, longEnd(body));
}

/** A long name ends at its first zero byte. */
function longEnd(body: Uint8Array): number {
  const end = body.indexOf(0);
  return Math.min(end < 0 ? body.length : end, EXTENDED_BYTES);
}

/** @returns the body, or null where it was too large to be kept (and was said so) */
async function* readBody(
  reader: ChunkReader,
  name: string,
  size: number,
  budget: Budget,
): AsyncGenerator<ArchiveEvent, Uint8Array | null> {
  const fits = size <= budget.limits.fileBytes;
  const pieces: Uint8Array[] = [];
  const got = await reader.drain(size, (piece) => {
    if (fits) pieces.push(piece);
  });
  if (!fits) yield budget.tooLarge(name);
  if (got < size) yield corrupt(name, `the archive is cut off: ${size - got} bytes of a member are missing`);
  else yield* readPadding(reader, size);
  if (!fits) return null;
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

async function* readPadding(reader: ChunkReader, size: number): AsyncGenerator<ArchiveEvent> {
  const start = reader.position;
  const bytes = Uint8Array.from(await reader.take(padding(size)));
  if (holdsText(bytes)) yield rest(start, bytes);
}

async function startsMember(reader: ChunkReader): Promise<boolean> {
  const block = await reader.peek(BLOCK);
  return block.length === BLOCK && hasValidChecksum(block);
}

async function skipSparseMap(reader: ChunkReader): Promise<void> {
  for (;;) {
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK || block[504] !== 1) return;
  }
}

/** Goes on to the next sound header; what lies between is given as it stands, since tar does not pack anything. */
async function* resync(reader: ChunkReader, budget: Budget): AsyncGenerator<ArchiveEvent> {
  budget.countEntry();
  const start = reader.position;
  const kept: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const block = await reader.peek(BLOCK);
    if (block.length === 0 || (block.length === BLOCK && hasValidChecksum(block))) break;
    if (size < budget.limits.fileBytes) kept.push(Uint8Array.from(await reader.take(BLOCK)));
    else await reader.take(BLOCK);
    size += block.length;
  }
  yield corrupt(
    null,
    `${size} bytes from byte ${start} on are no tar member (bad header or cut-off archive)`,
  );
  if (size > budget.limits.fileBytes) yield budget.tooLarge(`(outside the members, byte ${start})`);
  yield rest(start, Buffer.concat(kept));
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
