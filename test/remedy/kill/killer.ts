import childProcess from "node:child_process";
import fs from "node:fs";
import type { FileHandle } from "node:fs/promises";

/**
 * Environment of the preload: it counts every call that changes something on the disk, and kills the process before the
 * n-th, or in the middle of it. The next call's "before" is this one's "after".
 */
export interface KillSettings {
  /** Number of the call, from 1. */
  readonly KILL_AT?: string;
  /** `1`: half of what the call would write is written first. */
  readonly KILL_TORN?: string;
  /** File that gets one line a call instead, when the process ends. */
  readonly KILL_LOG?: string;
}

const AT = Number(process.env["KILL_AT"] ?? 0);
const TORN = process.env["KILL_TORN"] === "1";
const LOG = process.env["KILL_LOG"];
let count = 0;
const lines: string[] = [];
const real = { writeSync: fs.writeSync, writeFileSync: fs.writeFileSync };

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

function step(what: string, half?: () => void): void {
  count += 1;
  if (LOG !== undefined) lines.push(what);
  if (count !== AT) return;
  if (TORN && half !== undefined) half();
  die();
}

// A kill loses nothing that was written, unlike a power failure: no need to wait for the disk.
fs.fsyncSync = () => undefined;

if (LOG !== undefined) process.on("exit", () => real.writeFileSync(LOG, `${lines.join("\n")}\n`));

type Call = (...args: never[]) => unknown;

/** @param counts whether this very call changes something */
function wrap(holder: object, name: string, counts: (args: unknown[]) => boolean = () => true): void {
  const table = holder as Record<string, Call>;
  const call = table[name];
  if (call === undefined) throw new Error(`there is no ${name}`);
  table[name] = function wrapped(this: unknown, ...args: unknown[]) {
    if (counts(args)) step(`${name} ${describe(args)}`, halfOf(name, args));
    return Reflect.apply(call, this, args);
  };
}

/** The paths among them; what is written may be a secret. */
function describe(args: readonly unknown[]): string {
  return args
    .slice(0, 2)
    .map((each) => (typeof each === "string" || Buffer.isBuffer(each) ? String(each) : ""))
    .filter((text) => /^\/[^\n]*$/.test(text))
    .join(" ");
}

/** Half of what would be written. */
function halfOf(name: string, args: readonly unknown[]): (() => void) | undefined {
  const [descriptor, bytes, , length, position] = args;
  if (name !== "writeSync" || typeof descriptor !== "number" || !Buffer.isBuffer(bytes)) return undefined;
  return () =>
    void real.writeSync(
      descriptor,
      bytes,
      0,
      Math.ceil(Number(length ?? bytes.length) / 2),
      (position as number) ?? null,
    );
}

const makes = ([, flags]: unknown[]): boolean =>
  typeof flags === "string"
    ? /[wax]/.test(flags)
    : typeof flags === "number" && (flags & fs.constants.O_CREAT) !== 0;

for (const name of [
  "writeSync",
  "writeFileSync",
  "renameSync",
  "unlinkSync",
  "rmSync",
  "mkdirSync",
  "rmdirSync",
  "linkSync",
  "chmodSync",
  "fchmodSync",
  "fchownSync",
  "ftruncateSync",
  "copyFileSync",
])
  wrap(fs, name);
wrap(fs, "openSync", makes);
for (const name of ["writeFile", "rename", "unlink", "rm", "mkdir", "rmdir", "link", "chmod", "copyFile"])
  wrap(fs.promises, name);

const open = fs.promises.open;
const table = fs.promises as { open: typeof open };
table.open = async (...args) => {
  if (makes(args)) step(`open ${describe(args)}`);
  const handle: FileHandle = await open(...args);
  for (const name of ["write", "writeFile", "appendFile", "chmod", "chown", "truncate"]) wrap(handle, name);
  return handle;
};

const WRITES = /^(?:hash-object|update-index|add)$/;
wrap(childProcess, "spawnSync", ([program, args]) => {
  const words = program === "git" && Array.isArray(args) ? (args as string[]) : [];
  const writes =
    words.some((word) => WRITES.test(word)) && (words.includes("-w") || !words.includes("hash-object"));
  if (writes) lines.push(`  (git ${words.filter((word) => !word.includes("=") && word !== "-c").join(" ")})`);
  return writes;
});
