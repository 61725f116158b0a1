import { entropy } from "./entropy.ts";
import type { Screen } from "./prefilter.ts";
import type { Hit, RegexEngine, Subject } from "./regex.ts";

/** How often a window may grow where a match touches its cut edge; each time four times as far. */
const GROWTHS = 3;

const UNDERSCORE = 0x5f;
/** Leading characters that mark a token as a provider's. */
const MARK = 4;

/** Offsets of a stretch of a document, in bytes. */
export type Window = readonly [from: number, to: number];

const isWord = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f);

/**
 * Whether the byte at `at` ends something that is no part of a word: an escape of the file's own syntax (`\n`, `%0A`,
 * `\u003d`, `=3D` of quoted-printable) or a terminal's colour.
 */
function endsEscape(bytes: Buffer, at: number): boolean {
  const text = bytes.toString("latin1", Math.max(0, at - 16), at + 1);
  return (
    /(?:\\[nrtvfb0]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|=[0-9A-F]{2})$/.test(text) ||
    // oxlint-disable-next-line no-control-regex -- ECMA-48: control sequences open with ESC
    /(?:\x1b|\\e|\\x1b|\\033|\\u001b)\[[0-9;]{0,9}m$/i.test(text)
  );
}

/**
 * A token inside a longer word is another thing: its neighbours must not go on with letters, digits or `_`. One with a
 * mark of its own is known behind a `_` too (`TOKEN_ghp_…`).
 */
function standsAlone(bytes: Buffer, start: number, end: number, marked: boolean): boolean {
  if (isWord(bytes[end - 1]) && isWord(bytes[end])) return false;
  const before = bytes[start - 1];
  if (!isWord(bytes[start]) || !isWord(before)) return true;
  return (marked && before === UNDERSCORE) || endsEscape(bytes, start - 1);
}

/** A stretch of the text in the form that the engine reads. */
interface View {
  readonly from: number;
  readonly to: number;
  readonly subject: Subject;
}

function view(engine: RegexEngine, bytes: Buffer, from: number, to: number): View {
  return { from, to, subject: engine.subject(bytes, from, to) };
}

/** The first match at or behind `at`; the stretch grows where the match touches an edge that is a cut. */
function matchFrom(engine: RegexEngine, screen: Screen, bytes: Buffer, window: View, at: number): Hit | null {
  let seen = window;
  for (let growth = 0; ; growth += 1) {
    const { from, to, subject } = seen;
    const hit = engine.exec(screen, subject, at - from);
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
    const earlier = cutBefore ? Math.max(0, from - more) : from;
    seen = view(engine, bytes, earlier, cutBehind ? Math.min(bytes.length, to + more) : to);
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
  [from, to]: Window,
  accept: (hit: Hit) => boolean,
): void {
  const window = view(engine, bytes, from, to);
  for (let at = from; at < to;) {
    const hit = matchFrom(engine, screen, bytes, window, at);
    if (hit === null || hit.start >= to) return;
    const { secretStart, secretEnd } = hit;
    const good =
      secretEnd > secretStart &&
      standsAlone(bytes, secretStart, secretEnd, screen.publicPrefix >= MARK) &&
      (screen.minEntropy === 0 ||
        entropy(bytes.toString("utf8", secretStart, secretEnd)) >= screen.minEntropy) &&
      accept(hit);
    // A refused match may hide a true one that starts inside it (`password = token = "…"`).
    at = Math.max(hit.start + 1, good ? secretEnd : secretStart);
  }
}
