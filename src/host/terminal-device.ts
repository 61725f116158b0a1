import { closeSync, openSync, readFileSync } from "node:fs";
import { isatty } from "node:tty";
import type { Environment } from "./host.ts";

/** Fields of proc_pid_stat(5) behind the program's name, counted from its state: the process group, the terminal's. */
const GROUP = 2;
const FOREGROUND = 5;

/**
 * Whether we run in the terminal's foreground: to touch the terminal from the background would stop us, and git with us.
 * Told apart on Linux; elsewhere assumed.
 */
function inForeground(): boolean {
  if (process.platform !== "linux") return true;
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[GROUP] === fields[FOREGROUND];
  } catch {
    return true;
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false" && value !== "0";
}

/**
 * Opens the terminal of the process itself: git gives its hooks an empty standard input.
 *
 * @returns a descriptor to read and write, which the caller closes; null where there is no terminal, no person (`CI` is
 *   set), or where we run in the background
 */
export function openTerminal(env: Environment): number | null {
  if (isSet(env["CI"]) || env["TERM"] === "dumb" || !inForeground()) return null;
  try {
    // For writing too: without it Windows does not let raw input be switched on.
    const device = openSync(process.platform === "win32" ? String.raw`\\.\CONIN$` : "/dev/tty", "r+");
    if (isatty(device)) return device;
    closeSync(device);
  } catch {
    // No terminal belongs to this session: a git client with a window, a container, a pipeline.
  }
  return null;
}
