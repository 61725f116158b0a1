import type { Paint } from "./index.ts";
import { blocks } from "../model/finding.ts";
import type { Report, ScopeKind } from "../model/finding.ts";
import { SEVERITIES } from "../model/rule.ts";
import type { Severity } from "../model/rule.ts";

/** What a non-zero answer stops, where the scope says it. */
const STOPPED: Partial<Record<ScopeKind, string>> = { staged: "commit blocked", pack: "publish blocked" };

interface ClosingOptions {
  readonly failOn: Severity;
  /** Whether the process answers other than 0. */
  readonly stops: boolean;
  readonly paint: Paint;
}

/** The line that closes every run on standard error: `2 findings (1 critical, 1 high) in 3 files, 12 ms; commit blocked`. */
export function closingLine(report: Report, { failOn, stops, paint }: ClosingOptions): string {
  const open = report.findings.filter((finding) => finding.status === "new");
  const blocking = open.filter((finding) => blocks(finding, failOn)).length;
  const clauses = [
    acceptedClause(report),
    open.length > blocking ? `${blocking === 0 ? "none" : blocking} at or above ${failOn}` : null,
    report.errors.length > 0 ? `${count(report.errors.length, "item")} could not be scanned` : null,
    stops ? (STOPPED[report.scope.kind] ?? null) : null,
  ].filter((clause) => clause !== null);
  const text = `${count(open.length, "finding")}${severities(report)} in ${count(report.files, "file")}, ${duration(report.milliseconds)}`;
  return `${paint(["bold", colour(blocking, open.length + report.errors.length)], [text, ...clauses].join("; "))}\n`;
}

function colour(blocking: number, other: number): "red" | "yellow" | "green" {
  if (blocking > 0) return "red";
  return other > 0 ? "yellow" : "green";
}

function severities(report: Report): string {
  const open = report.findings.filter((finding) => finding.status === "new");
  const parts = SEVERITIES.map((severity) => ({
    severity,
    amount: open.filter((finding) => finding.severity === severity).length,
  }))
    .filter(({ amount }) => amount > 0)
    .map(({ severity, amount }) => `${amount} ${severity}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function acceptedClause(report: Report): string | null {
  const amount = (status: string): number =>
    report.findings.filter((finding) => finding.status === status).length;
  const parts = [];
  if (amount("allowed") > 0) parts.push(`${amount("allowed")} allowed`);
  if (amount("baselined") > 0) parts.push(`${amount("baselined")} in the baseline`);
  return parts.length === 0 ? null : parts.join(", ");
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function duration(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 1000)} s`;
}
