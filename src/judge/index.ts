import type { Document } from "../model/document.ts";
import { asBuffer } from "../model/bytes.ts";
import type { Finding, ScopeKind } from "../model/finding.ts";
import type { LineMap } from "../model/line-map.ts";
import type { Match } from "../model/match.ts";
import type { FileRule } from "../model/rule.ts";
import { Secret } from "../model/secret.ts";
import { adviceFor } from "./advice.ts";
import { isAllowed } from "./allow.ts";
import { findingIds, nameFindingId } from "./fingerprint.ts";
import { frameOf } from "./frame.ts";
import { type Line, LineViews } from "./line-view.ts";

/** What the judge is told besides the matches. */
export interface Policy {
  readonly scope: ScopeKind;
  /** Allow comments do not count. */
  readonly strict: boolean;
}

/** One match that is new, with what the content room knows of its place. */
export interface Candidate {
  readonly match: Match;
  readonly field: string | null;
}

function textOf(document: Document, start: number, end: number): string {
  return asBuffer(document.bytes).toString("utf8", start, end);
}

/** How far from the secret a comment counts: on a line of 600 KB the other end is another place. */
const COMMENT_REACH = 500;

function isAccepted({ text }: Line, column: number, rule: string): boolean {
  return isAllowed(text.slice(Math.max(0, column - COMMENT_REACH), column + COMMENT_REACH), rule);
}

/**
 * Turns the new matches of one document into findings.
 *
 * @param all every match of the document, old ones too: none of their values may show in a frame
 */
export async function judgeMatches(
  document: Document,
  lines: LineMap,
  candidates: readonly Candidate[],
  all: readonly Match[],
  policy: Policy,
): Promise<Finding[]> {
  const views = new LineViews(document, lines, all);
  const secrets = candidates.map(({ match }) => new Secret(textOf(document, match.start, match.end)));
  const ids = await findingIds(
    candidates.map(({ match: { rule } }, index) => ({ rule, secret: secrets[index] ?? null })),
    document.path,
  );
  return candidates.map(({ match, field }, index) => {
    const { rule } = match;
    const secret = secrets[index] ?? null;
    const redacted = secret?.redact(rule.publicPrefix) ?? "";
    const range = lines.range(match.start, match.end);
    const first = views.line(range.line - 1);
    const allowed =
      !policy.strict &&
      (isAccepted(first, range.column, rule.id) ||
        (range.endLine !== range.line &&
          isAccepted(views.line(range.endLine - 1), range.endColumn, rule.id)));
    return {
      ...range,
      id: ids[index] ?? "",
      rule,
      severity: rule.severity,
      confidence: rule.confidence,
      path: document.path,
      container: document.container,
      alsoIn: [],
      field,
      secret,
      redacted,
      included: document.included,
      advice: adviceFor(rule, { ...document, field }, policy.scope),
      status: allowed ? "allowed" : "new",
      frame: frameOf(first, range, redacted),
    };
  });
}

/**
 * Judges a file by its name: a finding of its own, high where the content holds something to hide.
 *
 * @param text what is new of the content, as latin1 text
 * @param holdsMatch whether the rules over content found something new in it
 * @returns null where the file may go
 */
export function judgeName(
  rule: FileRule,
  place: Pick<Document, "path" | "container" | "included">,
  text: string,
  holdsMatch: boolean,
  scope: ScopeKind,
): Finding | null {
  const holds = holdsMatch || rule.holdsSecret === undefined || rule.holdsSecret(text);
  if (!holds && !rule.reportEmpty) return null;
  return {
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    id: nameFindingId(rule.id, place.path),
    rule,
    severity: holds ? rule.severity : "low",
    confidence: rule.confidence,
    path: place.path,
    container: place.container,
    alsoIn: [],
    field: null,
    secret: null,
    redacted: "",
    included: place.included,
    advice: adviceFor(rule, { ...place, field: null }, scope),
    status: "new",
    frame: null,
  };
}
