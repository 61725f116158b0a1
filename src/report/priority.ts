import { SEVERITIES } from "../model/rule.ts";
import type { Confidence, Severity } from "../model/rule.ts";

/**
 * In which order to work off findings: 1 (now) to 4.
 *
 * It is the rank of the severity, one later where the rule is often wrong, one earlier in a file in which secrets are
 * found most often.
 */
export function priorityOf(severity: Severity, confidence: Confidence, inPriorityFile: boolean): number {
  const rank = SEVERITIES.indexOf(severity) + 1 + (confidence === "low" ? 1 : 0) - (inPriorityFile ? 1 : 0);
  return Math.min(4, Math.max(1, rank));
}
