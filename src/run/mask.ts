import type { Automaton } from "./automaton.ts";

const STARS = Buffer.from("***");

/** Takes values out of a stream. */
export interface Masker {
  /** What can be written now: all but an end that could still become a value. */
  write(chunk: Buffer): Buffer;
  /** What was held back; the stream has ended. */
  end(): Buffer;
}

/** A found piece; offsets are relative to the chunk, negative in what was held back. */
interface Piece {
  readonly start: number;
  readonly end: number;
  /** Whether its stars are written already. */
  readonly shown: boolean;
}

/**
 * Replaces every occurrence of the needles by `***`; occurrences that overlap are one. How the stream is cut into chunks
 * makes no difference.
 *
 * @param automaton of the needles; any number of streams may share it
 */
export function createMasker({ depth, found, next, skip, textOf }: Automaton): Masker {
  let state = 0;
  /** Where what is not written yet begins, relative to the end of what was read: not positive. */
  let open = 0;
  let pieces: Piece[] = [];

  const settle = (held: Buffer, chunk: Buffer, until: number): Buffer => {
    const out: Buffer[] = [];
    const take = (from: number, to: number): void => {
      if (from < Math.min(to, 0)) out.push(held.subarray(held.length + from, held.length + Math.min(to, 0)));
      if (Math.max(from, 0) < to) out.push(chunk.subarray(Math.max(from, 0), to));
    };
    const waiting: Piece[] = [];
    for (const { start, end, shown } of pieces)
      if (start >= until) waiting.push({ start, end, shown });
      else {
        take(open, start);
        if (!shown) out.push(STARS);
        open = end;
        // One that reaches into what is held back may still grow.
        if (end > until) waiting.push({ start, end, shown: true });
      }
    if (open < until) {
      take(open, until);
      open = until;
    }
    pieces = waiting;
    const [only] = out;
    return out.length === 1 && only !== undefined ? only : Buffer.concat(out);
  };

  return {
    write(chunk) {
      const held = textOf(state);
      for (let at = 0; at < chunk.length;) {
        if (state === 0) {
          at = skip(chunk, at);
          if (at >= chunk.length) break;
        }
        state = next(state, chunk[at++] ?? 0);
        const length = found[state] ?? 0;
        if (length > 0) addPiece(pieces, at - length, at);
      }
      const out = settle(held, chunk, chunk.length - (depth[state] ?? 0));
      open -= chunk.length;
      pieces = pieces.map(({ start, end, shown }) => ({
        start: start - chunk.length,
        end: end - chunk.length,
        shown,
      }));
      return out;
    },
    end() {
      const held = textOf(state);
      state = 0;
      return settle(held, Buffer.alloc(0), 0);
    },
  };
}

/** Pieces are found by their ends; a new one swallows those that it overlaps. */
function addPiece(pieces: Piece[], from: number, end: number): void {
  let [start, shown] = [from, false];
  for (let last = pieces.at(-1); last !== undefined && last.end > start; last = pieces.at(-1)) {
    start = Math.min(start, last.start);
    shown ||= last.shown;
    pieces.pop();
  }
  pieces.push({ start, end, shown });
}
