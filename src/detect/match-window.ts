import { entropy } from "./entropy.ts";
import type { Screen } from "./prefilter.ts";
import type { Hit, RegexEngine } from "./regex.ts";

/** How often a window may grow where a match touches its cut edge; each time four times as far. */
const GROWTHS = 3;

/** Offsets of a stretch of a document, in bytes. */
export type Window = readonly [from: number, to: number];

const isWord = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f);

/** Whether the byte at `at` belongs to an escape of the file's own syntax: `\n`, `\t`, `\r`, `%0A`, `\u003d`. */
function endsEscape(bytes: Buffer, at: number): boolean {
  const text = bytes.toString("latin1", Math.max(0, at - 5), at + 1);
  return /(?:\\[nrtvfb0]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})$/.test(text);
}

/** A token inside a longer word is another thing: its neighbours must not go on with letters, digits or `_`. */
function standsAlone(bytes: Buffer, start: number, end: number): boolean {
  if (isWord(bytes[start]) && isWord(bytes[start - 1]) && !endsEscape(bytes, start - 1)) return false;
  return !(isWord(bytes[end - 1]) && isWord(bytes[end]));
}

/** The first match in a window at or behind `at`; the window grows where the match touches an edge that is a cut. */
function matchFrom(
  engine: RegexEngine,
  screen: Screen,
  bytes: Buffer,
  window: Window,
  at: number,
): Hit | null {
  let [from, to] = window;
  for (let growth = 0; ; growth += 1) {
    const hit = engine.exec(screen, engine.subject(bytes, from, to), at - from);
    if (hit === null) return null;
    const found = {
      start: hit.start + from,
      end: hit.end + from,
      secretStart: hit.secretStart + from,
      secretEnd: hit.secretEnd + from,
    };
    const cutBefore = found.start === from && from > 0;
    const cutBehind = found.end === to && to < bytes.length;
    if (growth === GROWTHS || (!cutBefore && !cutBehind)) return found;
    const more = (to - from) * 3;
    if (cutBefore) from = Math.max(0, from - more);
    if (cutBehind) to = Math.min(bytes.length, to + more);
  }
}

/**
 * Runs one rule's pattern over a window.
 *
 * @param accept told of every match that stands alone and has the entropy; says whether it counts
 */
export function matchWindow(
  engine: RegexEngine,
  screen: Screen,
  bytes: Buffer,
  window: Window,
  accept: (hit: Hit) => boolean,
): void {
  for (let at = window[0]; at < window[1];) {
    const hit = matchFrom(engine, screen, bytes, window, at);
    if (hit === null || hit.start >= window[1]) return;
    const { secretStart, secretEnd } = hit;
    const good =
      secretEnd > secretStart &&
      standsAlone(bytes, secretStart, secretEnd) &&
      (screen.minEntropy === 0 ||
        entropy(bytes.toString("utf8", secretStart, secretEnd)) >= screen.minEntropy) &&
      accept(hit);
    // A refused match may hide a true one that starts inside it (`password = token = "…"`).
    at = Math.max(hit.start + 1, good ? secretEnd : secretStart);
  }
}
