import type { ExitCode } from "./exit-code.ts";

interface Details {
  /** File or folder the error is about, as the user knows it. */
  readonly path?: string;
  /** The next step, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error we foresaw: printed short, with its hint; everything else keeps its stack. */
export class KnownError extends Error {
  /** Kebab-case and permanent; shown in JSON. */
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
    this.path = details.path;
    this.hint = details.hint;
  }
}

/** The command line or the configuration is wrong; nothing was scanned. */
export class UsageError extends KnownError {
  constructor(code: string, message: string, details?: Details) {
    super(2, code, message, details);
  }
}

/** Something in scope could not be read, unpacked, decoded or built. */
export class IncompleteError extends KnownError {
  constructor(code: string, message: string, details?: Details) {
    super(3, code, message, details);
  }
}
