import { KnownError } from "../model/errors.ts";
import type { Secret } from "../model/secret.ts";
import type { StoreKind } from "../model/transaction.ts";
import type { SecretStore } from "../vault/store.ts";
import { ConflictError } from "./conflict.ts";
import { openJournalKey } from "./journal-key.ts";
import type { JournalKey } from "./journal-key.ts";
import { pathsOf, readRuns } from "./journal.ts";
import type { Run } from "./journal.ts";
import { withLock } from "./lock.ts";
import { folderOf, inTree, pathProblem } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { isLittered, sweep } from "./state-folder.ts";
import { removeCopies, takeBack } from "./take-back.ts";
import type { Kept } from "./take-back.ts";
import { hasUnfinished } from "./unfinished.ts";

/**
 * Opens the store that a run used; null where it is ruled out.
 *
 * @param projectId names the project in the store
 * @param origin of the store, as it was then
 */
export type StoreFor = (kind: StoreKind, projectId: string, origin: string) => Promise<SecretStore | null>;

/** A run that was interrupted and is taken back now. */
export interface Recovered {
  readonly id: number;
  /** Names whose values may still be in the store, as that could not be asked. */
  readonly leftover: readonly string[];
  /** Where they may be. */
  readonly label: string;
  readonly kept: Kept;
}

/**
 * Takes back what was interrupted, the latest first; the first act of every command that changes something.
 *
 * @throws ConflictError where something was changed since, and so nothing is now; KnownError (1) where another stowaway
 *   is at work, (3) where the store cannot be asked for a value that is needed
 */
export async function recover(repo: WorkRepository, storeFor: StoreFor): Promise<readonly Recovered[]> {
  const { stateDir } = repo;
  if (!hasUnfinished(stateDir) && !isLittered(stateDir)) return [];
  return await withLock(stateDir, async () => await recoverLocked(repo, storeFor));
}

/** As `recover`, for those who hold the lock. */
export async function recoverLocked(repo: WorkRepository, storeFor: StoreFor): Promise<readonly Recovered[]> {
  const runs = readRuns(repo);
  const unfinished = runs.filter(({ state }) => state === "prepared");
  sweepAll(repo, unfinished);
  for (const run of runs) if (run.state !== "prepared") removeCopies(repo, run);
  const recovered: Recovered[] = [];
  for (const run of unfinished.toReversed()) recovered.push(await recoverRun(run, repo, storeFor));
  return recovered;
}

async function recoverRun(run: Run, repo: WorkRepository, storeFor: StoreFor): Promise<Recovered> {
  const key = openJournalKey(repo.stateDir);
  const names = run.secrets.map(({ name }) => name);
  const found = await askStore(run, key, storeFor);
  // Its file must not stay while the rule goes that keeps it out of git.
  if (found.unavailable !== null && run.store.kind === "dotenv") throw found.unavailable;
  try {
    const kept = await takeBack(run, { repo, key, ...found });
    const leftover = found.unavailable === null ? [] : names;
    return { id: run.id, leftover, label: run.store.label, kept };
  } catch (error) {
    const lacks = error instanceof ConflictError && error.conflicts.every(({ lacksValue }) => lacksValue);
    throw lacks && found.unavailable !== null ? found.unavailable : error;
  }
}

interface Asked {
  readonly store: SecretStore | null;
  readonly values: ReadonlyMap<string, Secret>;
  readonly lost: ReadonlyMap<string, string>;
  /** Why the store cannot be asked. */
  readonly unavailable: KnownError | null;
}

/** Gets a run's values from its store, as far as they are what the run put there. */
export async function askStore(run: Run, key: JournalKey, storeFor: StoreFor): Promise<Asked> {
  const { label, kind, origin } = run.store;
  if (run.secrets.length === 0) return { store: null, values: new Map(), lost: new Map(), unavailable: null };
  let store: SecretStore | null = null;
  let kept: ReadonlyMap<string, Secret> = new Map();
  let unavailable: KnownError | null = null;
  try {
    store = await storeFor(kind, run.projectId, origin);
    if (store?.origin !== origin) throw elsewhere(run, store);
    kept = await store.get(run.secrets.map(({ name }) => name));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    unavailable = error;
    store = null;
  }
  const values = new Map<string, Secret>();
  const lost = new Map<string, string>();
  for (const { name, mac } of run.secrets) {
    const value = kept.get(name);
    if (value === undefined) lost.set(name, `its value is not in ${label} any more (${name})`);
    else if (key.mac(Buffer.from(value.expose())) === mac) values.set(name, value);
    else lost.set(name, `${label} holds another value for ${name} now: was it rotated?`);
  }
  return { store, values, lost, unavailable };
}

function elsewhere(run: Run, store: SecretStore | null): KnownError {
  const now =
    store === null ? "STOWAWAY_STORE rules that store out now" : `the settings name ${store.label} now`;
  return new KnownError(3, "other-store", `the values were put into ${run.store.label}, but ${now}`, {
    hint: "Set it as it was, and repeat this.",
  });
}

function sweepAll({ top, stateDir }: WorkRepository, unfinished: readonly Run[]): void {
  sweep(Buffer.from(stateDir));
  if (unfinished.length === 0) return;
  const homes = unfinished.flatMap(({ store }) => /^dotenv:(.+)$/s.exec(store.origin)?.[1] ?? []);
  const shown = [...unfinished.flatMap(pathsOf), ...homes].filter((each) => pathProblem(top, each) === null);
  const folders = new Map(
    shown.map((each) => folderOf(inTree(top, each))).map((each) => [each.toString("latin1"), each]),
  );
  for (const folder of [Buffer.from(top), ...folders.values()]) sweep(folder);
}
