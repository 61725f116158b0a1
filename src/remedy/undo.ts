import { KnownError } from "../model/errors.ts";
import { ConflictError } from "./conflict.ts";
import { refuseInUse } from "./elsewhere.ts";
import { examine } from "./examine.ts";
import { openJournalKey } from "./journal-key.ts";
import { pathsOf, readRuns, saveRun } from "./journal.ts";
import type { Run } from "./journal.ts";
import { withLock } from "./lock.ts";
import { openEntry } from "./prepare-index.ts";
import { askStore, recoverLocked } from "./recover.ts";
import type { Recovered, StoreFor } from "./recover.ts";
import type { WorkRepository } from "./repository.ts";
import { takeBack } from "./take-back.ts";
import type { Kept } from "./take-back.ts";

/** What taking a run back means, for people. */
export interface UndoPlan {
  readonly run: Run;
  /** Files of the work tree whose values come back. */
  readonly files: readonly { readonly path: string; readonly names: readonly string[] }[];
  /** Files without values that become what they were. */
  readonly plain: readonly string[];
  /** Paths that are put into the index again. */
  readonly tracked: readonly string[];
  /** Paths whose old text, values and all, is staged again: the hook stops it. */
  readonly staged: readonly string[];
  /** Names that leave the store, as far as the run put them there. */
  readonly names: readonly string[];
}

/** What was taken back. */
interface Undone {
  readonly run: Run;
  /** Runs that were interrupted and had to be taken back before; where the run is one of these, that was it. */
  readonly recovered: readonly Recovered[];
  readonly kept: Kept;
}

const NOTHING: Kept = { names: new Map(), rules: [] };

/** Runs that are not taken back yet, the latest first. */
export function listRuns(repo: WorkRepository): readonly Run[] {
  return readRuns(repo).toReversed();
}

/**
 * The run to take back.
 *
 * @param id null for the latest
 * @throws KnownError (1) where there is none, or it was taken back already
 */
export function findRun(repo: WorkRepository, id: number | null): Run {
  const runs = listRuns(repo);
  // An interrupted run is taken back as the latest: who asks for it must not lose the one before as well.
  const isOpen = ({ state }: Run): boolean => state === "applied" || state === "prepared";
  const run = id === null ? runs.find(isOpen) : runs.find((each) => each.id === id);
  if (run === undefined)
    throw new KnownError(
      1,
      "nothing-to-undo",
      id === null ? "there is nothing to undo" : `there is no run ${id}`,
      {
        hint: "stowaway undo --list shows what there is.",
      },
    );
  if (isOpen(run)) return run;
  const done = run.state === "undone" ? "was undone already" : "was closed: things stay as they are";
  throw new KnownError(1, "nothing-to-undo", `there is nothing to undo: run ${run.id} ${done}`, {
    hint: "stowaway undo --list shows what there is.",
  });
}

/**
 * Says what `undo` would do; changes nothing.
 *
 * @throws as `undo`
 */
export async function planUndo(
  repo: WorkRepository,
  storeFor: StoreFor,
  id: number | null,
): Promise<UndoPlan> {
  const run = findRun(repo, id);
  const key = openJournalKey(repo.stateDir);
  const asked = await askStore(run, key, storeFor);
  if (asked.unavailable !== null) throw asked.unavailable;
  const found = examine(run, { repo, key, ...asked });
  if (found.conflicts.length > 0) throw withLaterRun(repo, new ConflictError(run, found.conflicts));
  if (run.state === "applied") refuseInUse(repo, key, run, found);
  const entries = run.indexes.flatMap((index) => index.entries);
  const untracked = new Set(run.untracked);
  const secret = entries.filter(
    ({ path: shown, reversal }) => reversal.kind !== "stretch" && !untracked.has(shown),
  );
  return {
    run,
    files: run.files.map(({ path: shown, reversal }) => ({
      path: shown,
      names: reversal.kind === "splices" ? namesOf(reversal.splices) : [],
    })),
    plain: run.plain.map((record) => record.path),
    tracked: run.untracked,
    staged: unique(secret.filter(({ before }) => openEntry(key, before) !== null).map((entry) => entry.path)),
    names: run.secrets.map(({ name }) => name),
  };
}

/**
 * Takes a run back, byte for byte: the index, the files, the store, then what kept the store's file out of git.
 *
 * @param id null for the latest
 * @throws ConflictError where something was changed since: nothing is then; KnownError (1) where there is nothing to undo,
 *   others need its values, a file cannot be written or another stowaway is at work, (3) where the store cannot be asked
 */
export async function undo(
  repo: WorkRepository,
  storeFor: StoreFor,
  id: number | null = null,
): Promise<Undone> {
  const meant = findRun(repo, id);
  return await withLock(repo.stateDir, async () => {
    const recovered = await recoverLocked(repo, storeFor);
    if (meant.state === "prepared")
      return { run: meant, recovered, kept: recovered.find((each) => each.id === meant.id)?.kept ?? NOTHING };
    const run = findRun(repo, meant.id);
    const key = openJournalKey(repo.stateDir);
    const asked = await askStore(run, key, storeFor);
    if (asked.unavailable !== null) throw asked.unavailable;
    const found = examine(run, { repo, key, ...asked });
    if (found.conflicts.length === 0) refuseInUse(repo, key, run, found);
    try {
      return { run, recovered, kept: await takeBack(run, { repo, key, ...asked }) };
    } catch (error) {
      throw error instanceof ConflictError ? withLaterRun(repo, error) : error;
    }
  });
}

/** Leaves everything as it is: the run cannot be undone any more, and is in nobody's way. Values stay where they are. */
export async function forgetRun(repo: WorkRepository, id: number): Promise<Run> {
  const run = findRun(repo, id);
  await withLock(repo.stateDir, async () => saveRun(repo, { ...run, state: "closed" }));
  return run;
}

/** What looks like an edit may be a later run of ours. */
function withLaterRun(repo: WorkRepository, error: ConflictError): Error {
  const paths = new Set(error.conflicts.map((conflict) => conflict.path));
  const later = listRuns(repo).find(
    (run) =>
      run.id > error.run.id && run.state === "applied" && pathsOf(run).some((shown) => paths.has(shown)),
  );
  if (later === undefined) return error;
  return new KnownError(
    1,
    "later-run",
    `run ${later.id} has changed the same files since; nothing was changed`,
    {
      hint: `Undo that first: stowaway undo ${later.id}`,
    },
  );
}

function namesOf(
  splices: readonly { readonly before: readonly (string | { readonly name: string })[] }[],
): string[] {
  const pieces = splices.flatMap(({ before }) => before);
  return unique(pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.name])));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
