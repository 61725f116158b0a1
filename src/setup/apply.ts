import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";
import type { FileChange } from "./plan.ts";

/**
 * Writes a plan: every change or none.
 *
 * @throws KnownError (1) where a file is no longer what the plan saw, or cannot be written; all is as before then
 */
export function applyChanges(changes: readonly FileChange[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const change of changes) applyChange(change, undo);
  } catch (cause) {
    for (const step of undo.toReversed()) step();
    if (cause instanceof KnownError) throw cause;
    throw new KnownError(1, "not-writable", "something could not be written, so nothing was changed", {
      hint: "Run again with --verbose to see what the system says.",
      cause,
    });
  }
}

function applyChange(change: FileChange, undo: (() => void)[]): void {
  const { file, before, moveTo } = change;
  if (readText(file) !== before) {
    throw new KnownError(1, "changed-meanwhile", "was changed while init waited, so nothing was done", {
      path: change.name,
      hint: "Run init again.",
    });
  }
  makeFolder(path.dirname(file), undo);
  if (moveTo !== null) {
    makeFolder(path.dirname(moveTo), undo);
    move(file, moveTo);
    undo.push(() => move(moveTo, file));
    undo.push(() => rmSync(file, { force: true }));
  } else if (before === null) undo.push(() => rmSync(file, { force: true }));
  else {
    const mode = statSync(file).mode & 0o777;
    undo.push(() => replace(file, before, mode));
  }
  replace(file, change.after, change.mode);
}

/** Every folder that it makes is taken back by `undo`. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder), undo);
  mkdirSync(folder);
  undo.push(() => rmdirSync(folder));
}

/** A relative link is made anew, to lead where it led. */
function move(from: string, to: string): void {
  const target = lstatSync(from).isSymbolicLink() ? readlinkSync(from) : null;
  if (target === null || path.isAbsolute(target)) {
    renameSync(from, to);
    return;
  }
  const back = path.relative(path.dirname(to), path.dirname(from));
  // Not normalised: `..` after the name of a linked folder leads elsewhere than its text says.
  symlinkSync(`${back}/${target}`, to);
  rmSync(from);
}

/** Through a file beside it, so that no reader ever meets half a hook. */
function replace(file: string, text: string, mode: number): void {
  const beside = `${file}.stowaway-${process.pid}`;
  try {
    writeFileSync(beside, text, { mode, flag: "wx" });
    if (existsSync(file)) chmodSync(beside, mode); // a new file's mode is the umask's to narrow, an old one's is kept
    renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
