import type { Document } from "../model/document.ts";
import type { Finding, ScopeKind } from "../model/finding.ts";
import type { LineMap } from "../model/line-map.ts";
import type { Match } from "../model/match.ts";
import type { FileRule } from "../model/rule.ts";
import { Secret } from "../model/secret.ts";
import { adviceFor } from "./advice.ts";
import { isAllowed } from "./allow.ts";
import { findingId } from "./fingerprint.ts";
import { frameOf, type Span } from "./frame.ts";

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
  return Buffer.from(document.bytes.buffer, document.bytes.byteOffset, document.bytes.byteLength).toString(
    "utf8",
    start,
    end,
  );
}

/** UTF-16 spans of the other secrets on one line. */
function spansOn(
  line: number,
  lines: LineMap,
  document: Document,
  match: Match,
  all: readonly Match[],
): Span[] {
  const [start, end] = lines.bounds(line);
  return all
    .filter(
      (other) =>
        other !== match &&
        other.start < end &&
        other.end > start &&
        !(other.start < match.end && other.end > match.start),
    )
    .map((other) => ({
      start: textOf(document, start, Math.max(start, other.start)).length,
      end: textOf(document, start, Math.min(end, other.end)).length,
    }))
    .toSorted((a, b) => a.start - b.start);
}

/**
 * Turns the new matches of one document into findings.
 *
 * @param all every match of the document, old ones too: none of their values may show in a frame
 */
export function judgeMatches(
  document: Document,
  lines: LineMap,
  candidates: readonly Candidate[],
  all: readonly Match[],
  policy: Policy,
): Finding[] {
  return candidates.map(({ match, field }) => {
    const { rule } = match;
    const secret = new Secret(textOf(document, match.start, match.end));
    const redacted = secret.redact(rule.publicPrefix);
    const range = lines.range(match.start, match.end);
    const first = lines.text(range.line - 1);
    const allowed =
      !policy.strict &&
      (isAllowed(first, rule.id) ||
        (range.endLine !== range.line && isAllowed(lines.text(range.endLine - 1), rule.id)));
    return {
      ...range,
      id: findingId(rule.id, document.path, secret),
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
      frame: frameOf(first, range, redacted, spansOn(range.line - 1, lines, document, match, all)),
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
    id: findingId(rule.id, place.path, null),
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
