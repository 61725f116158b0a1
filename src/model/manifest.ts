/** What the committed manifest says of one secret; never its value, nor a digest of it. */
export interface ManifestSecret {
  /** Where it is kept, tried in order: `keychain`, `dotenv:.env.local`. */
  readonly from: readonly string[];
  /** What it is for, in the user's words. */
  readonly about?: string | undefined;
  readonly provider?: string | undefined;
  /** Profiles that have a value of their own, besides the default. */
  readonly profiles?: readonly string[] | undefined;
  /** Further variables that get the same value. */
  readonly as?: readonly string[] | undefined;
}

/** `stowaway.secrets.json`: the names of a project's stowed secrets. */
export interface Manifest {
  readonly version: 1;
  /** Random, public; names the project in the keychain. */
  readonly projectId: string;
  readonly secrets: Readonly<Record<string, ManifestSecret>>;
}

export const MANIFEST_FILE = "stowaway.secrets.json";

/** Names that a shell takes for a variable; at most 128 characters. */
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

export { isUnsafeName } from "./unsafe-name.ts";
