import { isUtf8 } from "node:buffer";
import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import type { Repository } from "../host/git.ts";
import { KnownError } from "../model/errors.ts";
import { findHook } from "./find-hook.ts";
import type { HookPlace } from "./find-hook.ts";
import { findShim } from "./find-shim.ts";
import type { Shim } from "./find-shim.ts";
import { ASIDE, BEGIN, END, chainHook } from "./hook-text.ts";
import { addScripts } from "./package-scripts.ts";

/** One line of a shown change; no sign for what stays. */
export interface DiffLine {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** One file that is written. */
export interface FileChange {
  /** Absolute. */
  readonly file: string;
  /** Path for people: relative to the top of the work tree where it lies below it. */
  readonly name: string;
  /** Text as it was read; null where there is no file. */
  readonly before: string | null;
  readonly after: string;
  /** Permission bits of the new file. */
  readonly mode: number;
  /** Absolute path to which the existing file is renamed first; null where it is replaced. */
  readonly moveTo: string | null;
  readonly shown: readonly DiffLine[];
}

/** Everything that setting up would write, as a value. */
export interface SetupPlan {
  readonly changes: readonly FileChange[];
  readonly hook: HookPlace;
  readonly hookName: string;
  /** Whether a package.json calls the check when npm publishes, once the plan is written. */
  readonly publishing: boolean;
  readonly notes: readonly string[];
}

/**
 * Plans the hook and the publishing scripts of a repository; writes nothing.
 *
 * @param cwd absolute folder the user works in
 * @param own absolute folder of the running program's package
 * @throws KnownError where something is in the way, with the next step
 */
export function planSetup(cwd: string, repository: Repository, own: string): SetupPlan {
  const shim = findShim(cwd, repository.top, own);
  const hook = findHook(repository, shim.call);
  const scripts = planScripts(cwd, repository.top, shim);
  const change = planHook(hook, repository.top, shim);
  const notes = [...hook.notes, ...scripts.notes];
  if (shim.project === null && hook.shared) {
    notes.push(
      "The hook calls stowaway by a path of this machine: install it in the project, so that others have it too.",
    );
  }
  const changes = [change, scripts.change].filter((each) => each !== null);
  return {
    changes,
    hook,
    hookName: nameOf(hook.file, repository.top),
    publishing: scripts.publishing,
    notes,
  };
}

function planHook(hook: HookPlace, top: string, shim: Shim): FileChange | null {
  const name = nameOf(hook.file, top);
  const existing = readHook(hook, name);
  const before = existing?.bytes.toString("utf8") ?? null;
  const beside = path.join(path.dirname(hook.file), ASIDE, path.basename(hook.file));
  const chained = lstatSync(beside, { throwIfNoEntry: false }) !== undefined;
  const { text, moveAside } = chainHook(before, shim.call, {
    install: shim.project === null ? "npm install --global stowaway" : "npm install",
    opaque: existing !== null && (existing.linked || !isUtf8(existing.bytes)),
    sourced: !hook.startedByGit,
    chained,
  });
  if (text === before) return null;
  if (moveAside && chained) {
    throw new KnownError(1, "hook-in-the-way", "is in the way of the existing hook, which would move there", {
      path: nameOf(beside, top),
      hint: "Move it away, then run init again.",
    });
  }
  const moveTo = moveAside ? beside : null;
  const mode = existing === null || moveAside ? 0o755 : existing.mode;
  return { file: hook.file, name, before, after: text, mode, moveTo, shown: hookDiff(before, text, moveTo) };
}

interface Existing {
  readonly bytes: Buffer;
  readonly linked: boolean;
  readonly mode: number;
}

function readHook(hook: HookPlace, name: string): Existing | null {
  const found = lstatSync(hook.file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const target = statSync(hook.file, { throwIfNoEntry: false });
  if (target?.isFile() !== true) {
    throw new KnownError(
      1,
      "hook-in-the-way",
      found.isSymbolicLink() ? "is a link to no file" : "is no file",
      {
        path: name,
        hint: "Move it away, then run init again.",
      },
    );
  }
  if (hook.startedByGit && process.platform !== "win32" && (target.mode & 0o111) === 0) {
    throw new KnownError(1, "hook-inactive", "is there, but git ignores it, since it is not executable", {
      path: name,
      hint: "Make it executable or move it away, then run init again.",
    });
  }
  return { bytes: readFileSync(hook.file), linked: found.isSymbolicLink(), mode: target.mode & 0o777 };
}

/** Added lines only: an existing hook is the user's, may hold a token, and stays as it is. */
function hookDiff(before: string | null, after: string, moveTo: string | null): DiffLine[] {
  const shown: DiffLine[] = [];
  const allNew = before === null || moveTo !== null;
  if (moveTo !== null)
    shown.push({
      sign: " ",
      text: `(the existing hook moves to ${path.basename(path.dirname(moveTo))}/${path.basename(moveTo)})`,
    });
  let [ours, stay] = [false, 0];
  const flush = (): void => {
    if (stay > 0) shown.push({ sign: " ", text: stay === 1 ? "(1 line stays)" : `(${stay} lines stay)` });
    stay = 0;
  };
  for (const line of after.split("\n").slice(0, -1)) {
    if (line.startsWith(BEGIN)) ours = true;
    if (ours || allNew) {
      flush();
      shown.push({ sign: "+", text: line });
    } else stay += 1;
    if (line === END) ours = false;
  }
  flush();
  return shown;
}

interface ScriptsPlan {
  readonly change: FileChange | null;
  readonly publishing: boolean;
  readonly notes: readonly string[];
}

function planScripts(cwd: string, top: string, shim: Shim): ScriptsPlan {
  const file = nearestManifest(cwd, top);
  if (file === null) return { change: null, publishing: false, notes: [] };
  const before = readFileSync(file, "utf8");
  const { text, shown, publishing, notes } = addScripts(before, process.platform);
  if (text === before) return { change: null, publishing, notes };
  const name = nameOf(file, top);
  if (shim.project === null) {
    const note = `${name} stays as it is: for a check before publishing, run npm install --save-dev stowaway and init again.`;
    return { change: null, publishing: false, notes: [...notes, note] };
  }
  const real = realpathSync(file);
  const mode = statSync(real).mode & 0o777;
  return { change: { file: real, name, before, after: text, mode, moveTo: null, shown }, publishing, notes };
}

function nearestManifest(cwd: string, top: string): string | null {
  const [from, to] = [realpathSync(cwd), realpathSync(top)];
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return file;
    if (folder === to || folder === path.dirname(folder)) return null;
  }
}

function nameOf(file: string, top: string): string {
  const relative = path.relative(realpathSync(top), file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative.split(path.sep).join("/");
}
