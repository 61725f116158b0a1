import type { ArchiveEvent } from "../../../../src/formats/archive/archive-event.ts";
import { Budget } from "../../../../src/formats/archive/budget.ts";
import { chunksOf } from "../../../../src/formats/archive/chunk-reader.ts";
import { gunzip } from "../../../../src/formats/archive/gzip.ts";
import { readTar } from "../../../../src/formats/archive/tar.ts";
import { readZip } from "../../../../src/formats/archive/zip.ts";
import { DEFAULT_LIMITS } from "../../../../src/model/settings.ts";
import type { Limits } from "../../../../src/model/settings.ts";

/** What a reader gave, short enough for tables: members as `name=content` (other names behind `|`), problems by their code. */
export interface Read {
  readonly members: readonly string[];
  readonly problems: readonly string[];
  readonly events: readonly ArchiveEvent[];
}

export async function readTarOf(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Read> {
  return await collect(readTar(chunksOf(bytes), budget(bytes, limits)));
}

/** The same in pieces of a few bytes each, so that every border falls somewhere else. */
export async function readTarInPieces(bytes: Uint8Array, size: number): Promise<Read> {
  return await collect(readTar(pieces(bytes, size), budget(bytes, {})));
}

export async function readZipOf(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Read> {
  return await collect(readZip(bytes, budget(bytes, limits)));
}

export async function gunzipOf(
  bytes: Uint8Array,
  limits: Partial<Limits> = {},
): Promise<Read & { text: string }> {
  const problems: ArchiveEvent[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of gunzip(bytes, budget(bytes, limits), problems)) chunks.push(chunk);
  return { ...(await collect(problems)), text: Buffer.concat(chunks).toString("latin1") };
}

function budget(bytes: Uint8Array, limits: Partial<Limits>, now = (): number => 0): Budget {
  return new Budget({ ...DEFAULT_LIMITS, ...limits }, bytes.length, now);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: AsyncIterable<ArchiveEvent> | Iterable<ArchiveEvent>): Promise<Read> {
  const events: ArchiveEvent[] = [];
  for await (const event of source) events.push(event);
  const members = events.flatMap((event) =>
    event.kind === "member"
      ? [
          `${[event.name, ...(event.aliases ?? [])].join("|")}=${event.link ?? Buffer.from(event.bytes).toString("latin1")}`,
        ]
      : [],
  );
  const problems = events.flatMap((event) => (event.kind === "problem" ? [event.code] : []));
  return { members, problems, events };
}
