import { dotenvStore } from "./dotenv-store.ts";
import { keychainStore } from "./keychain.ts";
import type { Project } from "./project.ts";
import type { SecretStore } from "./store.ts";
import { isProfile } from "../config/names.ts";
import { isTreePath } from "../config/tree-path.ts";
import type { Environment } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import type { StoreKind } from "../model/transaction.ts";

export interface StoreOptions {
  /** Of the manifest, or of the one that is about to be written. */
  readonly projectId: string;
  /** Values of this profile; null for the default ones. */
  readonly profile?: string | null;
  /** Whether a person is there who can answer the keychain's own dialog: decides how long it may take. */
  readonly attended: boolean;
  /** `settings.store`: the dotenv file, relative to the top; null takes the first conventional name never tracked. */
  readonly dotenvFile?: string | null;
  /**
   * Says by which packer a file of the work tree would be published (`npm: files[0] "*"`), null where by none. Asked
   * while the file exists, before it holds a value.
   *
   * @param path relative to the top, `/` between parts
   */
  readonly isPublished: (path: string) => Promise<string | null>;
}

/**
 * Gives the store that values went to once, for taking them back; `STOWAWAY_STORE` does not count.
 *
 * @param origin of the store, as it stood in its `origin`
 * @throws UsageError for an origin that is none, or for a dotenv file where there is no git
 */
export function openOrigin(project: Project, origin: string, options: StoreOptions): SecretStore {
  if (origin === "keychain") return openKeychain(project, options);
  const file = origin.startsWith("dotenv:") ? origin.slice("dotenv:".length) : "";
  if (!isTreePath(file)) throw new UsageError("unknown-store", "this is no store of ours", { path: origin });
  return openFile(project, file, options.isPublished);
}

/** The keychain, for a project's names. */
export function openKeychain(
  { env, platform }: Project,
  { projectId, profile, attended }: StoreOptions,
): SecretStore {
  return keychainStore({ env, platform, attended, projectId, profile: checkProfile(profile) });
}

/** @param file of the work tree, relative to its top; checked already */
export function openFile(
  { env, top, commonDir }: Project,
  file: string,
  isPublished: StoreOptions["isPublished"],
): SecretStore {
  if (commonDir === null)
    throw new UsageError(
      "no-repository",
      "a dotenv file is only safe where git ignores it, and this is no repository",
      {
        path: top,
        hint: "Run git init first.",
      },
    );
  return dotenvStore({ cwd: top, env, top, commonDir, file, isPublished });
}

/**
 * The only store that the user wants; null where any.
 *
 * @returns `none` where the user wants none
 * @throws UsageError for a word that is no store
 */
export function wantedStore(env: Environment): StoreKind | "none" | null {
  const word = env["STOWAWAY_STORE"] ?? "";
  if (word === "") return null;
  if (word === "keychain" || word === "dotenv" || word === "none") return word;
  throw new UsageError("invalid-value", "STOWAWAY_STORE is one of keychain, dotenv, none");
}

/** @throws UsageError for a profile whose name could be a path or another's account */
export function checkProfile(profile: string | null | undefined): string | null {
  if (profile === null || profile === undefined) return null;
  if (isProfile(profile)) return profile;
  throw new UsageError("invalid-value", "a profile's name has at most 64 letters, digits, - and _");
}
