import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** A process, so that it is not taken for another one that gets its number later. */
export interface ProcessId {
  readonly pid: number;
  /** When it was started, in the system's own words; null where that does not say. */
  readonly started: string | null;
  readonly host: string;
}

/** This very process. */
export function ownProcess(): ProcessId {
  return { pid: process.pid, started: startOf(process.pid), host: hostname() };
}

/** Whether a process is there; null for one of another machine, or container, which cannot be looked at. */
export function isAlive({ pid, started, host }: ProcessId): boolean | null {
  if (host !== hostname()) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = startOf(pid);
  // The first process is none of ours, but in a container, where its start can be read.
  if (pid === 1) return now !== null && now === started;
  return now === null || started === null || now === started;
}

/**
 * proc(5), `starttime`, with the machine's own start in front: the number of a dead process may belong to another one
 * now, and the first processes start at the same time after every start.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const start = fields[18];
    if ("ZX".includes(state)) return "dead";
    return start === undefined
      ? null
      : `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${start}`;
  } catch {
    return null;
  }
}
