import { Readable } from "node:stream";
import { constants, createInflateRaw, inflateRawSync } from "node:zlib";
import type { InflateRaw } from "node:zlib";
import { LimitHit } from "./budget.ts";
import type { Budget } from "./budget.ts";

const INPUT = 1 << 16;
const OUTPUT = 1 << 18;
const SMALL_OUTPUT = 1 << 22;
/** A stream that takes more packed bytes is none for `inflateSmall`. */
export const SMALL_INPUT = 1 << 16;

/** How a deflate stream ended. That it was cut off shows in its checksum, which its container keeps. */
export interface InflateEnd {
  /** Bytes of the input that belong to the stream. */
  readonly consumed: number;
  readonly produced: number;
  readonly damaged: boolean;
}

/**
 * Unpacks one raw deflate stream (RFC 1951) that starts at the first byte; what follows its end is left alone.
 * What came out before a damaged place is given.
 *
 * @throws LimitHit
 */
export async function* inflate(
  bytes: Uint8Array,
  budget: Budget,
): AsyncGenerator<Uint8Array, InflateEnd, undefined> {
  // With Node's default flush the last piece of a cut-off stream would be dropped.
  const raw = createInflateRaw({ chunkSize: OUTPUT, finishFlush: constants.Z_SYNC_FLUSH });
  let produced = 0;
  let damaged = false;
  const input = Readable.from(slices(bytes), { objectMode: false, highWaterMark: INPUT });
  input.pipe(raw);
  try {
    for await (const chunk of raw as AsyncIterable<Uint8Array>) {
      produced += chunk.length;
      budget.countBytes(chunk.length);
      budget.checkStream(raw.bytesWritten, produced);
      yield chunk;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!code.startsWith("Z_")) throw error;
    damaged = true;
  } finally {
    input.destroy();
    raw.destroy();
  }
  return { consumed: raw.bytesWritten, produced, damaged };
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += INPUT) yield bytes.subarray(start, start + INPUT);
}

/**
 * The same at once, which costs a fifth for the small streams that most archives are made of.
 *
 * @param bytes may go on behind the stream
 * @returns null for what is large, damaged or cut off: `inflate` says more about those
 */
export function inflateSmall(
  bytes: Uint8Array,
  budget: Budget,
): { readonly bytes: Uint8Array; readonly consumed: number } | null {
  try {
    const options = { info: true, maxOutputLength: SMALL_OUTPUT };
    const { buffer, engine } = inflateRawSync(bytes.subarray(0, SMALL_INPUT), options) as unknown as {
      buffer: Buffer;
      engine: InflateRaw;
    };
    budget.countBytes(buffer.length);
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (error instanceof LimitHit) throw error;
    return null;
  }
}
