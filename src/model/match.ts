import type { Rule } from "./rule.ts";

/** What looks like a secret: offsets are bytes of the document. */
export interface Match {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
  /** Bytes of the whole match, assignment included. */
  readonly matchStart: number;
  readonly matchEnd: number;
}
