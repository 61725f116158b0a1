/**
 * The child process that talks to the keychain, for a call that hangs can only be ended with its process. It is asked
 * once over IPC, answers, and goes; without a parent it goes at once.
 */
import type { AsyncEntry, findCredentialsAsync } from "@napi-rs/keyring";
import { joinParts, layOut, partAccount, readHeader, SERVICE, UP } from "./keychain-protocol.ts";
import type { KeychainAnswer, KeychainItem, KeychainRequest, Trouble } from "./keychain-protocol.ts";

interface Library {
  readonly AsyncEntry: typeof AsyncEntry;
  readonly findCredentialsAsync: typeof findCredentialsAsync;
}

/** Without it the library falls back to the kernel's keyring, which forgets everything at the next start. */
const OPTIONS = { linux: { store: "secret-service" } } as const;

class Problem extends Error {
  readonly trouble: Trouble;
  readonly detail: string | null;

  constructor(trouble: Trouble, detail: string | null = null) {
    super(trouble);
    this.trouble = trouble;
    this.detail = detail;
  }
}

/** By what the library and the systems below it say; nothing else of their texts is passed on, for it might be a value. */
const TROUBLES: readonly (readonly [RegExp, Trouble])[] = [
  [/prompt was dismissed|cancell?ed/i, "dismissed"],
  [/IsLocked|is locked|interaction is not allowed/i, "locked"],
  [/no result found/i, "no-collection"],
  [/matched by \d+ credentials|ambiguous/i, "ambiguous"],
  [/AccessDenied|\bdenied\b|not permitted|not correct/i, "denied"],
  [
    /not provided by any|ServiceUnknown|Failed to connect|autolaunch|server address|no secret service|address type|Spawn\.|NoServer|logon session|1312/i,
    "absent",
  ],
];

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : "";
  const trouble = TROUBLES.find(([pattern]) => pattern.test(message))?.[1] ?? "failed";
  return new Problem(trouble, /org\.freedesktop\.[\w.]{1,80}|-\d{3,6}\b/.exec(message)?.[0] ?? null);
}

class Keychain {
  readonly #library: Library;
  /** By account: values that were read all at once. */
  readonly #seen = new Map<string, Uint8Array>();

  constructor(library: Library) {
    this.#library = library;
  }

  /**
   * Whether it is there and, as far as it tells without asking the user, open.
   *
   * A service mute or missing shows here, in a call that can be waited for; making an entry would block. All of our values
   * come with it, in the time that one costs.
   *
   * @param attended whether a closed one may be passed over, since the user can be asked
   * @param keep whether the values may be what `read` answers
   */
  async probe(attended: boolean, keep: boolean): Promise<void> {
    if (process.platform !== "linux") return;
    try {
      const all = await this.#library.findCredentialsAsync(SERVICE);
      if (keep) this.#keep(all);
    } catch (error) {
      const problem = problemOf(error);
      if (!attended || problem.trouble !== "locked") throw problem;
    }
  }

  /** Not those of which there are two, nor bytes that are no text: they were changed on the way. */
  #keep(all: readonly { readonly account: string; readonly password: string }[]): void {
    const counts = new Map<string, number>();
    for (const { account } of all) counts.set(account, (counts.get(account) ?? 0) + 1);
    for (const { account, password } of all)
      if (counts.get(account) === 1 && !password.includes("\ufffd"))
        this.#seen.set(account, Buffer.from(password));
  }

  async read(account: string): Promise<Uint8Array | null> {
    const main = await this.#get(account);
    const header = main === null ? null : readHeader(main);
    if (header === null) return main;
    const parts: Uint8Array[] = [];
    for (let index = 0; index < header.count; index += 1) {
      const part = await this.#get(partAccount(account, header.parts, index));
      if (part === null) throw new Problem("damaged");
      parts.push(part);
    }
    const value = joinParts(header, parts);
    if (value === null) throw new Problem("damaged");
    return value;
  }

  async put({ account, value, parts }: Required<KeychainItem>): Promise<void> {
    const present = await this.read(account);
    if (present !== null && !same(present, value)) throw new Problem("taken");
    if (present === null) await this.#write(account, value, parts);
  }

  async replace({ account, value, parts }: Required<KeychainItem>): Promise<void> {
    const before = await this.#get(account);
    await this.#write(account, value, parts);
    if (before !== null) await this.#removeParts(account, readHeader(before));
  }

  /** The header goes first: without it parts are nothing, and the other way round a value would be damaged. */
  async takeBack({ account, value, parts }: Required<KeychainItem>): Promise<void> {
    const layout = layOut(value, parts);
    const present = await this.#get(account);
    if (present !== null && same(present, layout.main)) await this.#delete(account);
    for (const index of layout.parts.keys()) await this.#delete(partAccount(account, parts, index));
  }

  async remove(account: string): Promise<void> {
    const present = await this.#get(account);
    if (present === null) return;
    await this.#delete(account);
    await this.#removeParts(account, readHeader(present));
  }

  /** Parts first, so that the header is there only once they all are. */
  async #write(account: string, value: Uint8Array, parts: string): Promise<void> {
    const layout = layOut(value, parts);
    for (const [index, part] of layout.parts.entries())
      await this.#set(partAccount(account, parts, index), part);
    await this.#set(account, layout.main);
    const written = await this.read(account);
    if (written === null || !same(written, value)) throw new Problem("lost");
  }

  async #removeParts(account: string, header: ReturnType<typeof readHeader>): Promise<void> {
    for (let index = 0; index < (header?.count ?? 0); index += 1)
      await this.#delete(partAccount(account, header?.parts ?? "", index));
  }

  async #get(account: string): Promise<Uint8Array | null> {
    const seen = this.#seen.get(account);
    if (seen !== undefined) return seen;
    const bytes = await this.#entry(account).getSecret();
    return bytes === null ? null : Uint8Array.from(bytes);
  }

  async #set(account: string, bytes: Uint8Array): Promise<void> {
    await this.#entry(account).setSecret(bytes);
  }

  async #delete(account: string): Promise<void> {
    await this.#entry(account).deleteCredential();
  }

  #entry(account: string): AsyncEntry {
    return new this.#library.AsyncEntry(SERVICE, account, OPTIONS);
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

async function perform(
  keychain: Keychain,
  operation: KeychainRequest["operation"],
  item: KeychainItem,
): Promise<Uint8Array | null> {
  const full = { value: new Uint8Array(), parts: "", ...item };
  if (operation === "get") return keychain.read(item.account);
  if (operation === "put") await keychain.put(full);
  if (operation === "replace") await keychain.replace(full);
  if (operation === "takeBack") await keychain.takeBack(full);
  if (operation === "remove") await keychain.remove(item.account);
  return null;
}

async function answer({ operation, items, attended }: KeychainRequest): Promise<KeychainAnswer> {
  let index: number | null = null;
  try {
    const library = await loading;
    if (library === null) throw new Problem("library");
    const keychain = new Keychain(library);
    await keychain.probe(attended && operation !== "probe", operation === "get");
    const values: (Uint8Array | null)[] = [];
    // One after the other: macOS refuses what comes at the same time.
    for (const [at, item] of items.entries()) {
      index = at;
      values.push(await perform(keychain, operation, item));
    }
    return { values };
  } catch (error) {
    const { trouble, detail } = problemOf(error);
    return { trouble, index, detail };
  }
}

/** A process that was started ahead, and then was not needed, must not stay as long as its parent. */
const UNASKED_MS = 30_000;

process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
const unasked = setTimeout(() => process.kill(process.pid, "SIGKILL"), UNASKED_MS);
process.once("message", (request) => {
  clearTimeout(unasked);
  void answer(request as KeychainRequest).then((result) => process.send?.(result));
});
const loading: Promise<Library | null> = import("@napi-rs/keyring").catch(() => null);
// From here on it is the keychain that takes its time, and not the machine.
void loading.then(() => process.send?.(UP));
