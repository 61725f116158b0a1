import type { Finding } from "../model/finding.ts";
import { SEVERITIES } from "../model/rule.ts";

/** Findings in the order of reading: worst first, then priority files, then by place. */
export function inOrder(
  findings: readonly Finding[],
  isPriorityFile: (path: string) => boolean,
): readonly Finding[] {
  const keyed = findings.map((finding) => ({
    finding,
    severity: SEVERITIES.indexOf(finding.severity),
    first: isPriorityFile(finding.path) ? 0 : 1,
    place: [...finding.container, finding.path].join("\0"),
  }));
  keyed.sort(
    (a, b) =>
      a.severity - b.severity ||
      a.first - b.first ||
      compare(a.place, b.place) ||
      a.finding.line - b.finding.line ||
      a.finding.column - b.finding.column ||
      compare(a.finding.rule.id, b.finding.rule.id),
  );
  return keyed.map(({ finding }) => finding);
}

/** By code units, so that the order is the same in every locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
