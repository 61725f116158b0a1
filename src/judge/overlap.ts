import type { Match } from "../model/match.ts";
import { SEVERITIES } from "../model/rule.ts";

const CONFIDENCES = ["high", "medium", "low"] as const;

/** Surer first, then worse, then longer, then by id, so that the order of the rules never decides. */
function better(a: Match, b: Match): number {
  return (
    CONFIDENCES.indexOf(a.rule.confidence) - CONFIDENCES.indexOf(b.rule.confidence) ||
    SEVERITIES.indexOf(a.rule.severity) - SEVERITIES.indexOf(b.rule.severity) ||
    b.end - b.start - (a.end - a.start) ||
    (a.rule.id < b.rule.id ? -1 : Number(a.rule.id > b.rule.id)) ||
    a.start - b.start
  );
}

/**
 * One match for each place: where rules overlap, the one that says most stays.
 *
 * @returns the kept matches in text order
 */
export function withoutOverlaps(matches: readonly Match[]): Match[] {
  if (matches.length < 2) return [...matches];
  // Kept spans never overlap, so only the neighbours by start can collide.
  const kept: Match[] = [];
  for (const match of matches.toSorted(better)) {
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((kept[middle]?.start ?? 0) < match.start) low = middle + 1;
      else high = middle;
    }
    const before = kept[low - 1];
    const after = kept[low];
    if (
      (before !== undefined && before.end > match.start) ||
      (after !== undefined && after.start < match.end)
    )
      continue;
    kept.splice(low, 0, match);
  }
  return kept;
}
