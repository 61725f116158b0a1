import { createHash } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { createEmpty, proveHidden, readDotenv, refused, refusePath, removeEmpty } from "./dotenv-file.ts";
import type { DotenvContent, DotenvPlace } from "./dotenv-file.ts";
import { formOf, missing, refuseTwice, verifyText } from "./dotenv-check.ts";
import { removeDurably, temporaryName, writeDurably } from "./durable.ts";
import { withLock } from "./file-lock.ts";
import { isTracked, wasTracked } from "./git-facts.ts";
import type { SecretStore, StoreReceipt, StoreState } from "./store.ts";
import { appendDotenv, eolOf, lacksFinalEnd, removeDotenv, replaceDotenv } from "../formats/dotenv-edit.ts";
import { dotenvValues, parseDotenv } from "../formats/dotenv.ts";
import { systemReason } from "../host/system-reason.ts";
import { IncompleteError, KnownError } from "../model/errors.ts";
import { Secret } from "../model/secret.ts";
import type { StoredSecret } from "../model/transaction.ts";

export interface DotenvContext extends DotenvPlace {
  /** Absolute; the git directory that all worktrees share. */
  readonly commonDir: string;
  /**
   * Says by which packer a file would be published, null where by none.
   *
   * @param path relative to the top, `/` between parts
   */
  readonly isPublished: (path: string) => Promise<string | null>;
}

/** How a `put` is taken back. */
interface Receipt {
  readonly file: string;
  /** Permission bits before; null where there was no file. */
  readonly mode: number | null;
  /** UTF-16 length before. */
  readonly length: number;
  readonly lackedFinalEnd: boolean;
  /** Names that are added. */
  readonly made: readonly string[];
}

const OWNER_ONLY = 0o600;

/** A dotenv file as a store: nothing else in it changes. */
export function dotenvStore(context: DotenvContext): SecretStore {
  return new DotenvStore(context);
}

class DotenvStore implements SecretStore {
  readonly kind = "dotenv";
  readonly label: string;
  readonly origin: string;
  readonly #context: DotenvContext;
  readonly #notes = new Set<string>();

  constructor(context: DotenvContext) {
    this.#context = context;
    this.label = context.file;
    this.origin = `dotenv:${context.file}`;
  }

  async probe(): Promise<StoreState> {
    if (!wasTracked(this.#context, this.label)) return { kind: "ready" };
    const hint = 'Name a file in the configuration\'s "store" that was never committed.';
    return { kind: "denied", reason: `${this.label} was tracked by git`, hint };
  }

  async get(names: readonly string[]): Promise<ReadonlyMap<string, Secret>> {
    const values = dotenvValues((await readSafely(this.#context))?.entries ?? []);
    const found = new Map<string, Secret>();
    for (const name of names) {
      const value = values[name];
      if (value !== undefined) found.set(name, new Secret(value));
    }
    return found;
  }

  async prepare(secrets: readonly StoredSecret[]): Promise<StoreReceipt> {
    const content = await readSafely(this.#context);
    const made = missing(secrets, content, this.label);
    for (const { name, value } of secrets) if (made.has(name)) formOf(name, value, this.label);
    const text = content?.text ?? "";
    const receipt: Receipt = {
      file: this.label,
      mode: content?.mode ?? null,
      length: text.length,
      lackedFinalEnd: lacksFinalEnd(text),
      made: [...made],
    };
    return { ...receipt };
  }

  async put(secrets: readonly StoredSecret[]): Promise<void> {
    await this.#write(secrets, (content) => {
      const made = missing(secrets, content, this.label);
      return secrets
        .filter(({ name }) => made.has(name))
        .reduce((text, secret) => appendDotenv(text, secret.name, this.#form(secret)), content?.text ?? "");
    });
  }

  async takeBack(secrets: readonly StoredSecret[], receipt: StoreReceipt): Promise<void> {
    await takeBack(this.#context, secrets, receipt as unknown as Receipt);
  }

  async replace(secrets: readonly StoredSecret[]): Promise<void> {
    await this.#write(secrets, (content) => {
      refuseTwice(secrets, content, this.label);
      return secrets.reduce((text, secret) => {
        const entry = parseDotenv(text).find(({ key }) => key === secret.name);
        const written = this.#form(secret);
        return entry === undefined
          ? appendDotenv(text, secret.name, written)
          : replaceDotenv(text, entry, written);
      }, content?.text ?? "");
    });
  }

  async remove(names: readonly string[]): Promise<void> {
    await locked(this.#context, async (temporary) => {
      await refusePath(this.#context);
      const content = await readDotenv(this.#context);
      if (content === null) return;
      await save(
        this.#context,
        content,
        without(content.text, ({ key }) => names.includes(key)),
        temporary,
      );
    });
  }

  notes(): readonly string[] {
    return [...this.#notes];
  }

  #form({ name, value }: StoredSecret): string {
    const { text, warning } = formOf(name, value, this.label);
    if (warning !== null) this.#notes.add(`${name}: ${warning}.`);
    return text;
  }

  /** Proves that nobody else will see the file, then changes it, and reads it back. */
  async #write(
    secrets: readonly StoredSecret[],
    change: (content: DotenvContent | null) => string,
  ): Promise<void> {
    const context = this.#context;
    await locked(context, async (temporary) => {
      await proveHidden(context);
      const made = await createEmpty(context);
      try {
        await refusePublished(context);
        const content = await readDotenv(context);
        const after = change(content);
        verifyText(content?.text ?? "", after, secrets, this.label);
        if (content !== null && (content.mode & ~OWNER_ONLY) !== 0)
          this.#notes.add(`${this.label} was open to others; now only you can read it.`);
        await save(context, content, after, temporary);
      } finally {
        if (made) await removeEmpty(context);
      }
      await verifyFile(context, secrets);
    });
  }
}

async function refusePublished({ file, isPublished }: DotenvContext): Promise<void> {
  const publisher = await isPublished(file);
  if (publisher === null) return;
  throw refused(file, `this file would be published (${publisher})`, {
    hint: "Leave it out of the package first; stowaway check-pack --list shows what goes in and why.",
  });
}

/** A tracked file comes with the repository: what it holds is no secret of the user, and may be an attacker's choice. */
async function readSafely(place: DotenvPlace): Promise<DotenvContent | null> {
  await refusePath(place);
  if (isTracked(place, place.file))
    throw new IncompleteError("dotenv-tracked", "git tracks this file, so no value is read from it", {
      path: place.file,
      hint: `git rm --cached ${place.file} takes it out of the next commit.`,
    });
  return readDotenv(place);
}

async function verifyFile(context: DotenvContext, secrets: readonly StoredSecret[]): Promise<void> {
  const values = dotenvValues((await readDotenv(context))?.entries ?? []);
  const lost = secrets.find(({ name, value }) => values[name] !== value.expose());
  if (lost !== undefined)
    throw new IncompleteError("dotenv-lost", `${lost.name} is not in the file that it was written to`, {
      path: context.file,
    });
}

async function takeBack(
  context: DotenvContext,
  secrets: readonly StoredSecret[],
  receipt: Receipt,
): Promise<void> {
  const place = { ...context, file: receipt.file };
  const ours = new Map(secrets.map(({ name, value }) => [name, value]));
  await locked(place, async (temporary) => {
    await refusePath(place);
    const content = await readDotenv(place);
    if (content === null) return;
    let text = without(
      content.text,
      ({ key, value }) => receipt.made.includes(key) && ours.get(key)?.equals(new Secret(value)) === true,
    );
    const eol = eolOf(text);
    // The end that was put behind the last line, if nothing else came after it.
    if (receipt.lackedFinalEnd && text !== content.text && text.length === receipt.length + eol.length)
      text = text.slice(0, -eol.length);
    if (receipt.mode === null && text === "") {
      await removeDurably(join(place.top, place.file));
      return;
    }
    // Only what is as it was may be as open as it was.
    const mode = text.length === receipt.length ? (receipt.mode ?? content.mode) : content.mode;
    await save(place, content, text, temporary, mode);
  });
}

/**
 * Whether a dotenv file holds something else than before a `put`, which was taken back: then what keeps it out of git has
 * to stay.
 */
export async function holdsMore(place: DotenvPlace, receipt: StoreReceipt): Promise<boolean> {
  const { mode, length } = receipt as unknown as Receipt;
  const content = await readDotenv(place);
  return content !== null && (mode === null || content.text.length !== length);
}

function without(text: string, unwanted: (entry: { key: string; value: string }) => boolean): string {
  return parseDotenv(text)
    .filter(unwanted)
    .toReversed()
    .reduce((current, entry) => removeDotenv(current, entry), text);
}

async function save(
  { top, file }: DotenvPlace,
  before: DotenvContent | null,
  text: string,
  temporary: string,
  mode: number = (before?.mode ?? OWNER_ONLY) & OWNER_ONLY,
): Promise<void> {
  const path = join(top, file);
  if (before === null || before.text !== text) await writeDurably(path, Buffer.from(text), mode, temporary);
  else if (before.mode !== mode) await chmod(path, mode);
}

/** One lock a file, in the git directory, where nothing is committed or packed. */
async function locked<T>(context: DotenvContext, action: (temporary: string) => Promise<T>): Promise<T> {
  const path = join(context.top, context.file);
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const temporary = temporaryName();
  const left = join(path, "..", temporary);
  const lock = join(context.commonDir, "stowaway", `dotenv-${name}.lock`);
  try {
    return await withLock(lock, left, () => action(temporary));
  } catch (cause) {
    throw notWritten(context.file, cause);
  }
}

/** What the system says of a disk that is full or read-only, or of permissions, for people. */
function notWritten(file: string, cause: unknown): unknown {
  const reason = systemReason(cause);
  if (cause instanceof KnownError || reason === null) return cause;
  const { why, hint } = reason;
  return new IncompleteError("dotenv-unwritable", `cannot be written: ${why}`, { path: file, hint, cause });
}
