import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Finding, Report, ScopeKind } from "../model/finding.ts";

/** What a later `stow` must know of a finding; its value is not among it. */
export interface CheckedFinding {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly line: number;
  /** As reported: relative to the repository or to the package. */
  readonly path: string;
  /** Archives round the file. */
  readonly container: readonly string[];
  /** Why a packer takes the file. */
  readonly included: string | null;
}

/** The outcome of the last check of a work tree. */
export interface LastCheck {
  readonly kind: ScopeKind;
  /** What was checked, for people. */
  readonly target: string;
  /** Folders of the checked packages, relative to the top; the top itself is `""`. */
  readonly packages: readonly string[];
  readonly findings: readonly CheckedFinding[];
}

const FILE = "last-check.json";
const FORM = 2;

/** What is noted of a finding. */
export function checkedFinding({
  id,
  rule,
  line,
  path: place,
  container,
  included,
}: Finding): CheckedFinding {
  return { id, rule: rule.id, title: rule.title, line, path: place, container, included };
}

/**
 * Notes what a check has found, so that `stow` can be given nothing or an id.
 *
 * @param stateDir the work tree's own folder within the git directory
 */
export function writeLastCheck(stateDir: string, report: Report, packages: readonly string[]): void {
  const findings = report.findings.filter(({ status }) => status === "new").map(checkedFinding);
  const check: LastCheck & { form: number } = {
    form: FORM,
    kind: report.scope.kind,
    target: report.scope.target,
    packages,
    findings,
  };
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(stateDir, FILE), `${JSON.stringify(check)}\n`, { mode: 0o600 });
}

/** Removes what was noted, if there is anything. */
export function removeLastCheck(stateDir: string): void {
  rmSync(path.join(stateDir, FILE), { force: true });
}

/** @returns null where there is none, or one that an interrupted or another version has written */
export function readLastCheck(stateDir: string): LastCheck | null {
  try {
    const read = JSON.parse(readFileSync(path.join(stateDir, FILE), "utf8")) as LastCheck & { form: number };
    return read.form === FORM ? read : null;
  } catch {
    return null;
  }
}
