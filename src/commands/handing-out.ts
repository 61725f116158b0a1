import type { Host } from "../host/host.ts";
import { isWatched } from "../host/terminal.ts";
import { KnownError, UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest } from "../model/manifest.ts";
import { Secret } from "../model/secret.ts";
import type { EnvFile } from "../run/env-file.ts";
import { variableOf } from "../run/environment.ts";
import { requireKnown, requireProfile, wantedVariables } from "../run/select.ts";
import type { Wanted } from "../run/select.ts";
import { peekManifest } from "../vault/manifest-file.ts";
import type { Project } from "../vault/project.ts";

/** Variables of env files that hold words which every log is full of. */
const SETTING = /^(?:(?:NODE|APP|RAILS|RACK|FLASK)_ENV|ENVIRONMENT|LOG_LEVEL|DEBUG|HOST|HOSTNAME|TZ|LANG)$/;

/** What the user asks for. */
export interface Request {
  readonly only: readonly string[];
  readonly profile: string | undefined;
  readonly envFiles: readonly EnvFile[];
}

/** Values for a program's environment. */
export interface Handout {
  /** By variable: those that are to be set. */
  readonly added: ReadonlyMap<string, Secret>;
  /** By variable: those of the project that are set already, which stay as they are. */
  readonly present: ReadonlyMap<string, Secret>;
  /** What the program's output must not show: all of these, except plain settings of an env file. */
  readonly secrets: readonly Secret[];
  /** Sentences for the user. */
  readonly notes: readonly string[];
}

/**
 * Collects the project's secrets: a variable that is set already counts, then the profile's value, the default one, a file
 * of `--dotenv` or `--env-file`. Where no value is missing, no store is opened and nobody need trust the clone.
 *
 * @throws UsageError where a value is missing, the clone is not trusted, or what was asked for does not exist; KnownError
 *   (3) where a store that may have a missing value cannot be asked
 */
export async function handOut(host: Host, { only, profile, envFiles }: Request): Promise<Handout> {
  const { manifest, project } = await lookUp(host, only);
  if (manifest === null && envFiles.length === 0)
    throw new UsageError("no-secrets", "this project has no stowed secrets yet", {
      path: MANIFEST_FILE,
      hint: "Move those that a check finds with stowaway stow, or add one with stowaway secrets set NAME.",
    });
  if (profile !== undefined && manifest !== null) requireProfile(manifest, profile);
  const wanted = wantedVariables(manifest, only);
  const files = await readFiles(host, envFiles, only);
  requireKnown(only, manifest, files.values.keys());

  const notes = files.refused.map(
    (name) => `${name} of an env file decides what programs do, so it is not set`,
  );
  const present = new Map<string, Secret>();
  for (const { variable } of wanted) {
    const value = variableOf(host.env, variable);
    if (value === undefined) continue;
    present.set(variable, new Secret(value));
    if (value === "") notes.push(`${variable} is set to nothing, and stays so`);
  }
  const needed = wanted.filter(({ variable }) => !present.has(variable));
  const stored = await readStores(host, { project, needed, files: files.values, profile, notes });
  const added = new Map<string, Secret>();
  for (const { variable, secret } of needed) {
    const value =
      present.get(secret) ?? stored.get(secret) ?? files.values.get(variable) ?? files.values.get(secret);
    if (value !== undefined) added.set(variable, value);
  }
  requireAll(needed, added, profile);
  const secrets = [...present.values(), ...added.values()];
  for (const [variable, value] of files.values) {
    if (variableOf(host.env, variable) !== undefined || added.has(variable)) continue;
    added.set(variable, value);
    if (!SETTING.test(variable)) secrets.push(value);
  }
  return { added, present, secrets, notes };
}

/** The names, and where a value is missing, what git and this machine know of the project. */
async function lookUp(
  host: Host,
  only: readonly string[],
): Promise<{ readonly manifest: Manifest | null; readonly project: Project | null }> {
  const manifest = await peekManifest(host);
  if (
    manifest !== undefined &&
    wantedVariables(manifest, only).every(({ variable }) => variableOf(host.env, variable) !== undefined)
  )
    return { manifest, project: null };
  if (Object.values(manifest?.secrets ?? {}).some(({ from }) => from[0] === "keychain")) {
    const { startEarly } = await import("../vault/keychain-call.ts");
    startEarly(host);
  }
  const { findProject } = await import("../vault/project.ts");
  const project = await findProject(host);
  return { manifest: project.manifest, project };
}

async function readFiles(host: Host, envFiles: readonly EnvFile[], only: readonly string[]) {
  if (envFiles.length === 0) return { values: new Map<string, Secret>(), refused: [] };
  const { readEnvFiles } = await import("../run/env-file.ts");
  return readEnvFiles(envFiles, only, host);
}

interface Missing {
  readonly project: Project | null;
  readonly needed: readonly Wanted[];
  readonly files: ReadonlyMap<string, Secret>;
  readonly profile: string | undefined;
  readonly notes: string[];
}

/** Asks the stores for what has no value yet. Where files could do instead, a store that cannot be asked is no error. */
async function readStores(
  host: Host,
  { project, needed, files, profile, notes }: Missing,
): Promise<ReadonlyMap<string, Secret>> {
  const names = [
    ...new Set(
      needed.map(({ secret }) => secret).filter((secret) => variableOf(host.env, secret) === undefined),
    ),
  ];
  const options = { profile: profile ?? null, attended: isWatched(host) };
  if (names.length === 0 || project === null) return new Map();
  const { readSecrets } = await import("../vault/read-secrets.ts");
  const spare = needed.every(({ variable, secret }) => files.has(variable) || files.has(secret));
  if (!spare) {
    const { requireTrust } = await import("./trusting.ts");
    return await readSecrets(await requireTrust(host, project), names, options);
  }
  if (!project.bound) return new Map();
  try {
    return await readSecrets(project, names, options);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    notes.push(`${error.message}; the values of the env file are used`);
    return new Map();
  }
}

function requireAll(
  needed: readonly Wanted[],
  added: ReadonlyMap<string, Secret>,
  profile: string | undefined,
): void {
  const missing = [
    ...new Set(needed.filter(({ variable }) => !added.has(variable)).map(({ secret }) => secret)),
  ];
  if (missing.length === 0) return;
  const option = profile === undefined ? "" : ` --profile ${profile}`;
  throw new UsageError("missing-secret", `no value for ${missing.join(", ")}: nothing was started`, {
    hint: `Store it with stowaway secrets set ${missing[0]}${option}, or set the variable.`,
  });
}
