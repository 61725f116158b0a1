import { escapeJson } from "./escape.ts";
import type { Format } from "./index.ts";
import { inOrder } from "./order.ts";
import { summarize } from "./summary.ts";
import type { Finding } from "../model/finding.ts";

/** Version of the document's shape; `report.schema.json` describes it. */
const SCHEMA = 1;

export default {
  render(report, { failOn, version, isPriorityFile }) {
    const document = {
      schema: SCHEMA,
      tool: { name: "stowaway", version },
      scope: { kind: report.scope.kind, target: report.scope.target, mode: report.scope.mode },
      summary: summarize(report, failOn),
      findings: inOrder(report.findings, isPriorityFile).map(findingEntry),
      skipped: report.skipped.map(({ id, path, container, reason }) => ({ id, path, container, reason })),
      errors: report.errors.map(({ id, path, container, code, message, hint }) => ({
        id,
        path,
        container,
        code,
        message,
        hint: hint ?? null,
      })),
      notes: report.notes,
    };
    return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
  },
} satisfies Format;

function findingEntry(finding: Finding): Record<string, unknown> {
  const { rule } = finding;
  return {
    id: finding.id,
    rule: rule.id,
    provider: rule.provider,
    title: rule.title,
    severity: finding.severity,
    confidence: finding.confidence,
    path: finding.path,
    container: finding.container,
    alsoIn: finding.alsoIn,
    commit: null,
    layer: null,
    line: finding.line,
    column: finding.column,
    endLine: finding.endLine,
    endColumn: finding.endColumn,
    field: finding.field,
    redacted: finding.redacted,
    length: finding.secret?.length ?? 0,
    included: finding.included,
    verification: { state: "unchecked", reason: null, owner: null, scopes: null, expiresAt: null },
    advice: finding.advice,
    status: finding.status,
  };
}
