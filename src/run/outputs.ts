import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import path from "node:path";
import type { Readable } from "node:stream";
import { isatty } from "node:tty";
import { buildAutomaton } from "./automaton.ts";
import { relay } from "./relay.ts";
import type { Relay } from "./relay.ts";
import { makeTempFolder } from "../host/temp.ts";

/** POSIX; part of every Linux system's basic tools, busybox included. */
const MKFIFO = "mkfifo";

/** Where a program's output goes. */
export interface Outputs {
  /** For `spawn`. */
  readonly stdio: StdioOptions;
  /** Passes on what the program writes, once it has been started. For `needles`, see `buildAutomaton`. */
  readonly connect: (child: ChildProcess, needles: readonly Buffer[]) => Relay[];
  /** Closes what is still open. */
  readonly abandon: () => void;
}

interface Pipe {
  /** For the program. */
  readonly input: number;
  readonly output: Readable;
}

/** The program writes where we do. */
export const INHERITED: Outputs = { stdio: "inherit", connect: () => [], abandon: () => undefined };

/**
 * Settles where the output of a program goes whose values are masked: to our own as it is, where that is a terminal, on
 * which programs behave differently; else through a masker.
 */
export async function openOutputs(): Promise<Outputs> {
  const masked = [1, 2].filter((descriptor) => !isatty(descriptor));
  if (masked.length === 0) return INHERITED;
  // One pipe for both keeps the order of what is written to the same place.
  const ways = masked.length === 2 && isSamePlace(1, 2) ? [1] : masked;
  const pipes = await makePipes(ways.length);
  return pipes === null ? throughSockets(masked) : throughPipes(masked, ways, pipes);
}

function throughSockets(masked: readonly number[]): Outputs {
  const outputs = [1, 2].map((descriptor) => (masked.includes(descriptor) ? "pipe" : "inherit"));
  return {
    stdio: ["inherit", ...outputs] as StdioOptions,
    connect: ({ stdout, stderr }, needles) => {
      const automaton = buildAutomaton(needles);
      return [stdout, stderr].flatMap((output, index) =>
        output === null ? [] : [relay(output, sinkOf(index + 1), automaton)],
      );
    },
    abandon: () => undefined,
  };
}

/** @param ways descriptor that each pipe leads to */
function throughPipes(masked: readonly number[], ways: readonly number[], pipes: readonly Pipe[]): Outputs {
  const inputs = [1, 2].map((descriptor) =>
    masked.includes(descriptor) ? (pipes[ways.indexOf(descriptor)] ?? pipes[0])?.input : "inherit",
  );
  const open = pipes.map(({ input }) => input);
  const closeInputs = (): void => open.splice(0).forEach((input) => closeSync(input));
  return {
    stdio: ["inherit", ...inputs],
    connect: (_child, needles) => {
      // The program has its own by now; the pipe ends with the last one that is closed.
      closeInputs();
      const automaton = buildAutomaton(needles);
      return pipes.map(({ output }, index) => relay(output, sinkOf(ways[index] ?? 1), automaton));
    },
    abandon: () => {
      closeInputs();
      pipes.forEach(({ output }) => output.destroy());
    },
  };
}

function sinkOf(descriptor: number): NodeJS.WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr;
}

/** Whether two descriptors of this process lead to the same place. */
function isSamePlace(one: number, other: number): boolean {
  const [a, b] = [fstatSync(one, { bigint: true }), fstatSync(other, { bigint: true })];
  return a.dev === b.dev && a.ino === b.ino && a.ino !== 0n;
}

/**
 * Makes pipes of the system. Node's own are sockets, which on Linux no program can open by name: `echo >/dev/stderr` would
 * fail.
 *
 * @returns null where that does not matter, or they cannot be made
 */
async function makePipes(count: number): Promise<Pipe[] | null> {
  if (process.platform !== "linux") return null;
  const folder = await makeTempFolder().catch(() => null);
  if (folder === null) return null;
  try {
    const names = Array.from({ length: count }, (_, index) => path.join(folder.path, `${index}`));
    if (!(await makeFifos(names))) return null;
    return names.map((name) => {
      // The reader first, and without waiting for a writer.
      const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
      const output = new Socket({ fd, readable: true, writable: false });
      return { input: openSync(name, constants.O_WRONLY), output };
    });
  } finally {
    await folder.remove();
  }
}

/** Without waiting for it: starting a program takes as long as all else that is done meanwhile. */
async function makeFifos(names: readonly string[]): Promise<boolean> {
  const child = spawn(MKFIFO, ["-m", "600", ...names], { stdio: "ignore" });
  return await new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}
