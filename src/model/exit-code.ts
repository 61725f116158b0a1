/** The process's answers; a pure function of the verdict. */
export const ExitCode = {
  /** Everything in scope was read, nothing at or above `failOn` was found. */
  clean: 0,
  /** Findings at or above `failOn`. */
  findings: 1,
  /** Wrong usage or configuration; nothing was scanned. */
  usage: 2,
  /** Something in scope could not be read, unpacked, decoded or built. */
  incomplete: 3,
  /** Stopped by SIGINT (128 + 2) or SIGTERM (128 + 15). */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
