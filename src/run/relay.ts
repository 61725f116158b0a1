import type { Readable, Writable } from "node:stream";
import type { Automaton } from "./automaton.ts";
import { createMasker } from "./mask.ts";

/** A stream on its way through the masker. */
export interface Relay {
  /** Done when all has been handed to the system; gives the error that the reader's side made, except that it went away. */
  readonly done: Promise<Error | null>;
  /** Whether more may come from the program or what it started, and it is not the reader that is waited for. */
  isOpen(): boolean;
}

/**
 * Passes a program's output on, without its values. Where the reader goes away (EPIPE), the program finds its own output
 * closed, as if there were nothing in between.
 *
 * @param automaton of the values
 */
export function relay(source: Readable, sink: Writable, automaton: Automaton): Relay {
  const masker = createMasker(automaton);
  let [writes, blocked, ended] = [0, false, false];
  let failure: Error | null = null;
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
  source.on("data", (chunk: Buffer) => write(masker.write(chunk)));
  for (const event of ["end", "close", "error"]) source.on(event, end);
  return { done, isOpen: () => !ended && !blocked };
}
