import { existsSync } from "node:fs";
import path from "node:path";
import { git } from "../host/plumbing.ts";
import { KnownError } from "../model/errors.ts";
import { missingObjects } from "./index-reader.ts";
import { refuseLocked } from "./index-writer.ts";
import { openJournalKey } from "./journal-key.ts";
import { readRuns } from "./journal.ts";
import { withLock } from "./lock.ts";
import { isPacked } from "./pack-index.ts";
import { openEntry } from "./prepare-index.ts";
import { reachable } from "./reach.ts";
import type { WorkRepository } from "./repository.ts";
import { hasUnfinished } from "./unfinished.ts";
import { notWritten, removeFile, syncFolder } from "./worktree-writer.ts";

/**
 * What is with an object that held a value when it was staged. `loose`: it can be deleted; `reachable`: a commit, stash,
 * reflog or index still has it; `packed`: it stands in a pack, which only `git gc` writes anew; `gone`: it is not there.
 */
export type ObjectState = "loose" | "reachable" | "packed" | "gone";

export interface HeldObject {
  readonly oid: string;
  /** Where it was staged. */
  readonly paths: readonly string[];
  readonly state: ObjectState;
}

/**
 * Looks for git's objects that still hold what was stowed; changes nothing.
 *
 * @throws KnownError (1) where a run is unfinished; IncompleteError where git cannot walk all of its history
 */
export async function findHeld(repo: WorkRepository): Promise<HeldObject[]> {
  if (hasUnfinished(repo.stateDir))
    throw new KnownError(1, "unfinished", "an interrupted run has to be taken back first", {
      hint: "Run stowaway undo.",
    });
  const held = stagedBefore(repo);
  const oids = [...held.keys()];
  if (oids.length === 0) return [];
  const missing = missingObjects(repo, oids);
  const reached = await reachable(repo, new Set(oids));
  const objects = objectFolder(repo);
  return oids.map((oid) => {
    const paths = [...(held.get(oid) ?? [])];
    if (missing.has(oid)) return { oid, paths, state: "gone" };
    if (reached.has(oid)) return { oid, paths, state: "reachable" };
    const loose = existsSync(looseFile(objects, oid)) && !isPacked(objects, oid);
    return { oid, paths, state: loose ? "loose" : "packed" };
  });
}

/**
 * Deletes the loose objects among those that hold what was stowed, after another look that nothing refers to them.
 *
 * @returns what was deleted
 * @throws KnownError (1) where git is at work or an object cannot be deleted
 */
export async function scrub(repo: WorkRepository): Promise<readonly HeldObject[]> {
  return await withLock(repo.stateDir, async () => {
    refuseLocked(repo.indexFiles);
    const objects = objectFolder(repo);
    const loose = (await findHeld(repo)).filter(({ state }) => state === "loose");
    for (const { oid } of loose) {
      const file = looseFile(objects, oid);
      try {
        removeFile(file);
        syncFolder(path.dirname(file));
      } catch (cause) {
        throw notWritten(file, "cannot be deleted", cause);
      }
    }
    return loose;
  });
}

/** Objects that were staged before a run took the values out, with their paths. */
function stagedBefore(repo: WorkRepository): Map<string, Set<string>> {
  const runs = readRuns(repo).filter(({ state }) => state === "applied" || state === "closed");
  const held = new Map<string, Set<string>>();
  if (runs.length === 0) return held;
  const key = openJournalKey(repo.stateDir);
  for (const run of runs) {
    for (const { path: shown, before, after, reversal } of run.indexes.flatMap((index) => index.entries)) {
      // What left the index as a whole is on the disk still: nothing of it was moved.
      if (reversal.kind !== "splices" && reversal.kind !== "clean") continue;
      const [old, now] = [openEntry(key, before), openEntry(key, after)];
      if (old === null || old.oid === now?.oid) continue;
      held.set(old.oid, new Set([...(held.get(old.oid) ?? []), shown]));
    }
  }
  return held;
}

function objectFolder({ place, top }: WorkRepository): string {
  const answer = git(place, ["rev-parse", "--git-path", "objects"])
    .toString()
    .replace(/\r?\n$/, "");
  return path.resolve(top, answer);
}

function looseFile(objects: string, oid: string): string {
  return path.join(objects, oid.slice(0, 2), oid.slice(2));
}
