import { requireBinding, requireTrust } from "../trusting.ts";
import { publishedBy } from "../published.ts";
import { settingsFor } from "../scanning.ts";
import type { ScanValues } from "../scanning.ts";
import { bothForms } from "./make-plan.ts";
import { newProjectId } from "../../config/manifest.ts";
import type { Host } from "../../host/host.ts";
import { KnownError } from "../../model/errors.ts";
import type { Settings } from "../../model/settings.ts";
import type { StoreKind } from "../../model/transaction.ts";
import { escapeText } from "../../report/escape.ts";
import { applyTransaction } from "../../remedy/apply.ts";
import type { AppliedRun } from "../../remedy/apply.ts";
import type { Plan } from "../../remedy/plan.ts";
import { recover } from "../../remedy/recover.ts";
import { openRepository } from "../../remedy/repository.ts";
import type { WorkRepository } from "../../remedy/repository.ts";
import { seeGone } from "../../remedy/see-gone.ts";
import { seeIgnored } from "../../remedy/ignore-rule.ts";
import { openOrigin, openStores } from "../../vault/open.ts";
import type { StoreOptions } from "../../vault/open-store.ts";
import type { Stores } from "../../vault/open.ts";
import { findProject } from "../../vault/project.ts";
import type { Project } from "../../vault/project.ts";
import type { SecretStore, StoreState } from "../../vault/store.ts";
import { bind } from "../../vault/trust.ts";

/** One `stow` from its beginning to its end. */
export interface StowSession {
  readonly host: Host;
  readonly repo: WorkRepository;
  readonly project: Project;
  readonly projectId: string;
  readonly settings: Settings;
  readonly stores: Stores;
  /** Whether a person is there who can answer the keychain's own dialog. */
  readonly attended: boolean;
}

/**
 * Opens what a `stow` works with: the repository, the project and its stores. What an interrupted run has left is taken
 * back first.
 *
 * @throws KnownError outside of a repository, in a clone that is not trusted, or where an interrupted run is in the way
 */
export async function openSession(host: Host, values: ScanValues, attended: boolean): Promise<StowSession> {
  const repo = openRepository({ cwd: host.cwd, env: host.env });
  const found = await findProject(host);
  const project = found.manifest === null ? found : await requireTrust(host, found);
  const projectId = project.manifest?.projectId ?? newProjectId();
  const settings = await settingsFor(host.cwd, repo.top, values);
  const options = (id: string): StoreOptions => ({
    projectId: id,
    attended,
    dotenvFile: settings.store,
    isPublished: publishedBy(host, repo.top, settings.limits),
  });
  const stopped = await recover(repo, async (_kind, id, origin) => {
    await requireBinding(project, id);
    return openOrigin(project, origin, options(id));
  });
  for (const { id, leftover, label } of stopped) {
    const kept = leftover.length === 0 ? "" : `; ${label} may still hold ${leftover.join(", ")}`;
    host.stderr.write(
      `stowaway: run ${id} had been interrupted, and was taken back first${escapeText(kept)}\n`,
    );
  }
  return {
    host,
    repo,
    project,
    projectId,
    settings,
    stores: openStores(project, options(projectId)),
    attended,
  };
}

/** What the store is that the user means, or why it cannot be used. */
export type StoreChoice =
  | { readonly store: SecretStore }
  | { readonly state: Exclude<StoreState, { kind: "ready" }>; readonly label: string };

/**
 * The store to use: the one asked for, else the keychain. A keychain that is not to be had is never replaced in silence.
 *
 * @throws KnownError where STOWAWAY_STORE rules out the one that is asked for
 */
export async function chooseStore(
  { stores, project, attended }: StowSession,
  to: StoreKind | null,
): Promise<StoreChoice> {
  const kind = to ?? usual(stores, project);
  const store = stores[kind];
  if (store === null)
    throw new KnownError(3, "store-ruled-out", `STOWAWAY_STORE leaves no ${kind} to move anything to`, {
      hint: "Unset it, or set it to keychain or dotenv.",
    });
  const state = await store.probe();
  const hindrance = hindranceOf(state, attended);
  return hindrance === null ? { store } : { state: hindrance, label: store.label };
}

/**
 * What keeps a store from being used. That it is closed does not, where somebody is there to open it when the keychain's
 * own dialog asks.
 */
export function hindranceOf(
  state: StoreState,
  attended: boolean,
): Exclude<StoreState, { kind: "ready" }> | null {
  return state.kind === "ready" || (state.kind === "locked" && attended) ? null : state;
}

/** Where all of the project's secrets are kept in a dotenv file, the next one belongs there too. */
function usual(stores: Stores, { manifest }: Project): StoreKind {
  if (stores.keychain === null) return "dotenv";
  const kept = Object.values(manifest?.secrets ?? {});
  const onlyFiles =
    kept.length > 0 && kept.every(({ from }) => from.every((each) => each.startsWith("dotenv:")));
  return onlyFiles ? "dotenv" : "keychain";
}

/**
 * Carries a plan out, and binds a new project to this clone.
 *
 * @throws KnownError where something is in the way; all is as before then
 */
export async function carryOut(session: StowSession, plan: Plan, store: SecretStore): Promise<AppliedRun> {
  const { repo, project, projectId } = session;
  const { commonDir } = project;
  if (plan.moved.length > 0 && commonDir !== null && !project.bound)
    await bind({ ...project, commonDir, projectId });
  const verify = async (): Promise<void> => {
    seeGone(plan, bothForms(repo));
    seeIgnored(repo.place, plan.transaction.untrack);
  };
  return await applyTransaction(plan.transaction, { repo, store, verify });
}
