import type { LineMap } from "../model/line-map.ts";
import type { Match } from "../model/match.ts";

function counts(lines: LineMap): Map<string, number> {
  const found = new Map<string, number>();
  for (let line = 0; line < lines.count; line += 1) {
    const text = lines.text(line);
    found.set(text, (found.get(text) ?? 0) + 1);
  }
  return found;
}

/**
 * Which lines of a text its earlier version lacks.
 *
 * Lines are matched as a multiset, so a line that only moved, or whose line end changed, is not new: HEAD holds its
 * secret already. It is linear on every input, which a shortest edit script is not.
 *
 * @returns the 0-based numbers of the new lines
 */
export function newLines(now: LineMap, before: LineMap): Set<number> {
  const left = counts(before);
  const added = new Set<number>();
  for (let line = 0; line < now.count; line += 1) {
    const text = now.text(line);
    const rest = left.get(text) ?? 0;
    if (rest === 0) added.add(line);
    else left.set(text, rest - 1);
  }
  return added;
}

/**
 * Which lines no parent has: in a merge, what came from either side is the business of the commit that brought it.
 *
 * @param parents earlier versions, one a parent; none means that everything is new
 * @returns null where every line is new
 */
export function newInAll(now: LineMap, parents: readonly LineMap[]): Set<number> | null {
  const [first, ...others] = parents.map((parent) => newLines(now, parent));
  if (first === undefined) return null;
  return new Set([...first].filter((line) => others.every((added) => added.has(line))));
}

/**
 * Whether a match stands on a new line, be it one of several.
 *
 * @param added numbers of the new lines; null where all are
 */
export function isNew({ start, end }: Match, lines: LineMap, added: ReadonlySet<number> | null): boolean {
  if (added === null) return true;
  const last = lines.lineOf(Math.max(start, end - 1));
  for (let line = lines.lineOf(start); line <= last; line += 1) if (added.has(line)) return true;
  return false;
}
