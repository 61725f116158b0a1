import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Environment } from "./host.ts";
import { onCleanUp } from "./temp.ts";

const OUTPUT_BYTES = 64 * 1024 ** 2;
/** Between asking a child to end and killing it. */
const GRACE_MS = 2000;

export interface SpawnOptions {
  readonly cwd: string;
  /** The child's whole environment. */
  readonly env: Environment;
  /** The child and all it started are killed after so many seconds. */
  readonly timeoutSeconds?: number;
  /** Receives what the child writes to its standard error, as it comes. */
  readonly onStderr?: (text: string) => void;
}

export interface SpawnResult {
  /** Null where a signal ended it, or where it never started. */
  readonly code: number | null;
  /** First 64 MB. */
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  /** Why it could not be started (`ENOENT`, `EACCES`); null where it did. */
  readonly failure: string | null;
}

/**
 * Runs a program without a shell, standard input closed, and waits for it.
 *
 * It leads a process group of its own, so that a build can be stopped with everything it started; `cleanUp` kills it.
 */
export function run(command: string, args: readonly string[], options: SpawnOptions): Promise<SpawnResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr, options.onStderr);
    let timedOut = false;
    const forget = onCleanUp(() => killGroup(child, "SIGKILL"));
    const timer =
      options.timeoutSeconds === undefined ? null : setTimeout(stop, options.timeoutSeconds * 1000);
    let last: NodeJS.Timeout | null = null;
    function stop(): void {
      timedOut = true;
      killGroup(child, "SIGTERM");
      last = setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MS);
    }
    const finish = (code: number | null, failure: string | null): void => {
      if (timer !== null) clearTimeout(timer);
      if (last !== null) clearTimeout(last);
      forget();
      resolve({ code, stdout: stdout(), stderr: stderr(), timedOut, failure });
    };
    child.once("error", (error: NodeJS.ErrnoException) => finish(null, error.code ?? "unknown"));
    child.once("close", (code) => finish(code, null));
  });
}

function collect(stream: NodeJS.ReadableStream, tell?: (text: string) => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    tell?.(chunk.toString("utf8"));
    if (size < OUTPUT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks);
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
