import type { Secret } from "../model/secret.ts";
import type { StoredSecret, StoreKind } from "../model/transaction.ts";

/**
 * Whether a store can be used, and why not. `locked`: it is there and closed; `absent`: this session has none; `mute`: it
 * does not answer in time; `denied`: it refuses us.
 */
export type StoreState =
  | { readonly kind: "ready" }
  | {
      readonly kind: "locked" | "absent" | "mute" | "denied";
      /** One clause for people. */
      readonly reason: string;
      /** The next step, one sentence. */
      readonly hint: string;
    };

/**
 * What is needed to take a `put` back exactly, made before anything is written: plain JSON, no values, the store's own
 * business.
 */
export type StoreReceipt = Readonly<Record<string, unknown>>;

/** A place that keeps values by name. Every value is read back and compared after it was written. */
export interface SecretStore {
  readonly kind: StoreKind;
  /** For people: `the GNOME keyring`, `.env.local`. */
  readonly label: string;
  /** As it stands in the manifest's `from`: `keychain`, `dotenv:.env.local`. */
  readonly origin: string;
  /** Asks no one and changes nothing. */
  probe(): Promise<StoreState>;
  /**
   * Values of those names that it has.
   *
   * @throws KnownError (3) where it cannot be asked
   */
  get(names: readonly string[]): Promise<ReadonlyMap<string, Secret>>;
  /**
   * Looks at what is there, and says how a `put` of these would be taken back. Writes nothing.
   *
   * @throws KnownError (1) where a name holds another value, or a value cannot be kept here; (3) where it cannot be asked
   */
  prepare(secrets: readonly StoredSecret[]): Promise<StoreReceipt>;
  /**
   * Writes the values; those that are there already are done. May be repeated after a crash.
   *
   * @throws KnownError (3) where it fails or what is read back differs
   */
  put(secrets: readonly StoredSecret[], receipt: StoreReceipt): Promise<void>;
  /**
   * Takes a `put` back: removes what it made, nothing else; may be repeated. A name whose value is no longer the given one
   * stays.
   */
  takeBack(secrets: readonly StoredSecret[], receipt: StoreReceipt): Promise<void>;
  /** Writes the values over whatever the names hold; for what the user asked for. Cannot be taken back. */
  replace(secrets: readonly StoredSecret[]): Promise<void>;
  /** What the user should know of the last write: sentences without a value in them. */
  notes(): readonly string[];
  /** Removes names; those it has not are no error. */
  remove(names: readonly string[]): Promise<void>;
}
