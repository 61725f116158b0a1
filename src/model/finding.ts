import type { Range } from "./document.ts";
import type { ScanError, Skipped } from "./item.ts";
import type { AnyRule, Confidence, Severity } from "./rule.ts";
import { atLeast } from "./rule.ts";
import type { Secret } from "./secret.ts";

/** A match that counts: what a report shows. */
export interface Finding extends Range {
  /** The same while rule, path and value are. */
  readonly id: string;
  readonly rule: AnyRule;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly path: string;
  readonly container: readonly string[];
  /** Other containers of the same build that hold it too. */
  readonly alsoIn: readonly (readonly string[])[];
  /** Name of the field it stands in (`scripts.release`, `API_KEY`), where the format has fields. */
  readonly field: string | null;
  /** Null for a rule over a file's name. */
  readonly secret: Secret | null;
  readonly redacted: string;
  /** Why the packer takes the file. */
  readonly included: string | null;
  readonly advice: readonly string[];
  readonly status: "new" | "allowed" | "baselined";
  /** The finding's own line with every value on it masked; null where there is no text to show. */
  readonly frame: Frame | null;
}

/** Whether a finding stops the commit or the publish. */
export function blocks(
  { severity, status }: Pick<Finding, "severity" | "status">,
  failOn: Severity,
): boolean {
  return status === "new" && atLeast(severity, failOn);
}

/** One masked line of text with the place of the secret in it. */
export interface Frame {
  /** The line, or a part of a long one; holds no value. */
  readonly text: string;
  /** UTF-16 offset and length of the masked secret in `text`. */
  readonly start: number;
  readonly length: number;
}

export type ScopeKind =
  | "staged"
  | "range"
  | "history"
  | "paths"
  | "stdin"
  | "pack"
  | "artifact"
  | "image"
  | "audit";

export interface Scope {
  readonly kind: ScopeKind;
  /** What was scanned, for people: `index`, a folder, an artifact's name. */
  readonly target: string;
  /** `static` where a list was made by rule, not by the packer itself. */
  readonly mode: "exact" | "static";
}

/** The outcome of one run. */
export interface Report {
  readonly scope: Scope;
  readonly files: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  readonly skipped: readonly (Skipped & { readonly id: string })[];
  readonly errors: readonly (ScanError & { readonly id: string })[];
  /** Sentences for the reader that are no findings (files published though git ignores them, static mode, …). */
  readonly notes: readonly string[];
}
