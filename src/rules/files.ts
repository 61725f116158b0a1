import type { FileRule, Severity } from "../model/rule.ts";
import { RISKY_FILES } from "./tables/risky-files.ts";

/** A risky file: its name, and what content makes it so. */
export interface FileRow {
  readonly id: string;
  readonly title: string;
  readonly provider?: string;
  readonly severity?: Severity;
  readonly about: string;
  /** Over the path in lower case. */
  readonly path: RegExp;
  readonly not?: RegExp;
  readonly holdsSecret?: (text: string) => boolean;
  readonly reportEmpty?: boolean;
  readonly source: string;
  readonly advice: string;
}

function fileRule(row: FileRow): FileRule {
  return {
    id: row.id,
    provider: row.provider ?? "file",
    title: row.title,
    severity: row.severity ?? "high",
    confidence: "medium",
    effort: "low",
    description: `${row.about} Recognised by its name${row.holdsSecret === undefined ? "" : "; its severity depends on what it holds"}.`,
    sources: [row.source],
    remedy: { envName: null, revokeUrl: null, advice: [row.advice] },
    matches: (path) => {
      const lower = path.toLowerCase();
      return row.path.test(lower) && row.not?.test(lower) !== true;
    },
    ...(row.holdsSecret === undefined ? {} : { holdsSecret: row.holdsSecret }),
    reportEmpty: row.reportEmpty ?? true,
  };
}

/** Files that would be committed or published although they usually hold secrets. */
export const FILE_RULES: readonly FileRule[] = RISKY_FILES.map(fileRule);

const PRIORITY =
  /(?:^|\/)(?:\.env(?:\..+)?|\.aws\/credentials|(?:config|credentials|key|gc_api_file|secrets?|settings)\.json|(?:config|main|bot|settings|secrets?|credentials)\.py|\.npmrc|\.pypirc|\.netrc|\.git-credentials)$/;

/**
 * Whether findings in a file of this name come first in a report: the names under which published tokens are found most.
 *
 * @param path `/`-separated
 */
export function isPriorityFile(path: string): boolean {
  return PRIORITY.test(path.toLowerCase());
}
