import type { Readable, Writable } from "node:stream";
import { createMasker } from "./mask.ts";

const TICK_MS = 100;
/** For how long a program that was left running may be silent, and talk, before its output is cut. */
const QUIET_TICKS = 20;
const ALL_TICKS = 100;

/** A stream on its way through the masker. */
export interface Relay {
  /** Done when all has been handed to the system; gives the error that the reader's side made, except that it went away. */
  readonly done: Promise<Error | null>;
  /** The program has ended; what it started may hold the stream open, but not for ever. */
  programEnded(): void;
}

/**
 * Passes a program's output on, without its values. Where the reader goes away (EPIPE), the program finds its own output
 * closed, as if there were nothing in between.
 *
 * @param needles see `createMasker`
 */
export function relay(source: Readable, sink: Writable, needles: readonly Buffer[]): Relay {
  const masker = createMasker(needles);
  let [writes, bytes, blocked, ended] = [0, 0, false, false];
  let failure: Error | null = null;
  let ticker: NodeJS.Timeout | undefined;
  let resolve: (failure: Error | null) => void = () => undefined;
  const done = new Promise<Error | null>((settle) => (resolve = settle));
  const look = (): void => {
    if (ended && writes === 0) resolve(failure);
  };
  const write = (out: Buffer): void => {
    if (out.length === 0 || sink.destroyed) return;
    writes += 1;
    blocked = !sink.write(out, () => {
      writes -= 1;
      look();
    });
    if (blocked) source.pause();
  };
  const end = (): void => {
    if (ended) return;
    ended = true;
    clearInterval(ticker);
    write(masker.end());
    look();
  };
  sink.on("drain", () => {
    blocked = false;
    source.resume();
  });
  sink.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") failure ??= error;
    source.destroy();
  });
  source.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    write(masker.write(chunk));
  });
  for (const event of ["end", "close", "error"]) source.on(event, end);
  return {
    done,
    programEnded() {
      if (ended) return;
      let [seen, quiet, all] = [bytes, 0, 0];
      // A tick is one turn of the event loop at least, so what is in the pipe has been read by the next one.
      ticker = setInterval(() => {
        if (blocked) return;
        all += 1;
        quiet = bytes === seen ? quiet + 1 : 0;
        seen = bytes;
        if (quiet >= QUIET_TICKS || all >= ALL_TICKS) source.destroy();
      }, TICK_MS);
    },
  };
}
