export type Severity = "critical" | "high" | "medium" | "low";
export type Confidence = "high" | "medium" | "low";

/** Severities, worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Whether a severity is the threshold or worse. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** How to get rid of a finding of this rule. */
interface RuleRemedy {
  /** Name of the environment variable the value should come from; null where none fits (a private key file). */
  readonly envName: string | null;
  /** Page on which the provider lets a user revoke it; null where there is none. */
  readonly revokeUrl: string | null;
  /** What to do next, one line each, beyond the general advice. */
  readonly advice: readonly string[];
}

/** What every rule has, whether it looks at content or at names. */
interface RuleBase {
  /** Permanent, kebab-case; rules over file names start with `file/`. */
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Work to remedy: rotating one key is low, rewriting a published history is high. */
  readonly effort: "low" | "medium" | "high";
  /** One paragraph for the help page: what it is, what a thief could do with it, how it is recognised. */
  readonly description: string;
  /** Public documents that give the format. */
  readonly sources: readonly string[];
  readonly remedy: RuleRemedy;
}

/** A rule over content. */
export interface Rule extends RuleBase {
  /**
   * Literals, lower case, 3 bytes or more, of which one stands in or near every match; matched without case.
   * The regex is tried on a window round each of them, never elsewhere.
   */
  readonly keywords: readonly string[];
  /**
   * RE2 syntax without flags, positive ASCII classes only (no `.`, `[^…]`, `\S`, `\W`, `\D`, `(?i)`), so that every
   * engine reads bytes alike. Repetitions are bounded, by at most 1000; a longer run is `+` where it can match in one
   * way only. Group `secretGroup` is the secret.
   */
  readonly pattern: string;
  /** Capturing group that holds the secret; 0 is the whole match. */
  readonly secretGroup: number;
  /** Bytes looked at before and after a keyword; `[64, 320]` unless given. Must hold the longest match. */
  readonly reach?: readonly [before: number, after: number];
  /** Leading characters that are public (for the redacted form). */
  readonly publicPrefix: number;
  /** Shannon entropy of the secret in bits per character, at least. */
  readonly minEntropy?: number;
  /** Pure checks over the secret, offline (checksum, structure): false drops the match. */
  readonly accepts?: (secret: string, context: MatchContext) => boolean;
  /** Only in files whose path matches. */
  readonly files?: RegExp;
}

/** What a rule's `accepts` may look at besides the secret. */
export interface MatchContext {
  readonly path: string;
  /** Text of the match (latin1), keyword and assignment included. */
  readonly match: string;
  /** The line the secret starts on (latin1), at most 500 bytes each side of it. */
  readonly line: string;
}

/** A rule over a file's name: it would be committed or published although it usually holds secrets. */
export interface FileRule extends RuleBase {
  /** @param path `/`-separated, relative; compare in lower case */
  readonly matches: (path: string) => boolean;
  /**
   * Whether a content of this kind holds something worth hiding; given the bytes as latin1 text.
   * Absent: the name alone tells (a private key store). A false answer keeps the finding, as low.
   */
  readonly holdsSecret?: (text: string) => boolean;
  /** With false, a file whose content holds no secret is no finding at all (`.npmrc` without a token). */
  readonly reportEmpty: boolean;
}

/** Rule of the help page, of either kind. */
export type AnyRule = Rule | FileRule;
