/** A stretch of bytes that is to be replaced. */
interface Range {
  readonly at: number;
  readonly length: number;
}

/** Whole lines round some of the ranges. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly members: readonly number[];
}

const lineStart = (bytes: Buffer, at: number): number => (at === 0 ? 0 : bytes.lastIndexOf(10, at - 1) + 1);

function lineEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end + 1;
}

/** Start of the line at a place; behind the last line end, that of the last line: what is appended needs a line to stand by. */
function anchor(bytes: Buffer, at: number): number {
  const start = lineStart(bytes, at);
  return start === bytes.length && start > 0 ? lineStart(bytes, start - 1) : start;
}

/** Ranges that share a line are in one block. */
function blocksOf(bytes: Buffer, ranges: readonly Range[]): Block[] {
  const blocks: Block[] = [];
  const ordered = [...ranges.entries()].toSorted(([, a], [, b]) => a.at - b.at);
  for (const [member, { at, length }] of ordered) {
    const start = anchor(bytes, at);
    const end = lineEnd(bytes, at + length);
    const last = blocks.at(-1);
    if (last === undefined || start >= last.end) blocks.push({ start, end, members: [member] });
    else
      blocks.splice(-1, 1, {
        start: last.start,
        end: Math.max(last.end, end),
        members: [...last.members, member],
      });
  }
  return blocks;
}

/** Where these lines stand as whole lines; null unless it is exactly once. */
function findLines(bytes: Buffer, lines: Buffer): number | null {
  let found: number | null = null;
  for (let at = bytes.indexOf(lines); at >= 0; at = bytes.indexOf(lines, at + 1)) {
    const ends = lines.at(-1) === 10 || at + lines.length === bytes.length;
    if (lineStart(bytes, at) !== at || !ends) continue;
    if (found !== null) return null;
    found = at;
  }
  return found;
}

/**
 * Finds ranges of one version of a file in another version of it: by the whole lines they are in, each of which must stand
 * there exactly once, and in the same order.
 *
 * @returns the places of the ranges, in their order; null where they cannot be told
 */
export function relocate(bytes: Buffer, ranges: readonly Range[], other: Buffer): number[] | null {
  const places = ranges.map(({ at }) => at);
  let from = 0;
  for (const { start, end, members } of blocksOf(bytes, ranges)) {
    const found = end === start ? null : findLines(other, bytes.subarray(start, end));
    if (found === null || found < from) return null;
    from = found + end - start;
    for (const member of members) places[member] = (ranges[member]?.at ?? 0) + found - start;
  }
  return places;
}
