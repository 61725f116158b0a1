import { chooseDotenvFile, profileFile } from "./dotenv-file.ts";
import { checkProfile, openFile, openKeychain, wantedStore } from "./open-store.ts";
import type { StoreOptions } from "./open-store.ts";
import type { Project } from "./project.ts";
import type { SecretStore } from "./store.ts";
import { isTreePath } from "../config/tree-path.ts";
import { UsageError } from "../model/errors.ts";

export { openOrigin } from "./open-store.ts";
export { readSecrets } from "./read-secrets.ts";

/** The stores of a project; null where `STOWAWAY_STORE` rules one out, and a dotenv file where there is no git. */
export interface Stores {
  readonly keychain: SecretStore | null;
  readonly dotenv: SecretStore | null;
}

/**
 * Gives the project's stores; nothing is started or read yet, but git is asked which dotenv names were never tracked.
 *
 * @throws UsageError where STOWAWAY_STORE, the profile or the dotenv file's path is wrong; KnownError (1) where every
 *   dotenv file that could be taken was tracked at some time
 */
export function openStores(project: Project, options: StoreOptions): Stores {
  const wanted = wantedStore(project.env);
  return {
    keychain: wanted === null || wanted === "keychain" ? openKeychain(project, options) : null,
    dotenv:
      project.commonDir !== null && (wanted === null || wanted === "dotenv")
        ? openDotenv(project, options)
        : null,
  };
}

function openDotenv(project: Project, { dotenvFile, profile, isPublished }: StoreOptions): SecretStore {
  const { env, top } = project;
  const configured = dotenvFile ?? null;
  if (configured !== null && !isTreePath(configured))
    throw new UsageError("dotenv-outside", "this is no path inside the work tree", { path: configured });
  const file = profileFile(chooseDotenvFile({ cwd: top, env }, configured), checkProfile(profile));
  return openFile(project, file, isPublished);
}
