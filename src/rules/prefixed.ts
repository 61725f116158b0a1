import type { Confidence, Rule, Severity } from "../model/rule.ts";
import { endsAtWord, isRun, longest, shapePattern } from "./shape.ts";
import type { Shape } from "./shape.ts";
import { looksInvented } from "./suppress.ts";

/** A provider whose tokens tell by their own text what they are. */
export interface PrefixedRow {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly shape: Shape;
  /** Literals to look for; the shape's first literal unless given. */
  readonly keywords?: readonly string[];
  /** `high` unless given. */
  readonly severity?: Severity;
  /** `high` unless given. */
  readonly confidence?: Confidence;
  /** What its holder can do, as the end of a sentence: "reads and changes the account's projects". */
  readonly allows: string;
  readonly source: string;
  readonly envName: string;
  readonly revokeUrl: string | null;
  readonly advice?: string;
  /** Shannon entropy in bits per character; by length and alphabet unless given. */
  readonly minEntropy?: number;
  /** Offline check beyond the shape. */
  readonly accepts?: Rule["accepts"];
}

/** Bytes kept round the longest token, for what stands beside it. */
const MARGIN = 16;
/** The same where the literal looked for stands beside the token. */
const WIDE_MARGIN = 80;

/** Fillers: a character eight times in a row, or every part made of one character. */
const REPEATED = /(.)\1{7}/;
const ONE_KIND = /^(.)\1*$/;

/** @returns the rule of one row */
export function prefixed(row: PrefixedRow): Rule {
  const { shape } = row;
  const last = shape.at(-1);
  const slack = last !== undefined && typeof last !== "string" && isRun(last) && !endsAtWord(last.of) ? 1 : 0;
  const length = longest(shape);
  const margin = row.keywords === undefined ? MARGIN : WIDE_MARGIN;
  const before = row.keywords !== undefined || isRun(shape[0] ?? "") ? length + margin : margin;
  let exact: RegExp | undefined;
  return {
    id: row.id,
    provider: row.provider,
    title: row.title,
    severity: row.severity ?? "high",
    confidence: row.confidence ?? "high",
    effort: "low",
    description: `${row.title}: whoever has it ${row.allows}. Recognised by its shape, ${describe(shape)}.`,
    sources: [row.source],
    remedy: {
      envName: row.envName,
      revokeUrl: row.revokeUrl,
      advice: row.advice === undefined ? [] : [row.advice],
    },
    keywords: row.keywords ?? firstLiterals(shape).map((literal) => literal.toLowerCase()),
    pattern: shapePattern(shape, { slack }),
    secretGroup: 0,
    reach: [before, length + margin],
    publicPrefix: publicPrefix(shape),
    minEntropy: row.minEntropy ?? entropyFloor(shape),
    accepts: (secret, context) => {
      exact ??= new RegExp(`^${shapePattern(shape, { groups: true })}$`);
      const runs = exact.exec(secret);
      if (runs === null) return false;
      const body = runs.slice(1).join("");
      if (looksInvented(body) || REPEATED.test(body) || runs.slice(1).every((part) => ONE_KIND.test(part)))
        return false;
      return row.accepts === undefined || row.accepts(secret, context);
    },
  };
}

function firstLiterals(shape: Shape): readonly string[] {
  for (const part of shape) {
    if (typeof part === "string") return [part];
    if (!isRun(part) && !part.includes("")) return part;
  }
  throw new Error("a shape needs a literal to be looked for by");
}

function publicPrefix(shape: Shape): number {
  const first = shape[0];
  if (typeof first === "string") return first.length;
  return first === undefined || isRun(first) ? 0 : Math.min(...first.map((literal) => literal.length));
}

/** Random text of this length stays well above it; words and fillers do not. */
function entropyFloor(shape: Shape): number {
  const runs = shape.flatMap((part) => (isRun(part) ? [part] : []));
  const size = runs.reduce((sum, part) => sum + part.min, 0);
  if (size < 16) return 2;
  return runs.every((part) => part.of === "hex" || part.of === "anyHex" || part.of === "digits") ? 2.6 : 3;
}

function describe(shape: Shape): string {
  return shape
    .map((part) => {
      if (typeof part === "string") return `"${part}"`;
      if (!isRun(part)) return part.map((literal) => `"${literal}"`).join(" or ");
      const count = part.min === part.max ? `${part.max}` : `${part.min} to ${part.max}`;
      return `${count} ${SPOKEN[part.of]}`;
    })
    .join(", ");
}

const SPOKEN = {
  digits: "digits",
  hex: "hexadecimal digits",
  anyHex: "hexadecimal digits",
  lower: "lower-case letters and digits",
  upper: "capitals and digits",
  letters: "letters",
  alnum: "letters and digits",
  base32: "base32 characters",
  bech32: "bech32 characters",
  word: "letters, digits and underscores",
  dashed: "letters, digits and dashes",
  base64url: "base64url characters",
  base64: "base64 characters",
  dotted: "letters, digits, dots, dashes and underscores",
} as const;
