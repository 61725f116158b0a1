import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Environment } from "./host.ts";
import { onCleanUp } from "./temp.ts";

const OUTPUT_BYTES = 64 * 1024 ** 2;
/** Between asking a child to end and killing it. */
const GRACE_MS = 2000;
/** For how long what a program left running may hold its output open after its end. */
const PIPES_MS = 2000;
/**
 * How long cleaning up waits for a group that was asked to end. A run of ours within another's build (it has the
 * guard's variable) must be through before the outer one kills it.
 */
const CLEAN_UP_MS = { outer: 900, nested: 300 } as const;
const POLL_MS = 20;

export interface SpawnOptions {
  readonly cwd: string;
  /** The child's whole environment. */
  readonly env: Environment;
  /** The child and all it started are killed after so many seconds. */
  readonly timeoutSeconds?: number;
  /** Receive what the child writes, as it comes; a character is never cut. */
  readonly onStdout?: (text: string) => void;
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
 * It leads a process group of its own, so that a build can be stopped with everything it started. Whatever is left of
 * the group when the program has ended is killed, and so it is by `cleanUp`.
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
    const stdout = collect(child.stdout, options.onStdout);
    const stderr = collect(child.stderr, options.onStderr);
    let timedOut = false;
    let timers: NodeJS.Timeout[] = [];
    const later = (milliseconds: number, action: () => void): void =>
      void timers.push(setTimeout(action, milliseconds));
    const forgetTimers = (): void => {
      timers.forEach((timer) => clearTimeout(timer));
      timers = [];
    };
    const forget = onCleanUp(() => stopGroup(child));
    let ended = false;
    const finish = (code: number | null, failure: string | null): void => {
      if (ended) return;
      ended = true;
      forgetTimers();
      signalGroup(child, "SIGKILL");
      // What has left the group may hold them open for ever, and the event loop with them.
      child.stdout.destroy();
      child.stderr.destroy();
      forget();
      resolve({ code, stdout: stdout(), stderr: stderr(), timedOut, failure });
    };
    if (options.timeoutSeconds !== undefined)
      later(options.timeoutSeconds * 1000, () => {
        timedOut = true;
        signalGroup(child, "SIGTERM");
        later(GRACE_MS, () => signalGroup(child, "SIGKILL"));
      });
    child.once("error", (error: NodeJS.ErrnoException) => finish(null, error.code ?? "unknown"));
    child.once("exit", (code) => {
      forgetTimers();
      later(PIPES_MS, () => finish(code, null));
    });
    child.once("close", (code) => finish(code, null));
  });
}

function collect(stream: NodeJS.ReadableStream, tell?: (text: string) => void): () => Buffer {
  const chunks: Buffer[] = [];
  const decoder = new StringDecoder("utf8");
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    tell?.(decoder.write(chunk));
    if (size < OUTPUT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks);
}

/** The group outlives its leader: whether that has ended says nothing about the others. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    // All have ended in the meantime; macOS answers EPERM for a group of which none can be signalled any more.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Asks the group to end and waits a moment, so that a run of ours in it can clean up what it made; then kills it. */
function stopGroup(child: ChildProcess): void {
  signalGroup(child, "SIGTERM");
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const bound = process.env["STOWAWAY_PACK"] === undefined ? CLEAN_UP_MS.outer : CLEAN_UP_MS.nested;
  for (let waited = 0; waited < bound && isGroupAlive(child.pid); waited += POLL_MS)
    Atomics.wait(sleeper, 0, 0, POLL_MS);
  signalGroup(child, "SIGKILL");
}

function isGroupAlive(group: number | undefined): boolean {
  if (group === undefined || process.platform === "win32") return false;
  if (process.platform === "linux") return runsInGroup(group);
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** proc(5). Our own child stays a zombie while we wait without the event loop, and would count as alive otherwise. */
function runsInGroup(group: number): boolean {
  return readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "latin1");
      const [state = "", , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(processGroup) === group && !"ZX".includes(state);
    } catch {
      return false;
    }
  });
}
