import type { Severity } from "./rule.ts";

/** Bounds that keep hostile input from taking the machine; hitting one is reported and answers 3. */
export interface Limits {
  /** Bytes of one file or archive member. */
  readonly fileBytes: number;
  /** Members of one archive, nested ones included. */
  readonly entries: number;
  /** Unpacked bytes of one archive, nested ones included. */
  readonly totalBytes: number;
  /** Unpacked to packed bytes, looked at once `ratioFrom` bytes came out. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Archives within archives: 1 is a plain archive. */
  readonly depth: number;
  /** Seconds one build or pack may take. */
  readonly buildSeconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  fileBytes: 1024 ** 3,
  entries: 200_000,
  totalBytes: 4 * 1024 ** 3,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
  depth: 4,
  buildSeconds: 300,
};

/** Flags, configuration file and environment, settled once. */
export interface Settings {
  /** Findings of this severity or worse block. */
  readonly failOn: Severity;
  /** Patterns in .gitignore syntax of paths that are not scanned. */
  readonly ignorePaths: readonly string[];
  /** Rule ids that are switched off. */
  readonly disable: readonly string[];
  /** The dotenv file that values are moved to, relative to the work tree's top; null takes the usual one. */
  readonly store: string | null;
  /** Allow comments are not honoured. */
  readonly strict: boolean;
  readonly limits: Limits;
}

export const DEFAULT_SETTINGS: Settings = {
  failOn: "medium",
  ignorePaths: [],
  disable: [],
  store: null,
  strict: false,
  limits: DEFAULT_LIMITS,
};
