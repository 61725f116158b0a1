import { corrupt, rest } from "./archive-event.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { PaxRecords } from "./pax.ts";
import { parsePax } from "./pax.ts";
import { hasValidChecksum, parseHeader, text } from "./tar-header.ts";
import type { TarHeader } from "./tar-header.ts";

const BLOCK = 512;
const EXTENDED_BYTES = 1 << 20;
/** Links, devices, folders and pipes have no data; what their size field says is often noise. */
const BODILESS = "123456";

/** What extended headers have said about the next member. */
interface Pending {
  pax: PaxRecords | null;
  longName: string | null;
  longLink: string | null;
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
  const pending: Pending = { pax: null, longName: null, longLink: null };
  try {
    for (;;) {
      const block = await reader.peek(BLOCK);
      if (block.length === 0) break;
      if (block.every((byte) => byte === 0)) {
        await reader.take(BLOCK);
      } else if (block.length === BLOCK && hasValidChecksum(block)) {
        budget.countEntry();
        yield* readMember(reader, parseHeader(await reader.take(BLOCK)), pending, budget);
      } else {
        yield* resync(reader, budget);
      }
    }
    if (pending.pax !== null || pending.longName !== null || pending.longLink !== null)
      yield corrupt(null, "the archive ends after an extended header: it is cut off");
  } finally {
    await reader.close();
  }
}

async function* readMember(
  reader: ChunkReader,
  header: TarHeader,
  pending: Pending,
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  if ("xgXLK".includes(header.type) && header.size <= EXTENDED_BYTES) {
    yield* readExtended(reader, header, pending);
    return;
  }
  const name = pending.pax?.path ?? pending.longName ?? header.name;
  const link = pending.pax?.linkpath ?? pending.longLink ?? header.link;
  const { size, problem } = settleSize(header, pending.pax, name);
  Object.assign(pending, { pax: null, longName: null, longLink: null });
  if (problem !== null) yield problem;
  if (header.sparseContinues && header.type === "S") await skipSparseMap(reader);
  const bodiless = BODILESS.includes(header.type) && size > 0 && (await startsMember(reader));
  const type = typeOf(header.type, name);
  const body = yield* readBody(reader, name, bodiless ? 0 : size, budget);
  if (body !== null) yield { kind: "member", name, type, link: type === "link" ? link : null, bytes: body };
}

function typeOf(flag: string, name: string): "file" | "link" | "directory" | "special" {
  if (flag === "1" || flag === "2") return "link";
  if (flag === "5" || (flag === "0" && name.endsWith("/"))) return "directory";
  return flag === "3" || flag === "4" || flag === "6" ? "special" : "file";
}

/** pax wins over the header, as in every reader that knows pax; a value that is no size is reported and not used. */
function settleSize(
  header: TarHeader,
  pax: PaxRecords | null,
  name: string,
): { size: number; problem: ArchiveEvent | null } {
  const written = pax?.size;
  if (written !== undefined) {
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
  pending: Pending,
): AsyncGenerator<ArchiveEvent> {
  const body = Uint8Array.from(await reader.take(header.size));
  if (body.length < header.size) {
    yield corrupt(header.name, "the archive is cut off within an extended header");
    yield rest(reader.position - body.length, body);
    return;
  }
  await reader.take(padding(header.size));
  if (header.type === "L") pending.longName = text(body, 0, body.length);
  else if (header.type === "K") pending.longLink = text(body, 0, body.length);
  else {
    const records = parsePax(body);
    if (header.type !== "g") pending.pax = records;
    if (!records.sound) yield corrupt(header.name, "an extended header has a record of the wrong length");
    if (records.unusual) yield { kind: "member", name: header.name, type: "file", link: null, bytes: body };
  }
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
  else await reader.take(padding(size));
  if (!fits) return null;
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
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
