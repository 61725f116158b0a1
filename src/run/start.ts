import type { ChildProcess } from "node:child_process";
import { isatty } from "node:tty";
import spawn from "cross-spawn";
import type { Outputs } from "./outputs.ts";
import type { Relay } from "./relay.ts";
import { forwardSignals, sendSignal } from "./signals.ts";
import type { Environment } from "../host/host.ts";
import { onCleanUp } from "../host/temp.ts";
import { IncompleteError } from "../model/errors.ts";

/** After this time, people are told what is waited for. */
const PATIENCE_MS = 2000;

export interface StartOptions {
  readonly cwd: string;
  /** The program's whole environment. */
  readonly env: Environment;
  readonly outputs: Outputs;
  /** Texts that they must not show; asked for once the program has been started. */
  readonly needles: () => readonly Buffer[];
  /** Called once this file's own listeners stand. */
  readonly releaseSignals: () => void;
  /** Called once where the program has ended, and what it started goes on and has its output still. */
  readonly onLeftRunning: () => void;
}

/** How a program ended, or the system's word for why it did not start. */
export type Ending =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "failure"; readonly code: string };

/**
 * Runs a program to its end in our own place: same input, same output except for the values, same signals.
 *
 * Where none of our streams is a terminal, it leads a process group of its own, so that what it starts gets the signals
 * too. Where one is, it stays in ours, since no other may read from the terminal.
 *
 * As in a shell's pipe, the end is that of its output, which what it left running may hold. Signals end us meanwhile.
 *
 * @throws IncompleteError where its output cannot be passed on
 */
export async function start(
  command: string,
  args: readonly string[],
  options: StartOptions,
): Promise<Ending> {
  const alone = ![0, 1, 2].some((descriptor) => isatty(descriptor));
  const group = alone && process.platform !== "win32";
  let child: ChildProcess | null = null;
  const send = (signal: NodeJS.Signals): void => {
    if (child !== null) sendSignal(child, signal, group);
  };
  const endForwarding = forwardSignals(send, alone);
  options.releaseSignals();
  const forget = onCleanUp(() => send("SIGTERM"));
  try {
    const { cwd, env, outputs } = options;
    child = spawn(command, [...args], { cwd, env: { ...env }, stdio: outputs.stdio, detached: group });
    const relays = child.pid === undefined ? [] : outputs.connect(child, options.needles());
    const ending = await endOf(child);
    endForwarding();
    forget();
    await drain(relays, options.onLeftRunning);
    return ending;
  } catch (error) {
    // Node tells some of the system's answers by an event, and throws the others.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall?.startsWith("spawn") !== true) throw error;
    options.outputs.abandon();
    return { kind: "failure", code };
  } finally {
    forget();
    endForwarding();
  }
}

/** @throws what Node says of a program that cannot be started */
function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => (child.pid === undefined ? reject(error) : undefined));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? { kind: "exit", code: code ?? 0 } : { kind: "signal", signal }),
    );
  });
}

async function drain(relays: readonly Relay[], onLeftRunning: () => void): Promise<void> {
  const ticker = setInterval(() => {
    if (!relays.some((one) => one.isOpen())) return;
    clearInterval(ticker);
    onLeftRunning();
  }, PATIENCE_MS);
  const failures = await Promise.all(relays.map(({ done }) => done));
  clearInterval(ticker);
  const cause = failures.find((failure) => failure !== null);
  if (cause !== undefined)
    throw new IncompleteError("output-failed", "what the program wrote cannot be passed on", { cause });
}
