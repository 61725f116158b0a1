import { lstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Context, Options } from "../options.ts";
import { publishedBy } from "../published.ts";
import { requireBinding, requireTrust } from "../trusting.ts";
import { readConfig } from "../../config/read.ts";
import { settle } from "../../config/settle.ts";
import { ignoreLine } from "../../formats/ignore-file.ts";
import { isWatched } from "../../host/terminal.ts";
import { KnownError, UsageError } from "../../model/errors.ts";
import { ExitCode } from "../../model/exit-code.ts";
import { MANIFEST_FILE } from "../../model/manifest.ts";
import type { Manifest, ManifestSecret } from "../../model/manifest.ts";
import type { Secret } from "../../model/secret.ts";
import type { StoredSecret, StoreKind } from "../../model/transaction.ts";
import { recover } from "../../remedy/recover.ts";
import { openRepository } from "../../remedy/repository.ts";
import { profileFile } from "../../vault/dotenv-file.ts";
import { removeDurably, temporaryName, writeDurably } from "../../vault/durable.ts";
import { withLock } from "../../vault/file-lock.ts";
import { openOrigin, openStores } from "../../vault/open.ts";
import type { Stores } from "../../vault/open.ts";
import { isIgnored } from "../../vault/git-facts.ts";
import { findProject } from "../../vault/project.ts";
import type { Project } from "../../vault/project.ts";
import type { SecretStore } from "../../vault/store.ts";

export const SECRETS_OPTIONS = {
  to: {
    type: "string",
    value: "STORE",
    choices: ["keychain", "dotenv"],
    description: "set, mv: where the value goes (default of set: where it is, else the keychain)",
  },
  profile: {
    type: "string",
    value: "NAME",
    description: "get, set, rm: this profile's value, not the default one",
  },
  about: {
    type: "string",
    value: "TEXT",
    description: "set: what it is for; stands in stowaway.secrets.json",
  },
  reveal: { type: "boolean", description: "get: print the value to a terminal or a file too" },
  yes: { type: "boolean", short: "y", description: "do it without asking; set: overwrite another value" },
  "dry-run": { type: "boolean", description: "say what would be done, and change nothing" },
} as const satisfies Options;

export type SecretsContext = Context<typeof SECRETS_OPTIONS>;

/** A project's stores, with what is needed to change what is in them. */
export interface SecretsSession {
  readonly context: SecretsContext;
  /** Of the manifest, or of the one that is about to be written. */
  readonly projectId: string;
  /** Trusted, if it has a manifest. */
  readonly project: Project & { readonly commonDir: string };
  readonly stores: Stores;
  /** Name of the file at the top that others are written to first; whoever comes after a crash removes it. */
  readonly temporary: string;
  /** The store of an origin in the manifest. */
  storeOf(origin: string, profile: string | null): SecretStore;
}

/**
 * Opens the project for reading or changing what it has stowed; what an interrupted run has left is taken back first.
 *
 * @param newId of a project that has no manifest yet
 * @throws UsageError outside of a repository, or in a clone that is not trusted
 */
export async function openSecrets(context: SecretsContext, newId: string): Promise<SecretsSession> {
  const { host, values } = context;
  const repo = openRepository({ cwd: host.cwd, env: host.env });
  const found = await findProject(host);
  const trusted = found.manifest === null ? found : await requireTrust(host, found);
  const { commonDir } = trusted;
  if (commonDir === null)
    throw new UsageError("no-repository", "this is no git repository", { path: host.cwd });
  const project = { ...trusted, commonDir };
  const config = await readConfig(host.cwd, repo.top, values.config);
  const settings = settle({}, config?.config ?? {});
  const id = project.manifest?.projectId ?? newId;
  const options = {
    projectId: id,
    attended: isWatched(host),
    dotenvFile: settings.store,
    isPublished: publishedBy(host, repo.top, settings.limits),
  };
  await recover(repo, async (kind, run) => {
    await requireBinding(project, run);
    return openStores(project, { ...options, projectId: run })[kind];
  });
  return {
    context,
    projectId: id,
    project,
    stores: openStores(project, options),
    temporary: temporaryName(),
    storeOf(origin, profile) {
      const file = origin.startsWith("dotenv:") ? origin.slice("dotenv:".length) : null;
      const own = file === null ? origin : `dotenv:${profileFile(file, profile)}`;
      return openOrigin(project, own, { ...options, profile });
    },
  };
}

/**
 * The entry of a name.
 *
 * @throws UsageError for a name that the manifest has not
 */
export async function requireEntry(manifest: Manifest | null, name: string): Promise<ManifestSecret> {
  const entry = manifest?.secrets[name];
  if (entry !== undefined) return entry;
  const { nearest } = await import("../../host/nearest.ts");
  const near = nearest(name, Object.keys(manifest?.secrets ?? {}));
  throw new UsageError("unknown-secret", `${MANIFEST_FILE} has no such name`, {
    hint: near === null ? "See stowaway secrets ls." : `Did you mean ${near}?`,
  });
}

/** Values of a name, by profile; null is the default. */
export async function valuesOf(
  session: SecretsSession,
  name: string,
  entry: ManifestSecret,
): Promise<ReadonlyMap<string | null, Secret>> {
  const found = new Map<string | null, Secret>();
  for (const profile of [null, ...(entry.profiles ?? [])])
    for (const origin of entry.from) {
      const value = found.has(profile)
        ? undefined
        : (await session.storeOf(origin, profile).get([name])).get(name);
      if (value !== undefined) found.set(profile, value);
    }
  return found;
}

/**
 * The origin of a new value: the one asked for, else where the name is kept, else where all the others are, else the
 * keychain.
 *
 * @throws KnownError (3) where STOWAWAY_STORE rules that store out
 */
export function chooseOrigin(
  { stores, project }: SecretsSession,
  to: StoreKind | undefined,
  entry: ManifestSecret | undefined,
): string {
  const kept = Object.values(project.manifest?.secrets ?? {});
  const files = kept.length > 0 && kept.every(({ from }) => from.every((each) => each.startsWith("dotenv:")));
  const present = entry?.from[0];
  const usual = (present?.startsWith("dotenv:") ?? files) || stores.keychain === null ? "dotenv" : "keychain";
  const store = stores[to ?? usual];
  if (store === null)
    throw new KnownError(3, "store-ruled-out", `STOWAWAY_STORE rules the ${to ?? usual} out`, {
      hint: "Unset it, or set it to keychain or dotenv.",
    });
  return entry?.from.find((origin) => origin.split(":")[0] === store.kind) ?? store.origin;
}

/**
 * Puts values into a store; what is made before a failure is taken back. Git is to ignore a dotenv file before that holds
 * a value; where the store refuses, the rule goes again.
 *
 * @param replaces whether to write over whatever the names hold
 * @returns sentences for the user
 */
export async function keepIn(
  session: SecretsSession,
  store: SecretStore,
  secrets: readonly StoredSecret[],
  replaces: boolean,
): Promise<readonly string[]> {
  const rule = await addRule(session, store);
  try {
    if (replaces) await store.replace(secrets);
    else await putAll(store, secrets);
  } catch (error) {
    await rule?.takeBack();
    throw error;
  }
  return [...(rule === null ? [] : [`.gitignore keeps ${store.label} out of git.`]), ...store.notes()];
}

/** Adds the rule for a dotenv file to .gitignore. @returns null where none is needed */
async function addRule(
  { project, temporary }: SecretsSession,
  store: SecretStore,
): Promise<{ takeBack(): Promise<void> } | null> {
  if (store.kind !== "dotenv" || isIgnored({ cwd: project.top, env: project.env }, store.label)) return null;
  // What the store would not even read must not get the rule for a moment.
  await store.get([]);
  const ignoreFile = path.join(project.top, ".gitignore");
  const before = readPlain(ignoreFile, ".gitignore");
  const after = ignoreLine(before, store.label);
  if (after === null) return null;
  const write = async (text: string): Promise<void> =>
    await writeDurably(ignoreFile, Buffer.from(text), modeOf(ignoreFile), temporary);
  await write(after);
  return {
    takeBack: async () => {
      // What somebody else has written meanwhile is not ours to undo.
      if (readPlain(ignoreFile, ".gitignore") !== after) return;
      if (before === null) await removeDurably(ignoreFile);
      else await write(before);
    },
  };
}

/**
 * Changes something while no other process changes what the project has stowed.
 *
 * @param action is given the project as it is then
 */
export async function changing<T>(
  { context, project, projectId }: SecretsSession,
  action: (session: SecretsSession) => Promise<T>,
): Promise<T> {
  const lock = path.join(project.commonDir, "stowaway", "secrets.lock");
  const temporary = temporaryName();
  return await withLock(lock, path.join(project.top, temporary), async () => {
    const session = await openSecrets(context, projectId);
    return await action({ ...session, temporary });
  });
}

async function putAll(store: SecretStore, secrets: readonly StoredSecret[]): Promise<void> {
  const receipt = await store.prepare(secrets);
  try {
    await store.put(secrets, receipt);
  } catch (error) {
    // What cannot be asked now cannot be cleaned either; the first error says so.
    await store.takeBack(secrets, receipt).catch(() => undefined);
    throw error;
  }
}

/** Writes the manifest; permission bits stay. */
export async function writeManifest({ project, temporary }: SecretsSession, text: string): Promise<void> {
  await writeDurably(project.manifestPath, Buffer.from(text), modeOf(project.manifestPath), temporary);
}

function modeOf(file: string): number {
  return (statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777;
}

function readPlain(file: string, shown: string): string | null {
  const entry = lstatSync(file, { throwIfNoEntry: false });
  if (entry === undefined) return null;
  if (!entry.isFile())
    throw new KnownError(
      ExitCode.findings,
      "ignore-file-refused",
      "this is no regular file, so no rule is added",
      {
        path: shown,
      },
    );
  return readFileSync(file, "utf8");
}
