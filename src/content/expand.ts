import { createHash } from "node:crypto";
import type { ArchiveEvent } from "../formats/archive/archive-event.ts";
import { Budget, LimitHit, raiseHint } from "../formats/archive/budget.ts";
import { chunksOf } from "../formats/archive/chunk-reader.ts";
import { gunzip, gzipName } from "../formats/archive/gzip.ts";
import { sniff, sniffHead } from "../formats/archive/sniff.ts";
import { readTar } from "../formats/archive/tar.ts";
import { readZip } from "../formats/archive/zip.ts";
import type { Item, ScanError, SourceEvent } from "../model/item.ts";
import type { Limits } from "../model/settings.ts";
import { baseName, cleanPath, innerName, leavesArchive, topFolder } from "./expand-names.ts";

type ReasonFor = (path: string) => string | null;

/** What stays the same while one outermost archive is taken apart. */
interface Unpacking {
  readonly budget: Budget;
  readonly limits: Limits;
  readonly reasonFor: ReasonFor;
}

/**
 * Takes archives apart, recognised by their bytes and never by their name; everything else is passed on.
 *
 * A member's `path` is the one stored in the archive, cleaned for display: no root, no `..`. The folder
 * that the tarball of a package puts round its files is left out (`package/`, `demo-1.0.0/`), so that paths are those
 * of the package and ids stay the same from version to version. Its `container` is the archive's, then the archive's base name. Nothing is ever
 * written to a disk. The content of a symbolic or hard link is the text of the link.
 *
 * @param item any item; `reasonFor` of an artifact gives each member's `included`, otherwise they share the item's
 * @returns members in the order of the archive; what could not be read as errors `archive-corrupt`,
 *   `archive-encrypted`, `archive-unsupported`, `archive-limit`, after which the other members still follow, except
 *   when a bound of the archive as a whole is reached
 */
export async function* expand(item: Item, limits: Limits): AsyncGenerator<SourceEvent> {
  const reasonFor: ReasonFor = (path) => item.reasonFor?.(path) ?? item.included;
  const unpacking: Unpacking = { budget: new Budget(limits, item.bytes.length), limits, reasonFor };
  try {
    yield* open(item, 1, unpacking);
  } catch (error) {
    if (!(error instanceof LimitHit)) throw error;
    yield limitError(item, error);
  }
}

async function* open(item: Item, depth: number, unpacking: Unpacking): AsyncGenerator<SourceEvent> {
  const format = sniff(item.bytes);
  if (format === null) {
    yield item;
  } else if (format !== "gzip" && format !== "zip" && format !== "tar") {
    yield* withheld(
      item,
      "archive-unsupported",
      `${format} archives cannot be read yet; it was not unpacked`,
    );
  } else if (depth > unpacking.limits.depth) {
    const message = `it is an archive within ${unpacking.limits.depth} others; it was not unpacked`;
    yield* withheld(item, "archive-limit", message, raiseHint("depth"));
  } else {
    yield* openKnown(item, format, depth, unpacking);
  }
}

/** One archive; a bound reached within it alone ends it and not the one around it. */
async function* openKnown(
  item: Item,
  format: "gzip" | "zip" | "tar",
  depth: number,
  unpacking: Unpacking,
): AsyncGenerator<SourceEvent> {
  try {
    if (format === "gzip") yield* openGzip(item, depth, unpacking);
    else {
      const { budget } = unpacking;
      const events = format === "zip" ? readZip(item.bytes, budget) : readTar(chunksOf(item.bytes), budget);
      yield* members(item, events, depth, unpacking);
    }
  } catch (error) {
    if (!(error instanceof LimitHit) || error.whole) throw error;
    yield limitError(item, error);
  }
}

/** A gzip file holds a tar, which is read as one archive with it, or a single file. */
async function* openGzip(item: Item, depth: number, unpacking: Unpacking): AsyncGenerator<SourceEvent> {
  const { budget } = unpacking;
  const problems: ArchiveEvent[] = [];
  const { head, all } = await peek(gunzip(item.bytes, budget, problems));
  const events =
    sniffHead(head) === "tar"
      ? readTar(all, budget)
      : single(innerName(gzipName(item.bytes), item.path), all, unpacking);
  yield* members(item, events, depth, unpacking);
  yield* members(item, problems, depth, unpacking);
}

async function* single(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  { budget, limits }: Unpacking,
): AsyncGenerator<ArchiveEvent> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limits.fileBytes) {
      yield budget.tooLarge(name);
      return;
    }
    pieces.push(chunk);
  }
  yield { kind: "member", name, type: "file", link: null, bytes: Buffer.concat(pieces) };
}

async function* members(
  archive: Item,
  events: AsyncIterable<ArchiveEvent> | Iterable<ArchiveEvent>,
  depth: number,
  unpacking: Unpacking,
): AsyncGenerator<SourceEvent> {
  const container = [...archive.container, baseName(archive.path)];
  let strip: string | null = null;
  for await (const event of events) {
    if (event.kind === "member") strip ??= topFolder(event.name, baseName(archive.path));
    const path = event.name === null ? null : cleanPath(event.name, strip ?? "");
    if (event.kind === "problem") {
      const { code, message } = event;
      const place = path === null ? archive : { path, container };
      yield toError(place, archive.bytes, code, message, event.hint);
    } else if (path !== null && (event.type !== "directory" || event.bytes.length > 0)) {
      const included = depth === 1 ? unpacking.reasonFor(path) : archive.included;
      const bytes = event.link === null || event.bytes.length > 0 ? event.bytes : Buffer.from(event.link);
      const member: Item = { kind: "item", path, container, bytes, included };
      if (event.type === "file") yield* open(member, depth + 1, unpacking);
      else yield event.type === "rest" ? { ...member, named: false } : member;
      if (event.link !== null && leavesArchive(event.name, event.link)) {
        const reason = "a link out of the archive; what it points at is not part of it";
        yield { kind: "skipped", path, container, reason, digest: null };
      }
    }
  }
}

/** Names an archive that stays closed, and hands on its bytes as they are: its name may be news by itself. */
function* withheld(item: Item, code: string, message: string, hint?: string): Generator<SourceEvent> {
  yield toError(item, item.bytes, code, message, hint);
  yield item;
}

function limitError(item: Item, hit: LimitHit): ScanError {
  const message = `${hit.message}; the rest of it was not scanned`;
  return toError(item, item.bytes, "archive-limit", message, raiseHint(hit.limit));
}

function toError(
  place: { readonly path: string; readonly container: readonly string[] },
  archive: Uint8Array,
  code: string,
  message: string,
  hint?: string,
): ScanError {
  const { path, container } = place;
  const digest = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  return { kind: "error", path, container, code, message, ...(hint !== undefined && { hint }), digest };
}

/** The first 512 bytes of a stream, and the stream from its start. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < 512) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(first);
  return { head, all: rejoin(head, chunks) };
}

async function* rejoin(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}
