import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { applyTransaction } from "../../src/remedy/apply.ts";
import { recover } from "../../src/remedy/recover.ts";
import { openRepository } from "../../src/remedy/repository.ts";
import { undo } from "../../src/remedy/undo.ts";
import { dotenvStore } from "../../src/vault/dotenv-store.ts";
import type { SecretStore } from "../../src/vault/store.ts";
import { fileStore } from "../helpers/file-store.ts";
import { appended, transactionOf } from "./transaction-of.ts";

/** What the built engine does; it stands in a file, as the secret must be in no argument list. */
export interface Job {
  readonly op: "stow" | "undo" | "recover";
  readonly secret: string;
  /** A file outside of the work tree; or `dotenv:NAME` for the real dotenv store. */
  readonly store: string;
  readonly paths: readonly string[];
  readonly untrack?: readonly string[];
  /** Lines that files without values get. */
  readonly lines?: Readonly<Record<string, string>>;
  /** Where the result goes. */
  readonly out?: string;
  /** Whether the look at the end fails. */
  readonly failing?: boolean;
}

async function work(job: Job): Promise<void> {
  const repo = openRepository({ cwd: process.cwd(), env: process.env });
  const store = openStore(job.store, repo);
  if (job.op === "recover") await recover(repo, async () => store);
  if (job.op === "undo") await undo(repo, async () => store);
  if (job.op !== "stow") return;
  const plain = Object.entries(job.lines ?? {}).map(([name, line]) => appended(repo, name, line));
  const options = { plain, untrack: job.untrack ?? [], store: store.kind };
  const verify = async (): Promise<void> => {
    if (job.failing === true) throw new Error("the look failed");
  };
  const applied = await applyTransaction(transactionOf(repo, job.secret, job.paths, options), {
    repo,
    store,
    verify,
  });
  if (job.out !== undefined) writeFileSync(job.out, JSON.stringify(applied));
}

function openStore(name: string, { top, commonDir }: ReturnType<typeof openRepository>): SecretStore {
  if (path.isAbsolute(name)) return fileStore(name);
  const file = name.slice("dotenv:".length);
  return dotenvStore({ cwd: top, env: process.env, top, commonDir, file, isPublished: async () => null });
}

work(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job).catch((error: unknown) => {
  const { name, message, code, path: place } = error as Error & { code?: string; path?: string };
  process.stderr.write(`${JSON.stringify({ name, message, code, path: place })}\n`);
  process.exitCode = 1;
});
