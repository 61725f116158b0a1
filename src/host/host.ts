import { isatty } from "node:tty";
import { createOutput } from "./output.ts";
import type { Output } from "./output.ts";
import { IncompleteError } from "../model/errors.ts";
import type { ExitCode } from "../model/exit-code.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Standard input; nothing is opened before the first chunk is asked for. */
interface Input extends AsyncIterable<Uint8Array> {
  readonly isTTY: boolean;
}

/** The edge of the process as one object: commands see the outside only through it. */
export interface Host {
  readonly env: Environment;
  /** Absolute; `--cwd` is applied already. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds of a clock that never runs backwards. */
  now(): number;
  /** Calls the listener when the process is asked to stop, instead of stopping it. */
  onSignal(listener: (code: ExitCode) => void): void;
  /** Takes all those listeners away: from now on, the caller answers signals by himself. */
  releaseSignals(): void;
  /** Calls the listener with an error that no code caught. */
  onCrash(listener: (error: unknown) => void): void;
  /** Ends the process at once. */
  exit(code: ExitCode): void;
}

const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 143],
] as const;

/** The host of this very process. */
export function processHost(): Host {
  const crashListeners: ((error: unknown) => void)[] = [];
  const signalListeners: (readonly [signal: NodeJS.Signals, listener: () => void])[] = [];
  const crash = (error: unknown): void => {
    for (const listener of crashListeners) listener(error);
  };
  const unwritable = (cause: Error): void => {
    crash(new IncompleteError("output-failed", "what was to be said cannot be written", { cause }));
  };
  return {
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    stdin: {
      isTTY: isatty(0),
      [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
    },
    stdout: createOutput(() => process.stdout, 1, unwritable),
    stderr: createOutput(() => process.stderr, 2, unwritable),
    now: () => performance.now(),
    onSignal(listener) {
      for (const [signal, code] of SIGNALS) {
        const answer = (): void => listener(code);
        process.on(signal, answer);
        signalListeners.push([signal, answer]);
      }
    },
    releaseSignals() {
      for (const [signal, answer] of signalListeners.splice(0)) process.off(signal, answer);
    },
    onCrash(listener) {
      if (crashListeners.length === 0) process.on("uncaughtException", crash);
      crashListeners.push(listener);
    },
    exit(code) {
      process.exit(code);
    },
  };
}
