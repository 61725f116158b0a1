import type { Confidence, Rule, Severity } from "../model/rule.ts";
import { caseless, literalsOf } from "./caseless.ts";
import { endsAtWord, longest, shapePattern } from "./shape.ts";
import type { Run, Shape } from "./shape.ts";
import { looksInvented } from "./suppress.ts";

/** A provider whose keys have no mark of their own: its name must stand where the value is assigned. */
export interface AssignedRow {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  /** Words of which one starts the name; see `caseless` for `_`. */
  readonly names: readonly string[];
  readonly value: Shape;
  /** Further words, of which one must follow the first inside the name. */
  readonly kinds?: readonly string[];
  /** `high` unless given. */
  readonly severity?: Severity;
  /** `medium` unless given. */
  readonly confidence?: Confidence;
  readonly allows: string;
  readonly source: string;
  readonly envName: string;
  readonly revokeUrl: string | null;
  readonly advice?: string;
  readonly minEntropy?: number;
}

/** The rest of a name, then closing quotes or brackets, an operator, and what opens a value. */
export const REST_OF_NAME = "[0-9A-Za-z_. -]{0,40}";
export const OPERATOR = "[\"'`\\])]{0,3}[ \\t]{0,8}(?:=>|:{1,3}=?|\\?=|={1,3}|,|\\|\\||>)[ \\t\\r\\n]{0,8}";
export const OPENING = "(?:[({ \\t]|[bfru](?:[\"'`])|\\\\?[\"'`]){0,4}";

/** @returns the rule of one row */
export function assigned(row: AssignedRow): Rule {
  const slack = lastRun(row.value) && !endsAtWord(lastRun(row.value)?.of ?? "word") ? 1 : 0;
  const names = row.names.map(caseless).join("|");
  const kinds = row.kinds === undefined ? "" : `(?:${row.kinds.map(caseless).join("|")})${REST_OF_NAME}`;
  const length = longest(row.value);
  let exact: RegExp | undefined;
  return {
    id: row.id,
    provider: row.provider,
    title: row.title,
    severity: row.severity ?? "high",
    confidence: row.confidence ?? "medium",
    effort: "low",
    description: `${row.title}: whoever has it ${row.allows}. It has no mark of its own, so it is recognised where a name with "${row.names[0] ?? ""}" is assigned a value of its length and alphabet.`,
    sources: [row.source],
    remedy: {
      envName: row.envName,
      revokeUrl: row.revokeUrl,
      advice: row.advice === undefined ? [] : [row.advice],
    },
    keywords: [...new Set(row.names.flatMap(literalsOf))],
    pattern: `(?:${names})${REST_OF_NAME}${kinds}${OPERATOR}${OPENING}(${shapePattern(row.value, { slack })})`,
    secretGroup: 1,
    reach: [16, 160 + length],
    publicPrefix: 0,
    minEntropy: row.minEntropy ?? 3,
    accepts: (secret) => {
      exact ??= new RegExp(`^${shapePattern(row.value)}$`);
      // A long key without a digit is a word or a name.
      return exact.test(secret) && /[0-9]/.test(secret) && !looksInvented(secret);
    },
  };
}

function lastRun(shape: Shape): Run | undefined {
  const last = shape.at(-1);
  return typeof last === "object" && "of" in last ? last : undefined;
}
