import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, expect } from "vitest";
import { applyTransaction } from "../../src/remedy/apply.ts";
import type { AppliedRun } from "../../src/remedy/apply.ts";
import { openRepository } from "../../src/remedy/repository.ts";
import type { WorkRepository } from "../../src/remedy/repository.ts";
import { undo } from "../../src/remedy/undo.ts";
import type { SecretStore } from "../../src/vault/store.ts";
import { fileStore } from "../helpers/file-store.ts";
import { noteOutput, noteTree } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { scratch, scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";
import { NAME, transactionOf } from "./transaction-of.ts";
import type { TransactionOptions } from "./transaction-of.ts";

type Files = Readonly<Record<string, string | Buffer>>;

export interface StowOptions extends TransactionOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly verify?: () => Promise<void>;
}

/** A repository, a store outside of it, and a secret. */
export interface Bench extends Repo {
  readonly secret: string;
  readonly store: SecretStore;
  readonly storeFile: string;
  readonly env: Readonly<Record<string, string>>;
  open(env?: Readonly<Record<string, string>>): WorkRepository;
  /** Moves the secret out of these files, in both forms of each. */
  stow(paths: readonly string[], more?: StowOptions): Promise<AppliedRun>;
  undo(id?: number): Promise<void>;
  stored(): Promise<string | undefined>;
}

const benches: Bench[] = [];
afterEach(() => {
  for (const made of benches.splice(0)) {
    made.remove();
    rmSync(path.dirname(made.storeFile), { recursive: true, force: true });
  }
});

/** Takes itself away after the test. @param files of a first commit; without them HEAD is unborn */
export async function bench(files: ((secret: string) => Files) | null = null): Promise<Bench> {
  const secret = githubToken();
  const repo = await makeRepo(files === null ? {} : { commit: { ...files(secret) } });
  const home = scratch("stowaway-store-");
  const env = { ...scrubbed(home) };
  const storeFile = path.join(home, "values.json");
  const store = fileStore(storeFile);
  const open = (more = {}): WorkRepository => openRepository({ cwd: repo.dir, env: { ...env, ...more } });
  const made: Bench = {
    ...repo,
    secret,
    store,
    storeFile,
    env,
    open,
    stow: async (paths, more = {}) => {
      const opened = open(more.env);
      const verify = more.verify ?? (async () => undefined);
      return await applyTransaction(transactionOf(opened, secret, paths, more), {
        repo: opened,
        store,
        verify,
      });
    },
    undo: async (id) => void (await undo(open(), async () => store, id ?? null)),
    stored: async () => (await store.get([NAME])).get(NAME)?.expose(),
  };
  benches.push(made);
  return made;
}

export const read = (repo: Repo, name: string): string => readFileSync(path.join(repo.dir, name), "utf8");
/** Git whose output is none of the tool's: it shows what files hold. */
export function quietGit(repo: Repo, ...args: string[]): string {
  return spawnSync("git", args, { cwd: repo.dir, env: scrubbed(repo.dir), encoding: "utf8" }).stdout;
}

export const staged = (repo: Repo, name: string): string => quietGit(repo, "show", `:${name}`);

/** All that `undo` must restore: bytes, modes and links of the tree, entries with their bits, what git says of them. */
export async function snapshot(repo: Repo): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await repo.git(...args)).stdout.replaceAll("\0", "\n");
  const entries = await git("ls-files", "-s", "-v", "-z");
  return [treeOf(repo.dir), entries, await git("status", "--porcelain", "-z")].join("\n");
}

/** Bytes (as SHA-256), modes and links of everything below a folder, without git's own. */
export function treeOf(top: string): string {
  const lines: string[] = [];
  const walk = (folder: Buffer): void => {
    for (const name of readdirSync(folder, { encoding: "buffer" }).toSorted((a, b) => a.compare(b))) {
      if (name.toString() === ".git") continue;
      const file = Buffer.concat([folder, Buffer.from("/"), name]);
      const entry = lstatSync(file);
      const kind = entry.mode.toString(8);
      const shown = file.subarray(top.length).toString("latin1");
      if (entry.isDirectory()) {
        lines.push(`${kind} ${shown}`);
        walk(file);
      } else {
        const content = entry.isSymbolicLink() ? readlinkSync(file) : readFileSync(file);
        lines.push(`${kind} ${entry.nlink} ${createHash("sha256").update(content).digest("hex")} ${shown}`);
      }
    }
  };
  walk(Buffer.from(top));
  return lines.join("\n");
}

/** Notes all that we keep in the git directory, so that the leaks test looks through it. */
export function noteState(repo: Repo): void {
  const folder = path.join(repo.dir, ".git/stowaway");
  noteTree("the journal", folder);
  noteOutput("names in .git/stowaway", readdirSync(folder).join("\n"));
}

/** Stows, looks, and undoes again to what was there. */
export async function thereAndBack(
  repo: Bench,
  paths: readonly string[],
  look: (run: AppliedRun) => void | Promise<void>,
  more: StowOptions = {},
): Promise<void> {
  const before = await snapshot(repo);
  const applied = await repo.stow(paths, more);
  expect(await repo.stored()).toBe(repo.secret);
  noteState(repo);
  await look(applied);
  await repo.undo();
  expect(await snapshot(repo)).toBe(before);
  expect(await repo.stored()).toBe(undefined);
}
