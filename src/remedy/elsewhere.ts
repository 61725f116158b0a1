import { git, gitCall } from "../host/plumbing.ts";
import { KnownError } from "../model/errors.ts";
import type { Examined } from "./examine.ts";
import type { JournalKey } from "./journal-key.ts";
import { pathsOf } from "./journal.ts";
import type { Run } from "./journal.ts";
import { blobsAt, laterUsers, manifestsOf, namesMade } from "./others.ts";
import { openEntry } from "./prepare-index.ts";
import type { WorkRepository } from "./repository.ts";

/** Branches that are named at most. */
const SHOWN = 3;

/**
 * Refuses to take a run back while others need the values that it has put into the store: a later run, or the commit of
 * another branch, where this one has the files as they were before.
 *
 * @throws KnownError (1)
 */
export function refuseInUse(repo: WorkRepository, key: JournalKey, run: Run, found: Examined): void {
  const later = laterUsers(repo, run).find((other) => other.run.state === "applied");
  if (later !== undefined) {
    const where = later.top === null ? "" : ` of ${later.top}`;
    throw new KnownError(
      1,
      "later-run",
      `run ${later.run.id}${where} uses the same value since; nothing was changed`,
      {
        hint: `Undo that first: stowaway undo ${later.run.id}${later.top === null ? "" : " (in that folder)"}`,
      },
    );
  }
  if (found.files.length + found.indexes.length > 0 || pathsOf(run).length === 0) return;
  const holders = holdersOf(repo, key, run);
  if (holders.length === 0) return;
  const more = holders.length > SHOWN ? ` and ${holders.length - SHOWN} more` : "";
  throw new KnownError(
    1,
    "other-branch",
    `here all is as before run ${run.id} already, but ${holders.slice(0, SHOWN).join(", ")}${more} needs what it has put into the store; nothing was changed`,
    {
      hint: `Check out ${holders[0] ?? ""}, and repeat this; or, to keep things as they are, run stowaway undo ${run.id} --forget.`,
    },
  );
}

/** Branches, tags and stashes, other than what is checked out, that have a file as the run left it, or list its names. */
function holdersOf(repo: WorkRepository, key: JournalKey, run: Run): string[] {
  // 1: there is no commit yet.
  const asked = gitCall(repo.place, ["rev-parse", "--quiet", "--verify", "HEAD"], { answers: [0, 1] });
  const head = asked.stdout.toString().trim();
  const refs = git(repo.place, ["for-each-ref", "--format=%(objectname) %(*objectname) %(refname)"])
    .toString()
    .split("\n")
    .flatMap((line) => {
      const [, id = "", tagged = "", name = ""] = /^(\S+) (\S*) (.+)$/.exec(line) ?? [];
      return name === "" || id === head || tagged === head ? [] : [name];
    });
  const lists = manifestsOf(repo, refs);
  const made = namesMade(run);
  const afters = run.indexes
    .flatMap((index) => index.entries)
    .flatMap(({ path: shown, after }) => {
      const entry = openEntry(key, after);
      return entry === null ? [] : [{ shown, oid: entry.oid }];
    });
  const blobs = blobsAt(
    repo,
    refs.flatMap((ref) => afters.map(({ shown }) => `${ref}:${shown}`)),
  );
  return refs
    .filter((ref) => {
      const list = lists.get(ref) ?? "";
      const listed = list.includes(run.projectId) && made.some((name) => list.includes(JSON.stringify(name)));
      return listed || afters.some(({ shown, oid }) => blobs.get(`${ref}:${shown}`) === oid);
    })
    .map((ref) => ref.replace(/^refs\/(?:heads|remotes|tags)\//, "").replace(/^refs\/stash$/, "the stash"));
}
