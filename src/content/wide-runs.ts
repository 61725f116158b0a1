/** Where characters stand that were read already: one in `step` bytes, at the offsets that leave `rest`. */
export interface Grid {
  readonly step: 2 | 4;
  readonly rest: number;
}

/** Characters of the shortest run that is kept: no rule takes fewer for a secret with what must stand round it. */
const SHORTEST = 8;

/** What may be part of a token. */
const FIRST_WORD = /^[\w.+/-]+/;
const LAST_WORD = /[\w.+/-]+$/;

const isText = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x20 && byte < 0x7f) || byte === 9);

/**
 * Texts of 16-bit and 32-bit characters inside other bytes: in resources of executables, in a log that two programs
 * wrote, in UTF-16 and UTF-32 that no byte order mark announces. ASCII characters stand there with one zero byte, or
 * three, between each two.
 *
 * @param known characters that were read already, and are left out
 * @returns the runs as ASCII, one a line, 16-bit ones first; empty where there are none
 */
export function wideRuns(bytes: Uint8Array, known: Grid | null): Buffer {
  return Buffer.from([...runs(bytes, 2, known), ...runs(bytes, 4, known)].join("\n"), "latin1");
}

function runs(bytes: Uint8Array, step: 2 | 4, known: Grid | null): string[] {
  const lines: string[] = [];
  const zeros = (at: number): boolean =>
    bytes[at] === 0 && (step === 2 || (bytes[at + 1] === 0 && bytes[at + 2] === 0));
  for (let at = 0; at < bytes.length; at += 1) {
    if (!isText(bytes[at]) || !zeros(at + 1)) continue;
    const from = at;
    while (zeros(at + 1) && isText(bytes[at + step])) at += step;
    if ((at - from) / step + 1 < SHORTEST || (known?.step === step && from % step === known.rest)) continue;
    const run = Buffer.alloc((at - from) / step + 1);
    for (let i = 0; i < run.length; i += 1) run[i] = bytes[from + i * step] ?? 0;
    lines.push(...readings(run.toString("latin1"), zeros(from - step + 1), zeros(at + 1)));
  }
  return lines;
}

/**
 * The low byte of another character can look like a character at the end of a run: before the first one where the zero
 * stands first, behind the last one where it stands last. Which of the two orders it is cannot always be told.
 *
 * @param zeroBefore whether the first character can be one of the big-endian order
 * @param zeroBehind whether the last character can be one of the little-endian order
 * @returns the run in one order, then the words at its ends that differ in the other
 */
function readings(run: string, zeroBefore: boolean, zeroBehind: boolean): string[] {
  const little = zeroBehind ? run : run.slice(0, -1);
  const big = zeroBefore ? run : run.slice(1);
  const [main, other] = zeroBefore && !zeroBehind ? [big, little] : [little, big];
  const first = FIRST_WORD.exec(other)?.[0] ?? "";
  const last = LAST_WORD.exec(other)?.[0] ?? "";
  const words = new Set<string>();
  if (first.length >= SHORTEST && !main.startsWith(first)) words.add(first);
  if (last.length >= SHORTEST && !main.endsWith(last)) words.add(last);
  return [main, ...words];
}
