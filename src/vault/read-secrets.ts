import { profileFile } from "./dotenv-file.ts";
import { checkProfile, openOrigin, wantedStore } from "./open-store.ts";
import type { Project } from "./project.ts";
import type { SecretStore } from "./store.ts";
import { KnownError, UsageError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Secret } from "../model/secret.ts";

export interface ReadOptions {
  /** Null for the default values. */
  readonly profile?: string | null;
  /** Whether a person is there who can answer the keychain's own dialog. */
  readonly attended: boolean;
}

/**
 * Values of a bound project's names, from wherever the manifest says that each is kept, in its order: the profile's, else
 * the default one, never another profile's.
 *
 * @param names of the manifest; others are passed over
 * @returns those that were found; a name is missing where every place it may be in was asked and has it not
 * @throws UsageError where the project is not bound to this clone, or the profile is wrong; KnownError (3) where a name
 *   was not found and one of its places cannot be asked
 */
export async function readSecrets(
  project: Project,
  names: readonly string[],
  options: ReadOptions,
): Promise<ReadonlyMap<string, Secret>> {
  const { manifest } = project;
  if (manifest === null || !project.bound)
    throw new UsageError("not-trusted", "this clone is not bound to its project, so nothing is handed out", {
      path: project.top,
      hint: "If you trust this repository, run: stowaway trust",
    });
  const profile = checkProfile(options.profile);
  const reader = new Reader(project, manifest, options.attended);
  const known = names.filter((name) => manifest.secrets[name] !== undefined);
  if (profile !== null) await reader.readAll(known, profile);
  await reader.readAll(known, null);
  return reader.result(known);
}

class Reader {
  readonly #project: Project;
  readonly #manifest: Manifest;
  readonly #attended: boolean;
  readonly #found = new Map<string, Secret>();
  readonly #troubles = new Map<string, KnownError>();

  constructor(project: Project, manifest: Manifest, attended: boolean) {
    this.#project = project;
    this.#manifest = manifest;
    this.#attended = attended;
  }

  /** Place by place, all names that a place may have in one call. */
  async readAll(names: readonly string[], profile: string | null): Promise<void> {
    const wanted = wantedStore(this.#project.env);
    for (let step = 0; ; step += 1) {
      const byOrigin = new Map<string, string[]>();
      let last = true;
      for (const name of names) {
        const origin = this.#manifest.secrets[name]?.from[step];
        if (origin === undefined) continue;
        last = false;
        if (this.#found.has(name) || (wanted !== null && !origin.startsWith(wanted))) continue;
        byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), name]);
      }
      if (last) return;
      for (const [origin, asked] of byOrigin) await this.#read(origin, asked, profile);
    }
  }

  /** @throws KnownError why a place could not be asked that may have a missing name */
  result(names: readonly string[]): ReadonlyMap<string, Secret> {
    const trouble = names.find((name) => !this.#found.has(name) && this.#troubles.has(name));
    const error = trouble === undefined ? undefined : this.#troubles.get(trouble);
    if (error !== undefined) throw error;
    return this.#found;
  }

  async #read(origin: string, names: readonly string[], profile: string | null): Promise<void> {
    try {
      const values = await this.#open(origin, profile).get(names);
      for (const [name, value] of values) this.#found.set(name, value);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      for (const name of names) if (!this.#troubles.has(name)) this.#troubles.set(name, error);
    }
  }

  #open(origin: string, profile: string | null): SecretStore {
    const file = origin.startsWith("dotenv:") ? origin.slice("dotenv:".length) : null;
    const { projectId } = this.#manifest;
    return openOrigin(this.#project, file === null ? origin : `dotenv:${profileFile(file, profile)}`, {
      projectId,
      profile,
      attended: this.#attended,
      isPublished: () => Promise.resolve(null),
    });
  }
}
