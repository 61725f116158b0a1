import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { gitServer } from "../host/plumbing.ts";
import { IncompleteError } from "../model/errors.ts";
import { missingObjects, withIndex } from "./index-reader.ts";
import { gitCall } from "../host/plumbing.ts";
import type { WorkRepository } from "./repository.ts";

const OID = /\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g;
/** Folders in which git notes what a rebase, a cherry-pick or a bisection is about, and the notes themselves are small. */
const UNDER_WAY = ["", "rebase-merge", "rebase-apply", "sequencer"];
const NOTE_BYTES = 2 ** 20;

/**
 * Those objects that something in the repository refers to: a branch, tag, stash, reflog, an index of any worktree, or a
 * merge or rebase that is under way.
 *
 * @param oids hexadecimal
 * @throws IncompleteError where git cannot walk all of its history
 */
export async function reachable(repo: WorkRepository, oids: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  const { GIT_INDEX_FILE: other, ...env } = repo.place.env;
  // The walk takes the real index; the one that is in use now comes on top.
  if (other !== undefined)
    note(gitCall(withIndex(repo, other), ["ls-files", "-s", "-z"]).stdout.toString("latin1"));
  function note(text: string): void {
    for (const [oid] of text.matchAll(OID)) if (oids.has(oid)) found.add(oid);
  }
  const args = ["rev-list", "--objects", "--all", "--reflog", "--indexed-objects", "--stdin"];
  const server = gitServer({ ...repo.place, env }, args);
  const ended = new Promise<number | null>((resolve, reject) => {
    server.on("error", reject);
    server.on("close", resolve);
  });
  server.stdin.on("error", () => undefined);
  server.stderr.resume();
  server.stdin.end(
    notedOids(repo)
      .map((oid) => `${oid}\n`)
      .join(""),
  );
  for await (const line of createInterface({ input: server.stdout })) {
    const oid = line.split(" ", 1)[0] ?? "";
    if (oids.has(oid)) found.add(oid);
  }
  if ((await ended) !== 0)
    throw new IncompleteError("git-failed", "git cannot walk the whole history, so nothing is deleted", {
      hint: "See what git fsck says.",
    });
  return found;
}

/** Objects named in ORIG_HEAD, MERGE_HEAD and the like, of every worktree. */
function notedOids(repo: WorkRepository): string[] {
  const worktrees = path.join(repo.commonDir, "worktrees");
  const folders = [
    repo.gitDir,
    repo.commonDir,
    ...entries(worktrees).map((name) => path.join(worktrees, name)),
  ];
  const oids = new Set<string>();
  for (const folder of new Set(folders)) {
    for (const part of UNDER_WAY) {
      for (const name of entries(path.join(folder, part))) {
        const file = path.join(folder, part, name);
        if (part === "" && !/^[A-Z][A-Z_]+$/.test(name)) continue;
        const entry = statSync(file, { throwIfNoEntry: false });
        if (entry?.isFile() !== true || entry.size > NOTE_BYTES) continue;
        for (const [oid] of readFileSync(file, "latin1").matchAll(OID)) oids.add(oid);
      }
    }
  }
  const missing = missingObjects(repo, [...oids]);
  return [...oids].filter((oid) => !missing.has(oid));
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
