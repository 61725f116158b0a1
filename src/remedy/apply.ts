import { KnownError } from "../model/errors.ts";
import type { StoredSecret, Transaction } from "../model/transaction.ts";
import type { SecretStore } from "../vault/store.ts";
import { readEntries, sameEntry } from "./index-reader.ts";
import { writeEntries } from "./index-writer.ts";
import { openJournalKey } from "./journal-key.ts";
import type { JournalKey } from "./journal-key.ts";
import { saveRun } from "./journal.ts";
import { withLock } from "./lock.ts";
import { namesMade } from "./others.ts";
import { changedMeanwhile, prepare } from "./prepare.ts";
import type { Remaining } from "./prepare-index.ts";
import type { FileToWrite, Prepared } from "./prepare.ts";
import type { WorkRepository } from "./repository.ts";
import { removeCopies, takeBack } from "./take-back.ts";
import { hasUnfinished, runIds } from "./unfinished.ts";
import { makeFolders, writeFiles } from "./write-files.ts";

export interface ApplyContext {
  readonly repo: WorkRepository;
  readonly store: SecretStore;
  /** Looks at the result, a scan say; what it throws takes everything back. */
  verify(): Promise<void>;
}

/** What a run has done. */
export interface AppliedRun {
  /** What `undo` is given. */
  readonly id: number;
  readonly names: readonly string[];
  /** Files of the work tree that were written. */
  readonly files: readonly string[];
  /** Paths whose index entry was changed. */
  readonly staged: readonly string[];
  readonly untracked: readonly string[];
  /** Versions in another index than that of this commit, which still hold a value. */
  readonly remaining: readonly Remaining[];
}

interface Work extends ApplyContext {
  /** Whether the store may hold anything of the run: one that cannot be written to cannot take back either. */
  reached: boolean;
  readonly key: JournalKey;
  readonly secrets: readonly StoredSecret[];
  readonly prepared: Prepared;
}

/**
 * Each step is on the disk before the next begins. A value leaves its place only when the store has been seen to hold it,
 * and the store is used only once what keeps its file out of git is in place.
 */
const STEPS: readonly ((work: Work) => void | Promise<void>)[] = [
  writePlain,
  keepValues,
  writeSources,
  writeIndexes,
  async (work) => await work.verify(),
];

/**
 * Carries out a transaction as a whole or not at all, and notes what takes it back.
 *
 * @throws KnownError where something is in the way: (1) a file, git or another stowaway, (3) the store. All is as before
 *   then, unless the error says otherwise
 */
export async function applyTransaction(tx: Transaction, context: ApplyContext): Promise<AppliedRun> {
  const { repo, store } = context;
  return await withLock(repo.stateDir, async () => {
    const { stateDir } = repo;
    if (hasUnfinished(stateDir))
      throw new KnownError(1, "unfinished", "an interrupted run has to be taken back first", {
        hint: "Run stowaway undo.",
      });
    const receipt = tx.secrets.length === 0 ? null : await store.prepare(tx.secrets);
    const key = openJournalKey(stateDir);
    const id = (runIds(stateDir).at(-1) ?? 0) + 1;
    const prepared = prepare(tx, { repo, key, store, receipt, id });
    const work: Work = { ...context, reached: false, key, secrets: tx.secrets, prepared };
    saveRun(repo, prepared.run);
    try {
      for (const step of STEPS) await step(work);
      saveRun(repo, { ...prepared.run, state: "applied" });
    } catch (error) {
      await giveUp(work, error);
    }
    removeCopies(repo, prepared.run);
    return summary(tx, prepared);
  });
}

function writePlain({ repo, prepared: { run, plain } }: Work): void {
  makeFolders(repo, run.folders);
  writeFiles(repo, run, plain.map(fileWrite));
}

function fileWrite({ record, before, after }: FileToWrite) {
  return { record, from: before, to: after, after };
}

async function keepValues(work: Work): Promise<void> {
  const { store, secrets } = work;
  const { run } = work.prepared;
  if (run.receipt === null) return;
  work.reached = true;
  try {
    await store.put(secrets, run.receipt);
  } catch (error) {
    work.reached = await holdsAny(store, namesMade(run));
    throw error;
  }
  const kept = await store.get(secrets.map(({ name }) => name));
  const lost = secrets.find(({ name, value }) => kept.get(name)?.equals(value) !== true);
  if (lost !== undefined)
    throw new KnownError(
      3,
      "store-differs",
      `${store.label} does not give ${lost.name} back as it was given`,
      {
        hint: "Use another store: --to keychain, or --to dotenv.",
      },
    );
}

/** Whether a `put` that failed has left anything; a store that does not say so may have. */
async function holdsAny(store: SecretStore, names: readonly string[]): Promise<boolean> {
  try {
    return (await store.get(names)).size > 0;
  } catch (error) {
    if (error instanceof KnownError) return true;
    throw error;
  }
}

function writeSources({ repo, prepared: { run, files } }: Work): void {
  writeFiles(repo, run, files.map(fileWrite));
}

function writeIndexes({ repo, prepared: { indexes } }: Work): void {
  for (const { index, rows, before } of indexes) {
    const now = readEntries(
      repo,
      index,
      rows.map((row) => row.path),
    );
    const other = before.find((row) => !sameEntry(now.get(row.path) ?? null, row.entry));
    if (other !== undefined) throw changedMeanwhile(other.path);
    writeEntries(repo, index, rows);
  }
}

/** Takes back what was done so far, and throws what stopped it. */
async function giveUp(
  { repo, store, reached, key, secrets, prepared: { run } }: Work,
  error: unknown,
): Promise<never> {
  try {
    const values = new Map(secrets.map(({ name, value }) => [name, value]));
    await takeBack(run, { repo, key, store: reached ? store : null, values, lost: new Map() });
  } catch (cause) {
    throw new KnownError(
      1,
      "half-done",
      `${messageOf(error)}; and taking it back failed: ${messageOf(cause)}`,
      {
        hint: `No value is lost: each is where it was, or in ${store.label}. Put that right, then run stowaway undo.`,
        cause,
      },
    );
  }
  if (!(error instanceof KnownError)) throw error;
  const { exitCode, code, path, hint, cause } = error;
  throw new KnownError(exitCode, code, `${error.message}, so nothing was changed`, {
    ...(path !== undefined && { path }),
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  });
}

/** The message of an error we did not foresee may quote what it was given. */
function messageOf(error: unknown): string {
  if (!(error instanceof KnownError)) return "something unexpected happened";
  return error.path === undefined ? error.message : `${error.path}: ${error.message}`;
}

function summary(tx: Transaction, { run, plain, files, indexes, remaining }: Prepared): AppliedRun {
  const rows = indexes.flatMap((index) => index.rows);
  return {
    id: run.id,
    names: tx.secrets.map(({ name }) => name),
    files: [...plain, ...files].map(({ record }) => record.path),
    staged: [...new Set(rows.filter(({ entry }) => entry !== null).map((row) => row.path))],
    untracked: tx.untrack,
    remaining,
  };
}
