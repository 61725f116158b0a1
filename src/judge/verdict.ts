import { ExitCode } from "../model/exit-code.ts";
import { blocks } from "../model/finding.ts";
import type { Report } from "../model/finding.ts";
import type { Severity } from "../model/rule.ts";

/** The answer to a report: findings outrank errors, errors outrank «clean». */
export function verdict(report: Pick<Report, "findings" | "errors">, failOn: Severity): ExitCode {
  if (report.findings.some((finding) => blocks(finding, failOn))) return ExitCode.findings;
  return report.errors.length > 0 ? ExitCode.incomplete : ExitCode.clean;
}
