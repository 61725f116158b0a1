import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../host/host.ts";

/** Environment variable that names the packages being packed, with the process that packs each. */
export const GUARD = "STOWAWAY_PACK";

interface Mark {
  readonly dir: string;
  readonly pid: number;
  /** When that process started: a process id is used again, the two together are not. */
  readonly start: string;
  /** Whether its build unpacks the sdist somewhere, and goes on from there: Python front ends make the wheel so. */
  readonly sdist?: boolean;
}

interface ProcessFacts {
  readonly parent: number;
  readonly start: string;
}

/**
 * Whether a process above us is packing this very folder, so that packing it again would go on for ever.
 *
 * The variable alone proves nothing, since anybody can set it: the process it names must be an ancestor.
 *
 * @param dir real path
 */
export function isBeingPacked(dir: string, env: Environment): boolean {
  // Of all folders only an unpacked sdist has this file (PEP 643).
  const isSdist = existsSync(join(dir, "PKG-INFO"));
  const marks = readMarks(env).filter((mark) => mark.dir === dir || (isSdist && mark.sdist === true));
  if (marks.length === 0) return false;
  const above = ancestors();
  return marks.some((mark) => above.get(mark.pid) === mark.start);
}

/**
 * The variable's value for what we start while we pack a package.
 *
 * @param dirs real paths of its folder and of the copy that it is packed in
 * @param sdist whether the build unpacks its own sdist
 */
export function guardValue(dirs: readonly string[], env: Environment, sdist = false): string {
  const start = readProcess(process.pid)?.start ?? "";
  const own = [...new Set(dirs)].map((dir): Mark => ({ dir, pid: process.pid, start, sdist }));
  return JSON.stringify([...readMarks(env), ...own]);
}

function readMarks(env: Environment): Mark[] {
  try {
    const value: unknown = JSON.parse(env[GUARD] ?? "[]");
    return Array.isArray(value) ? value.filter(isMark) : [];
  } catch {
    return [];
  }
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== "object" || value === null) return false;
  const { dir, pid, start } = value as Partial<Record<keyof Mark, unknown>>;
  return typeof dir === "string" && typeof pid === "number" && typeof start === "string";
}

/** Start time of every process above this one, by its id. */
function ancestors(): Map<number, string> {
  const found = new Map<number, string>();
  for (let pid = process.ppid; pid > 0 && !found.has(pid);) {
    const facts = readProcess(pid);
    if (facts === null) break;
    found.set(pid, facts.start);
    pid = facts.parent;
  }
  return found;
}

function readProcess(pid: number): ProcessFacts | null {
  if (process.platform === "linux") return readProc(pid);
  return process.platform === "win32" ? readWindows(pid) : readPs(pid);
}

/** proc(5): the name in brackets may hold anything, so fields are counted from the last bracket. */
function readProc(pid: number): ProcessFacts | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { parent: Number(fields[1]), start: fields[19] ?? "" };
  } catch {
    return null;
  }
}

function readPs(pid: number): ProcessFacts | null {
  const { stdout } = spawnSync("ps", ["-o", "ppid=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  const [, parent, start] = /^\s*(\d+)\s+(\S.*\S)\s*$/.exec(stdout ?? "") ?? [];
  return parent === undefined || start === undefined ? null : { parent: Number(parent), start };
}

function readWindows(pid: number): ProcessFacts | null {
  const query = `$p = Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}'; "$($p.ParentProcessId) $($p.CreationDate.Ticks)"`;
  const { stdout } = spawnSync("powershell", ["-NoProfile", "-NonInteractive", "-Command", query], {
    encoding: "utf8",
  });
  const [, parent, start] = /^(\d+) (\d+)/.exec(stdout ?? "") ?? [];
  return parent === undefined || start === undefined ? null : { parent: Number(parent), start };
}
