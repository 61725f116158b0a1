import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Repository } from "../host/git.ts";
import { KnownError } from "../model/errors.ts";
import { quote } from "./hook-text.ts";

/** The file that git, or the hook manager of this repository, runs before a commit. */
export interface HookPlace {
  readonly manager: "husky" | "hooksPath" | "git";
  /** Absolute; need not exist. */
  readonly file: string;
  /** Whether git starts this very file, which then must be executable. */
  readonly startedByGit: boolean;
  /** Whether the folder is part of the work tree, so that the file is committed and shared. */
  readonly shared: boolean;
  /** Whether the hook manager is not set up in this clone yet, so that git starts no hook so far. */
  readonly waiting: boolean;
  /** What the user has to know about this place, one sentence each. */
  readonly notes: readonly string[];
}

const HOOK = "pre-commit";

/**
 * Finds where the pre-commit hook of this repository belongs.
 *
 * @param shim path the hook would call, for the advice where the place is not ours to write to
 * @throws KnownError (1) where `core.hooksPath` leads out of the repository
 */
export function findHook(repository: Repository, shim: string): HookPlace {
  const { top, hooks, commonDir } = repository;
  if (!repository.hooksPath) {
    const waiting = waitingHusky(top);
    if (waiting !== null) return waiting;
    return place("git", hooks, { startedByGit: true, shared: false, notes: lefthookNotes(top, shim) });
  }
  const parent = path.dirname(hooks);
  // husky 9 starts wrappers in `_`, each of which runs the file of its name one folder up.
  if (path.basename(hooks) === "_" && within(top, parent)) {
    if (existsSync(path.join(hooks, "h")))
      return place("husky", parent, { startedByGit: false, shared: true });
    const waiting = waitingHusky(top);
    if (waiting !== null && path.dirname(waiting.file) === parent) return waiting;
  }
  if (!within(top, hooks) && !within(commonDir, hooks)) {
    throw new KnownError(
      1,
      "shared-hooks",
      "core.hooksPath leads out of this repository, to hooks that others share",
      {
        path: hooks,
        hint: `Add this line to its ${HOOK} by hand: [ ! -f ${quote(shim)} ] || sh ${quote(shim)} || exit $?`,
      },
    );
  }
  const shared = within(top, hooks) && !within(commonDir, hooks);
  const husky = existsSync(path.join(hooks, "_", "husky.sh"));
  return place(husky ? "husky" : "hooksPath", hooks, { startedByGit: true, shared });
}

function place(
  manager: HookPlace["manager"],
  folder: string,
  rest: Pick<HookPlace, "startedByGit" | "shared"> & Partial<Pick<HookPlace, "waiting" | "notes">>,
): HookPlace {
  return { manager, file: path.join(folder, HOOK), waiting: false, notes: [], ...rest };
}

/** lefthook writes git's hooks anew at any time, and what stood in them is gone then. */
function lefthookNotes(top: string, shim: string): string[] {
  const config = [
    "lefthook.yml",
    "lefthook.yaml",
    ".lefthook.yml",
    ".lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
  ];
  const found = config.find((name) => existsSync(path.join(top, name)));
  if (found === undefined) return [];
  return [
    `lefthook replaces git's hooks when it is installed: add a pre-commit command to ${found} that runs: sh ${quote(shim)}`,
  ];
}

/** husky of a fresh clone, whose `prepare` has not run yet: package.json names its folder. */
function waitingHusky(top: string): HookPlace | null {
  const manifest = path.join(top, "package.json");
  if (!existsSync(manifest)) return null;
  // Read as text: a broken package.json is reported where it is changed, and the folder's name needs no parser.
  const script =
    /"(?:prepare|postinstall)"\s*:\s*"(?:[^"\\]*[\s;&|])?husky(?:\s+install)?(?:\s+([\w./-]+))?/.exec(
      readFileSync(manifest, "utf8"),
    );
  if (script === null) return null;
  const folder = path.resolve(top, script[1] ?? ".husky");
  if (!within(top, folder)) return null;
  const notes = [
    "husky is not active in this clone yet: run npm install (its prepare script), or git starts no hook.",
  ];
  return place("husky", folder, { startedByGit: false, shared: true, waiting: true, notes });
}

function within(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative === "" ||
    (!relative.startsWith(`..${path.sep}`) && relative !== ".." && !path.isAbsolute(relative))
  );
}
