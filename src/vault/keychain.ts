import { randomBytes } from "node:crypto";
import { callKeychain } from "./keychain-call.ts";
import type { CallResult, KeychainPlace } from "./keychain-call.ts";
import { LARGEST_VALUE_BYTES } from "./keychain-protocol.ts";
import type { KeychainItem, KeychainRequest } from "./keychain-protocol.ts";
import { keychainError, stateOf } from "./keychain-state.ts";
import { nameTaken } from "./name-taken.ts";
import type { SecretStore, StoreReceipt, StoreState } from "./store.ts";
import { bytesOf, secretOf } from "./value-bytes.ts";
import { KnownError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Secret } from "../model/secret.ts";
import type { StoredSecret } from "../model/transaction.ts";

export interface KeychainContext extends KeychainPlace {
  readonly projectId: string;
  /** Null for the default values. */
  readonly profile: string | null;
}

/** How a `put` is taken back: the names it makes, each with the name of its parts. */
interface Receipt {
  readonly made: Readonly<Record<string, string>>;
}

const LABELS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "the macOS keychain",
  win32: "the Windows Credential Manager",
};

/**
 * The system's keychain: macOS Keychain, Windows Credential Manager, Secret Service. Service `stowaway`, account
 * `<projectId>/NAME` or `<projectId>/<profile>/NAME`; what longer values look like, `keychain-protocol.ts` says.
 */
export function keychainStore(context: KeychainContext): SecretStore {
  return new KeychainStore(context);
}

class KeychainStore implements SecretStore {
  readonly kind = "keychain";
  readonly label: string;
  readonly origin = "keychain";
  readonly #context: KeychainContext;
  readonly #prefix: string;

  constructor(context: KeychainContext) {
    this.#context = context;
    this.label = LABELS[context.platform] ?? "the keyring (Secret Service)";
    const { projectId, profile } = context;
    this.#prefix = profile === null ? `${projectId}/` : `${projectId}/${profile}/`;
  }

  async probe(): Promise<StoreState> {
    const result = await callKeychain({ operation: "probe", items: [] }, this.#context);
    return "values" in result ? { kind: "ready" } : stateOf(result, this.#context);
  }

  async get(names: readonly string[]): Promise<ReadonlyMap<string, Secret>> {
    const values = await this.#call("get", names, (name) => ({ account: this.#account(name) }));
    const found = new Map<string, Secret>();
    for (const [index, name] of names.entries()) {
      const bytes = values[index];
      if (bytes !== null && bytes !== undefined) found.set(name, secretOf(bytes));
    }
    return found;
  }

  async prepare(secrets: readonly StoredSecret[]): Promise<StoreReceipt> {
    for (const { name, value } of secrets) checkedBytes(name, value);
    const present = await this.get(secrets.map(({ name }) => name));
    const made: Record<string, string> = {};
    for (const { name, value } of secrets) {
      const before = present.get(name);
      if (before !== undefined && !before.equals(value)) throw nameTaken(name, "the keychain");
      if (before === undefined) made[name] = newParts();
    }
    return { made } satisfies Receipt;
  }

  async put(secrets: readonly StoredSecret[], receipt: StoreReceipt): Promise<void> {
    const { made } = receipt as unknown as Receipt;
    await this.#write("put", secrets, (name) => made[name] ?? newParts());
  }

  async takeBack(secrets: readonly StoredSecret[], receipt: StoreReceipt): Promise<void> {
    const { made } = receipt as unknown as Receipt;
    const ours = secrets.filter(({ name }) => Object.hasOwn(made, name));
    await this.#write("takeBack", ours, (name) => made[name] ?? newParts());
  }

  async replace(secrets: readonly StoredSecret[]): Promise<void> {
    await this.#write("replace", secrets, newParts);
  }

  async remove(names: readonly string[]): Promise<void> {
    await this.#call("remove", names, (name) => ({ account: this.#account(name) }));
  }

  notes(): readonly string[] {
    return [];
  }

  #account(name: string): string {
    return `${this.#prefix}${name}`;
  }

  async #write(
    operation: "put" | "replace" | "takeBack",
    secrets: readonly StoredSecret[],
    partsOf: (name: string) => string,
  ): Promise<void> {
    const values = new Map(secrets.map(({ name, value }) => [name, checkedBytes(name, value)]));
    await this.#call(operation, [...values.keys()], (name) => ({
      account: this.#account(name),
      value: values.get(name) ?? new Uint8Array(),
      parts: partsOf(name),
    }));
  }

  async #call(
    operation: KeychainRequest["operation"],
    names: readonly string[],
    itemOf: (name: string) => KeychainItem,
  ): Promise<readonly (Uint8Array | null)[]> {
    if (names.length === 0) return [];
    const result: CallResult = await callKeychain({ operation, items: names.map(itemOf) }, this.#context);
    if ("values" in result) return result.values;
    throw keychainError(result, names, this.#context);
  }
}

function newParts(): string {
  return randomBytes(8).toString("hex");
}

function checkedBytes(name: string, value: Secret): Buffer {
  const refuse = (why: string, hint: string): never => {
    throw new KnownError(
      ExitCode.findings,
      "value-refused",
      `${name} cannot be kept in the keychain: ${why}`,
      { hint },
    );
  };
  const bytes = bytesOf(value);
  if (bytes === null) return refuse("it is no valid text", "Look at what it was made from.");
  if (bytes.length > LARGEST_VALUE_BYTES)
    return refuse(
      `it has more than ${LARGEST_VALUE_BYTES} bytes`,
      "Keep it in a file that git ignores, and stow its path.",
    );
  return bytes;
}
