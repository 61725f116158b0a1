import { Secret } from "../../src/model/secret.ts";
import type { PlainEdit, SecretEdit, Splice, StoreKind, Transaction } from "../../src/model/transaction.ts";
import type { WorkRepository } from "../../src/remedy/repository.ts";
import { readSides } from "../../src/remedy/sides.ts";

export const NAME = "GITHUB_TOKEN";
export const AFTER = "process.env.GITHUB_TOKEN";

export interface TransactionOptions {
  readonly plain?: readonly PlainEdit[];
  readonly untrack?: readonly string[];
  readonly after?: string;
  readonly encoding?: SecretEdit["encoding"];
  readonly store?: StoreKind;
}

/** Splices for every occurrence of the secret. */
function splicesOf(bytes: Buffer, secret: string, after: string, encoding: SecretEdit["encoding"]): Splice[] {
  const value = Buffer.from(secret, encoding);
  const splices: Splice[] = [];
  for (let at = bytes.indexOf(value); at >= 0; at = bytes.indexOf(value, at + value.length))
    splices.push({ at, before: [{ name: NAME }], after });
  return splices;
}

/** A transaction that takes the secret out of these files, in both forms of each, as a plan would. */
export function transactionOf(
  repo: WorkRepository,
  secret: string,
  paths: readonly string[],
  { plain = [], untrack = [], after = AFTER, encoding = "utf8", store = "keychain" }: TransactionOptions = {},
): Transaction {
  const edits = paths.flatMap((shown): SecretEdit[] => {
    const { worktree, index, filtered, problem } = readSides(repo, shown);
    if (problem !== null) throw new Error(`${shown}: ${problem}`);
    const side = (bytes: Buffer | undefined) => {
      const splices = bytes === undefined ? [] : splicesOf(bytes, secret, after, encoding);
      return bytes === undefined || splices.length === 0 ? null : { before: bytes, splices };
    };
    const onDisk = side(worktree?.bytes);
    const filteredEdit = filtered && index !== null && onDisk !== null;
    const staged = untrack.includes(shown)
      ? null
      : filteredEdit
        ? { clean: true as const }
        : side(index?.bytes);
    return onDisk === null && staged === null
      ? []
      : [{ path: shown, encoding, worktree: onDisk, index: staged }];
  });
  const secrets = edits.length === 0 ? [] : [{ name: NAME, value: new Secret(secret) }];
  return { projectId: "test", store, secrets, plain, edits, untrack };
}

/** An edit of both forms of a file without values: a line more at its end. */
export function appended(repo: WorkRepository, shown: string, line: string): PlainEdit {
  const { worktree, index } = readSides(repo, shown);
  const longer = (bytes: Buffer | undefined): Buffer =>
    Buffer.concat([bytes ?? Buffer.alloc(0), Buffer.from(`${line}\n`)]);
  const [before, staged] = [worktree?.bytes ?? null, index?.bytes ?? null];
  return {
    path: shown,
    worktree: { before, after: longer(worktree?.bytes) },
    index: before !== null && staged === null ? null : { before: staged, after: longer(index?.bytes) },
  };
}
