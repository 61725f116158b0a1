import { blocks } from "../model/finding.ts";
import type { Finding, Report } from "../model/finding.ts";
import type { Severity } from "../model/rule.ts";

/** The numbers of a report. */
export interface Summary {
  readonly files: number;
  readonly bytes: number;
  /** Findings that nobody accepted. */
  readonly findings: number;
  /** Those of them at or above `failOn`. */
  readonly blocking: number;
  readonly allowed: number;
  readonly baselined: number;
  readonly skipped: number;
  readonly milliseconds: number;
  /** Whether everything in scope was read. */
  readonly complete: boolean;
}

export function summarize(report: Report, failOn: Severity): Summary {
  const count = (status: Finding["status"]): number =>
    report.findings.filter((finding) => finding.status === status).length;
  return {
    files: report.files,
    bytes: report.bytes,
    findings: count("new"),
    blocking: report.findings.filter((finding) => blocks(finding, failOn)).length,
    allowed: count("allowed"),
    baselined: count("baselined"),
    skipped: report.skipped.length,
    milliseconds: Math.round(report.milliseconds),
    complete: report.errors.length === 0,
  };
}
