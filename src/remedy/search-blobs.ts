import { gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";

export interface BlobSearch {
  readonly holds: (content: Buffer) => boolean;
  /** Bytes of the largest content that is read. */
  readonly limit: number;
  /** Milliseconds, by `now`. */
  readonly time: number;
  readonly now: () => number;
}

export interface BlobsFound {
  /** Ids of those that hold what was looked for. */
  readonly holders: ReadonlySet<string>;
  /** What was not looked at, one clause each. */
  readonly unseen: readonly string[];
}

/** Bytes that git is asked for at once. */
const BATCH_BYTES = 32 * 1024 ** 2;

/** Reads contents of blobs, a batch at a time, until the time is over; objects of other kinds are passed over. */
export async function searchBlobs(
  place: GitPlace,
  oids: readonly string[],
  { holds, limit, time, now }: BlobSearch,
): Promise<BlobsFound> {
  const end = now() + time;
  const holders = new Set<string>();
  const unseen: string[] = [];
  const { sizes, missing } = sizesOf(place, oids);
  if (missing > 0) unseen.push(`${missing} versions that are not in this clone`);
  const known = oids.filter((oid) => sizes.has(oid));
  const readable = known.filter((oid) => (sizes.get(oid) ?? 0) <= limit);
  if (readable.length < known.length)
    unseen.push(`${known.length - readable.length} versions over ${limit} bytes`);
  let at = 0;
  while (at < readable.length && now() < end) {
    let bytes = 0;
    const from = at;
    while (at < readable.length && (bytes === 0 || bytes < BATCH_BYTES)) {
      bytes += (sizes.get(readable[at] ?? "") ?? 0) + 1;
      at += 1;
    }
    for (const [oid, content] of read(place, readable.slice(from, at))) if (holds(content)) holders.add(oid);
    // Signals and progress have their turn between two batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (at < readable.length) unseen.push(`${readable.length - at} older versions, for want of time`);
  return { holders, unseen };
}

/** Git-cat-file(1), «batch output»: `ID TYPE SIZE`, or `ID missing`. */
function sizesOf(place: GitPlace, oids: readonly string[]): { sizes: Map<string, number>; missing: number } {
  const answer = gitCall(place, ["cat-file", "--batch-check"], { input: lines(oids) }).stdout.toString();
  const rows = [...answer.matchAll(/^([0-9a-f]+) blob (\d+)$/gm)];
  return {
    sizes: new Map(rows.map(([, oid = "", size = ""]) => [oid, Number(size)])),
    missing: [...answer.matchAll(/ missing$/gm)].length,
  };
}

function read(place: GitPlace, oids: readonly string[]): Map<string, Buffer> {
  const answer = gitCall(place, ["cat-file", "--batch"], { input: lines(oids) }).stdout;
  const contents = new Map<string, Buffer>();
  for (let at = 0; at < answer.length;) {
    const end = answer.indexOf(10, at);
    const [, oid, size] = /^([0-9a-f]+) blob (\d+)$/.exec(answer.toString("latin1", at, end)) ?? [];
    if (oid === undefined || size === undefined)
      throw new Error("git gave an object in a form that is not known");
    contents.set(oid, answer.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}

function lines(oids: readonly string[]): Buffer {
  return Buffer.from(oids.map((oid) => `${oid}\n`).join(""));
}
