import type { TextEdit } from "../model/edit.ts";
import { inOrder } from "./edit/index.ts";
import { LineIndex } from "./occurrences.ts";

/** Lines that change, masked; for people. */
export interface ShownChange {
  /** Of the old text, 1-based. */
  readonly line: number;
  /** Empty where lines are only added. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A stretch of a text, in UTF-16 offsets, the end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Shows lines of a text with every value on them masked.
 *
 * @param lines 1-based, the last one included
 * @param open stretches that are shown as they are
 * @param values texts that must not be seen
 */
export type ShowLines = (
  path: string,
  text: string,
  lines: readonly [first: number, last: number],
  open: readonly Stretch[],
  values: readonly string[],
) => readonly string[];

interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edits: readonly TextEdit[];
  readonly values: readonly string[];
  readonly lines: LineIndex;
}

/** Edits that touch the same lines, with the places of their texts in the new one. */
interface Group {
  readonly lines: readonly [first: number, last: number];
  /** Whether whole lines are added, and none is touched. */
  readonly adds: boolean;
  readonly open: readonly Stretch[];
}

/** Says line by line what edits change. */
export function shownChanges(change: Change, show: ShowLines): ShownChange[] {
  const { path, before, after, values } = change;
  const now = new LineIndex(after);
  return groupsOf(change).map(({ lines, adds, open }) => {
    const first = open[0]?.start ?? 0;
    const last = Math.max(first, (open.at(-1)?.end ?? 0) - 1);
    const newLines = [now.lineAt(adds ? firstOwn(after, first) : first), now.lineAt(last)] as const;
    return {
      line: lines[0],
      before: adds ? [] : show(path, before, lines, [], values),
      after: show(path, after, newLines, open, values).filter((line) => line !== "" || !adds),
    };
  });
}

/** Behind the line end with which an added line begins. */
function firstOwn(text: string, start: number): number {
  let at = start;
  while (text[at] === "\r" || text[at] === "\n") at += 1;
  return at;
}

function groupsOf({ before, edits, lines }: Change): Group[] {
  const groups: { lines: [number, number]; adds: boolean; open: Stretch[] }[] = [];
  let shift = 0;
  for (const { start, end, text } of inOrder(edits)) {
    const stretch = { start: start + shift, end: start + shift + text.length };
    shift += text.length - (end - start);
    const atStart = start === 0 || /[\r\n]/.test(before[start - 1] ?? "");
    const atEnd = start === before.length || /[\r\n]/.test(before[start] ?? "");
    const adds = start === end && ((atStart && text.endsWith("\n")) || (atEnd && /^\r?\n/.test(text)));
    const touched: [number, number] = [lines.lineAt(start), lines.lineAt(Math.max(start, end - 1))];
    const last = groups.at(-1);
    if (last !== undefined && !adds && !last.adds && touched[0] <= last.lines[1]) {
      last.lines[1] = Math.max(last.lines[1], touched[1]);
      last.open.push(stretch);
    } else groups.push({ lines: touched, adds, open: [stretch] });
  }
  return groups;
}
