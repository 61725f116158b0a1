import type { Environment, Host } from "../../../src/host/host.ts";
import type { ExitCode } from "../../../src/model/exit-code.ts";

interface MemoryHostOptions {
  readonly env?: Environment;
  readonly cwd?: string;
  readonly terminal?: boolean;
  readonly now?: () => number;
}

/** A host whose streams are kept, with the means to send it a signal. */
export interface MemoryHost extends Host {
  readonly written: { stdout: string; stderr: string };
  readonly exits: ExitCode[];
  readonly signal: (code: ExitCode) => void;
  readonly crash: (error: unknown) => void;
}

export function memoryHost({
  env = {},
  cwd = "/",
  terminal = false,
  now = () => 0,
}: MemoryHostOptions = {}): MemoryHost {
  const written = { stdout: "", stderr: "" };
  const exits: ExitCode[] = [];
  const signals: ((code: ExitCode) => void)[] = [];
  const crashes: ((error: unknown) => void)[] = [];
  const output = (name: "stdout" | "stderr"): Host["stdout"] => ({
    isTTY: terminal,
    columns: terminal ? 80 : null,
    write(text) {
      written[name] += text;
    },
  });
  return {
    env,
    cwd,
    platform: "linux",
    stdin: { isTTY: terminal, async *[Symbol.asyncIterator]() {} },
    stdout: output("stdout"),
    stderr: output("stderr"),
    now,
    onSignal: (listener) => void signals.push(listener),
    releaseSignals: () => void signals.splice(0),
    onCrash: (listener) => void crashes.push(listener),
    exit: (code) => void exits.push(code),
    written,
    exits,
    signal: (code) => signals.forEach((listener) => listener(code)),
    crash: (error) => crashes.forEach((listener) => listener(error)),
  };
}
