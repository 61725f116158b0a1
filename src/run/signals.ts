import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

/** What others send. */
const FORWARDED: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
/** What a terminal sends to all that run in it, so that the program has it already. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGBREAK"];
/** Between sending ourselves a signal and giving up on it. */
const DYING_MS = 500;

/**
 * Answers the signals that this process gets by handing them on.
 *
 * @param alone whether no terminal sends them to the program itself
 * @returns ends it; from then on, each signal does what it does to any process
 */
export function forwardSignals(send: (signal: NodeJS.Signals) => void, alone: boolean): () => void {
  const known = [...FORWARDED, ...OF_TERMINAL].filter((signal) => signal in constants.signals);
  const listeners = known.map((signal) => {
    const handsOn = alone || FORWARDED.includes(signal);
    const listener = (): void => {
      if (handsOn) send(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}

/**
 * Sends a signal to a program.
 *
 * @param group whether to all of the process group that it leads
 */
export function sendSignal({ pid }: ChildProcess, signal: NodeJS.Signals, group: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(group ? -pid : pid, signal);
  } catch (error) {
    // It has ended in the meantime; macOS answers EPERM for a group of which none can be signalled any more.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * Dies of the signal that a program died of, so that whoever started us sees the same.
 *
 * @returns what a shell would answer, where the signal does nothing to us: to the first process of a container, on Windows
 */
export async function dieOf(signal: NodeJS.Signals): Promise<number> {
  if (process.platform !== "win32") {
    // Node ignores this one; taking a listener away gives it its own effect back.
    const nothing = (): void => undefined;
    if (signal === "SIGPIPE") process.on(signal, nothing).off(signal, nothing);
    process.kill(process.pid, signal);
    await new Promise((resolve) => setTimeout(resolve, DYING_MS));
  }
  return 128 + constants.signals[signal];
}
