import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { requireTrust } from "../trusting.ts";
import { publishedBy } from "../published.ts";
import { settingsFor } from "../scanning.ts";
import type { ScanValues } from "../scanning.ts";
import { findToStow } from "./find.ts";
import type { FoundToStow } from "./find.ts";
import { showLine } from "./show-line.ts";
import { addToManifest, newProjectId } from "../../config/manifest.ts";
import { ownPackage } from "../../setup/own-package.ts";
import { parseDotenv } from "../../formats/dotenv.ts";
import { appendDotenv } from "../../formats/dotenv-edit.ts";
import { ignoreLine } from "../../formats/ignore-file.ts";
import type { Host } from "../../host/host.ts";
import { KnownError } from "../../model/errors.ts";
import { MANIFEST_FILE } from "../../model/manifest.ts";
import type { Secret } from "../../model/secret.ts";
import type { Settings } from "../../model/settings.ts";
import type { StoreKind } from "../../model/transaction.ts";
import { escapeText } from "../../report/escape.ts";
import { applyTransaction } from "../../remedy/apply.ts";
import type { AppliedRun } from "../../remedy/apply.ts";
import { exposureNotes } from "../../remedy/exposure-notes.ts";
import { keepFileOut, packOut } from "../../remedy/pack-out.ts";
import type { PlainChange } from "../../remedy/pack-out.ts";
import { planStow } from "../../remedy/plan.ts";
import type { FoundFile, Plan } from "../../remedy/plan.ts";
import { recover } from "../../remedy/recover.ts";
import { openRepository } from "../../remedy/repository.ts";
import type { WorkRepository } from "../../remedy/repository.ts";
import { seeGone } from "../../remedy/see-gone.ts";
import { readSides } from "../../remedy/sides.ts";
import { inHistory } from "../../vault/git-facts.ts";
import { openOrigin, openStores, readSecrets } from "../../vault/open.ts";
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

/** Largest file that an editor may look at besides the one it edits. */
const READ_BYTES = 1024 ** 2;
const EXAMPLE = ".env.example";

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
  const stopped = await recover(repo, async (_kind, id, origin) => openOrigin(project, origin, options(id)));
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

/** Finds what is asked for, and plans its move into a store. */
export async function makePlan(
  session: StowSession,
  store: SecretStore,
  { ids, name, values }: { ids: readonly string[]; name: string | null; values: ScanValues },
): Promise<{ plan: Plan; found: FoundToStow }> {
  const { host, repo, project, projectId } = session;
  const found = await findToStow(host, repo, ids, values);
  const files = found.files.map((file) => (staysHome(repo, file, store) ? withoutContent(file) : file));
  const read = (file: string): string | null => readSmall(path.join(repo.top, file));
  const { known, reserved } = await knownValues(session);
  const plan = await planStow({
    files,
    store,
    known,
    reserved,
    projectId,
    present: project.manifest?.secrets ?? {},
    name,
    project: { top: repo.top, read, helper: helper() },
    show: showLine,
    plainSides: bothForms(repo),
    changes: fileChanges(found, files),
    storeChanges: storeChanges(store, read),
    addToManifest: (entries) => ({
      path: MANIFEST_FILE,
      change: (text) => addToManifest(text, entries, projectId),
      says: `${MANIFEST_FILE} lists the names`,
    }),
    addToExample:
      read(EXAMPLE) === null
        ? null
        : (entries) => ({
            path: EXAMPLE,
            change: (text) => exampleWith(text, Object.keys(entries)),
            says: `${EXAMPLE} gains the names, without values`,
          }),
  });
  const warnings = await exposureNotes(repo, plan, () => host.now());
  return { plan: { ...plan, warnings }, found };
}

/** The example with those names that it lacks; null where it lacks none, or where this form of it is not there. */
function exampleWith(text: string | null, names: readonly string[]): string | null {
  if (text === null) return null;
  const present = new Set(parseDotenv(text).map(({ key }) => key));
  const missing = names.filter((name) => !present.has(name));
  return missing.length === 0 ? null : missing.reduce((all, name) => appendDotenv(all, name, ""), text);
}

function bothForms(repo: WorkRepository) {
  return (file: string): { worktree: Buffer | null; index: Buffer | null } => {
    const { worktree, index } = readSides(repo, file);
    return { worktree: worktree?.bytes ?? null, index: index?.bytes ?? null };
  };
}

/** A dotenv file that leaves git is itself where the values may stay, if no older commit can bring back another one. */
function staysHome({ place }: WorkRepository, file: FoundFile, store: SecretStore): boolean {
  return file.untrack && store.kind === "dotenv" && !inHistory(place, file.path);
}

function withoutContent(file: FoundFile): FoundFile {
  const bare = (side: FoundFile["worktree"]): FoundFile["worktree"] => side && { ...side, wanted: [] };
  return { ...file, worktree: bare(file.worktree), index: bare(file.index) };
}

const ignoring = (file: string): PlainChange => ({
  path: ".gitignore",
  change: (text) => ignoreLine(text, file),
  says: `.gitignore keeps ${file} out of git`,
});

/** What keeps whole files out of git, and out of packages. */
function fileChanges({ published }: FoundToStow, files: readonly FoundFile[]): PlainChange[] {
  return [
    ...files.filter(({ untrack }) => untrack).map((file) => ignoring(file.path)),
    ...published.flatMap(({ folder, path: file, included }) => packOut(folder, file, included) ?? []),
  ];
}

/** What keeps the store's own file out of both. */
function storeChanges({ origin }: SecretStore, read: (file: string) => string | null): PlainChange[] {
  if (!origin.startsWith("dotenv:")) return [];
  const file = origin.slice("dotenv:".length);
  const { dir, base } = path.posix.parse(file);
  return [ignoring(file), ...keepFileOut(dir, base, (each) => read(path.posix.join(dir, each)))];
}

/** Values that the project keeps, so that each gets its own name again; names alone where they cannot be read. */
async function knownValues({
  host,
  project,
}: StowSession): Promise<{ known: ReadonlyMap<string, Secret>; reserved: ReadonlySet<string> }> {
  const names = Object.keys(project.manifest?.secrets ?? {});
  if (names.length === 0) return { known: new Map(), reserved: new Set() };
  try {
    const known = await readSecrets(project, names, { attended: host.stdin.isTTY });
    return { known, reserved: new Set(names.filter((name) => !known.has(name))) };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { known: new Map(), reserved: new Set(names) };
  }
}

function readSmall(file: string): string | null {
  try {
    const entry = statSync(file);
    return entry.isFile() && entry.size <= READ_BYTES ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}

/** A helper that a tool outside is told to call must not lie in a project that anybody can change. */
function helper(): readonly string[] | null {
  const own = ownPackage();
  const inProject =
    own.split(path.sep).includes("node_modules") && !/[\\/]lib[\\/]node_modules[\\/]/.test(own);
  return inProject ? null : [process.execPath, path.join(own, "dist", "bin.cjs")];
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
  const verify = async (): Promise<void> => seeGone(plan, bothForms(repo));
  return await applyTransaction(plan.transaction, { repo, store, verify });
}
