import { createHash } from "node:crypto";
import type { ArchiveEvent, ArchiveMember } from "../formats/archive/archive-event.ts";
import { claimsArchive, namesTar } from "../formats/archive/archive-name.ts";
import { Budget, LimitHit, raiseHint } from "../formats/archive/budget.ts";
import { chunksOf } from "../formats/archive/chunk-reader.ts";
import { gunzip, gzipName } from "../formats/archive/gzip.ts";
import { HEAD_BYTES, sniff, sniffHead } from "../formats/archive/sniff.ts";
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
  /** Digests of archives that had an error: one may have many. */
  readonly digests: WeakMap<Uint8Array, string>;
}

/**
 * Takes archives apart, recognised by their bytes; everything else is passed on. A file that is called an archive and
 * is none gives an error as well, since whoever reads it by its name may see something else.
 *
 * A member's `path` is the one stored in the archive, cleaned for display: no root, no `..`. The folder
 * that the tarball of a package puts round its files is left out (`package/`, `demo-1.0.0/`), so that paths are those
 * of the package and ids stay the same from version to version. Where readers disagree on a member's name, it stands
 * under the most usual one, and each of the others gives an item without content. Its `container` is the archive's,
 * then the archive's path. Nothing is ever written to a disk. The content of a symbolic or hard link is the text
 * of the link.
 *
 * @param item any item; `reasonFor` of an artifact gives each member's `included`, otherwise they share the item's
 * @returns members in the order of the archive; what could not be read as errors `archive-corrupt`,
 *   `archive-encrypted`, `archive-unsupported`, `archive-limit`, after which the other members still follow, except
 *   when a bound of the archive as a whole is reached
 */
export async function* expand(item: Item, limits: Limits): AsyncGenerator<SourceEvent> {
  const reasonFor: ReasonFor = (path) => item.reasonFor?.(path) ?? item.included;
  const budget = new Budget(limits, item.bytes.length, () => performance.now());
  const unpacking: Unpacking = { budget, limits, reasonFor, digests: new WeakMap() };
  try {
    for await (const event of open(item, 1, unpacking)) {
      budget.pause();
      yield event;
      budget.resume();
    }
  } catch (error) {
    if (!(error instanceof LimitHit)) throw error;
    yield limitError(item, error, unpacking);
  }
}

async function* open(item: Item, depth: number, unpacking: Unpacking): AsyncGenerator<SourceEvent> {
  const { path, bytes } = item;
  const known = sniff(bytes);
  const claimed = known === null && claimsArchive(path, bytes);
  const format = claimed && bytes.length > 0 && namesTar(path) ? "tar" : known;
  if (format === null) {
    if (claimed) yield claimError(item, unpacking);
    yield item;
  } else if (format !== "gzip" && format !== "zip" && format !== "tar") {
    const message = `${format} archives cannot be read yet; it was not unpacked`;
    yield toError(item, item, unpacking, "archive-unsupported", message);
    yield item;
  } else if (depth > unpacking.limits.depth) {
    const message = `it is an archive within ${unpacking.limits.depth} others; it was not unpacked`;
    yield toError(item, item, unpacking, "archive-limit", message, raiseHint("depth"));
    yield item;
  } else {
    yield* openKnown(item, format, depth, unpacking);
  }
}

function claimError(item: Item, unpacking: Unpacking): ScanError {
  const message =
    item.bytes.length === 0
      ? "it is called an archive and is empty"
      : "it is called an archive and is none; it was scanned as it stands";
  return toError(item, item, unpacking, "archive-corrupt", message);
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
    yield limitError(item, error, unpacking);
  }
}

/** A gzip file holds a tar, which is read as one archive with it, or a single file. */
async function* openGzip(item: Item, depth: number, unpacking: Unpacking): AsyncGenerator<SourceEvent> {
  const { budget } = unpacking;
  const problems: ArchiveEvent[] = [];
  const { head, all } = await peek(gunzip(item.bytes, budget, problems));
  const format = sniffHead(head);
  const isTar = format === "tar" || (format === null && namesTar(item.path));
  const events = isTar
    ? readTar(all, budget)
    : single(innerName(gzipName(item.bytes), item.path), all, unpacking);
  yield* members(item, events, depth, unpacking);
  yield* members(item, problems, depth, unpacking);
  if (isTar && head.length === 0 && problems.length === 0)
    yield toError(item, item, unpacking, "archive-corrupt", "there is no tar archive in it");
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
  const container = [...archive.container, archive.path];
  let strip: string | null = null;
  for await (const event of events) {
    if (event.kind === "problem") {
      const { name, code, message, hint } = event;
      const place = name === null ? archive : { path: cleanPath(name, strip ?? ""), container };
      yield toError(place, archive, unpacking, code, message, hint);
    } else {
      if (event.type !== "rest") strip ??= topFolder(event.name, baseName(archive.path));
      const path = cleanPath(event.name, strip ?? "");
      const toItem = (at: string, bytes: Uint8Array): Item => {
        const included = depth === 1 ? unpacking.reasonFor(at) : archive.included;
        return { kind: "item", path: at, container, bytes, included };
      };
      yield* member(event, toItem(path, event.bytes), depth, unpacking);
      if (event.type === "directory" && event.bytes.length === 0) continue;
      const others = new Set((event.aliases ?? []).map((name) => cleanPath(name, strip ?? "")));
      others.delete(path);
      for (const other of others) {
        unpacking.budget.countEntry();
        yield toItem(other, new Uint8Array(0));
      }
    }
  }
}

/** @param item the same as an item, its content as stored */
async function* member(
  { name, type, link }: ArchiveMember,
  item: Item,
  depth: number,
  unpacking: Unpacking,
): AsyncGenerator<SourceEvent> {
  const isEmpty = item.bytes.length === 0;
  if (type === "rest") yield { ...item, named: false };
  else if (link !== null && isEmpty) yield { ...item, bytes: Buffer.from(link) };
  else if (link !== null && sniff(item.bytes) === null) yield item;
  else if (type === "file" || !isEmpty) yield* open(item, depth + 1, unpacking);
  else if (type === "special") yield item;
  if (link !== null && leavesArchive(name, link)) {
    const { path, container } = item;
    const reason = "a link out of the archive; what it points at is not part of it";
    yield { kind: "skipped", path, container, reason, digest: null };
  }
}

function limitError(item: Item, { limit, message }: LimitHit, unpacking: Unpacking): ScanError {
  const hint = limit === null ? undefined : raiseHint(limit);
  return toError(item, item, unpacking, "archive-limit", `${message}; the rest of it was not scanned`, hint);
}

/**
 * @param place what it is about
 * @param archive what its id is bound to
 */
function toError(
  { path, container }: Pick<Item, "path" | "container">,
  { bytes }: Item,
  { digests }: Unpacking,
  code: string,
  message: string,
  hint?: string,
): ScanError {
  const digest = digests.get(bytes) ?? `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  digests.set(bytes, digest);
  return { kind: "error", path, container, code, message, ...(hint !== undefined && { hint }), digest };
}

/** The head of a stream, and the stream from its start. */
async function peek(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
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
