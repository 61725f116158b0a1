import type { Finding } from "../model/finding.ts";

/** Files that a build copies the readme and the project's addresses into (core metadata of Python packages). */
const DERIVED = /(?:^|\/)(?:PKG-INFO|[^/]+\.(?:egg|dist)-info\/[^/]+)$/;

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const isIn = (finding: Finding, container: readonly string[]): boolean =>
  [finding.container, ...finding.alsoIn].some((known) => known.join("\0") === container.join("\0"));

/** Whether a finding says the same as one before it: the same value, at the same place of another artifact or in derived text. */
function repeats(finding: Finding, known: Finding): boolean {
  if (finding.rule.id !== known.rule.id) return false;
  const sameValue =
    finding.secret === null
      ? known.secret === null
      : known.secret !== null && finding.secret.equals(known.secret);
  if (!sameValue) return false;
  if (DERIVED.test(finding.path) && finding.secret !== null) return true;
  const samePlace = finding.line === known.line && finding.column === known.column;
  return samePlace && nameOf(finding.path) === nameOf(known.path) && !isIn(known, finding.container);
}

/**
 * Joins what stands in several artifacts of one build (sdist and wheel): one finding, the other containers in `alsoIn`.
 *
 * Folders may differ between artifacts (`src/demo/a.py` is `demo/a.py` in the wheel), so a place is told by file name,
 * line and column.
 *
 * @returns the findings that remain; those in derived files come after the others
 */
export function joinContainers(findings: readonly Finding[]): Finding[] {
  const joined: Finding[] = [];
  const derivedLast = [
    ...findings.filter(({ path }) => !DERIVED.test(path)),
    ...findings.filter(({ path }) => DERIVED.test(path)),
  ];
  for (const finding of derivedLast) {
    const at = joined.findIndex((known) => repeats(finding, known));
    const known = joined[at];
    if (known === undefined) joined.push(finding);
    else if (!isIn(known, finding.container))
      joined[at] = { ...known, alsoIn: [...known.alsoIn, finding.container] };
  }
  return joined;
}
