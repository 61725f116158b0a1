import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gitCall } from "../host/plumbing.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import { readBlobs } from "./index-reader.ts";
import { readRuns } from "./journal.ts";
import type { Run } from "./journal.ts";
import type { WorkRepository } from "./repository.ts";

/** A work tree of the same clone. */
interface OtherTree {
  /** Absolute. */
  readonly top: string;
  readonly stateDir: string;
  /** Names its HEAD, from any work tree (git-rev-parse(1), `worktrees/`). */
  readonly head: string;
}

/** A run that moved the same value, in this work tree or another one. */
interface OtherRun {
  readonly run: Run;
  /** Top of its work tree; null for this one. */
  readonly top: string | null;
}

/** Names that a run has put into the store; the others were there before. Both stores note them under this word. */
export function namesMade({ receipt }: Run): readonly string[] {
  const made = receipt?.["made"] ?? [];
  return Array.isArray(made) ? made.filter((name) => typeof name === "string") : Object.keys(made);
}

/** Later runs whose files get a value that this run has put into the store. */
export function laterUsers(repo: WorkRepository, run: Run): OtherRun[] {
  const made = new Set(namesMade(run));
  if (made.size === 0) return [];
  const uses = (other: Run): boolean =>
    (other.state === "applied" || other.state === "closed") &&
    other.projectId === run.projectId &&
    other.store.origin === run.store.origin &&
    other.secrets.some(({ name }) => made.has(name));
  const own = readRuns(repo).filter((other) => other.id > run.id && uses(other));
  const elsewhere = othersOf(repo, run).flatMap(({ top, stateDir }) =>
    readRuns({ ...repo, stateDir })
      .filter((other) => other.started > run.started && uses(other))
      .map((other) => ({ run: other, top })),
  );
  return [...own.map((other) => ({ run: other, top: null })), ...elsewhere];
}

/**
 * Names that must stay in the store although the run that put them there is taken back, with the reason, one clause each: a
 * run that was closed uses them, or another work tree has the list they stand in.
 */
export function neededElsewhere(repo: WorkRepository, run: Run): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  const made = namesMade(run);
  if (made.length === 0) return needed;
  for (const { run: other, top } of laterUsers(repo, run)) {
    const where = top === null ? "" : ` in ${top}`;
    for (const { name } of other.secrets)
      if (made.includes(name)) needed.set(name, `run ${other.id}${where} uses it`);
  }
  for (const tree of othersOf(repo, run)) {
    const lists = listsOf(repo, tree).filter((text) => text.includes(run.projectId));
    for (const name of made)
      if (lists.some((text) => text.includes(JSON.stringify(name)))) needed.set(name, `${tree.top} uses it`);
  }
  return needed;
}

/** Work trees that share the run's store: a dotenv file is one work tree's own. */
function othersOf(repo: WorkRepository, { store }: Run): OtherTree[] {
  return store.kind === "keychain" ? otherTrees(repo) : [];
}

/** Gitrepository-layout(5), `worktrees/<id>/gitdir`. */
function otherTrees({ gitDir, commonDir, top }: WorkRepository): OtherTree[] {
  const linked = namesIn(path.join(commonDir, "worktrees")).flatMap((id): OtherTree[] => {
    const own = path.join(commonDir, "worktrees", id);
    const text = readText(path.join(own, "gitdir"));
    if (text === null) return [];
    const link = path.resolve(own, text.replace(/\r?\n$/, ""));
    return [{ top: path.dirname(link), stateDir: path.join(own, "stowaway"), head: `worktrees/${id}/HEAD` }];
  });
  const main = {
    top: path.basename(commonDir) === ".git" ? path.dirname(commonDir) : commonDir,
    stateDir: path.join(commonDir, "stowaway"),
    head: "main-worktree/HEAD",
  };
  const isThis = (tree: OtherTree): boolean =>
    tree.top === top || tree.stateDir === path.join(gitDir, "stowaway");
  return [main, ...linked].filter((tree) => !isThis(tree));
}

/** The list of names, as that work tree has it on the disk and in its HEAD. */
function listsOf(repo: WorkRepository, { top, head }: OtherTree): string[] {
  const onDisk = readText(path.join(top, MANIFEST_FILE));
  const committed = [...manifestsOf(repo, [head]).values()];
  return [...(onDisk === null ? [] : [onDisk]), ...committed];
}

/** The lists of names in commits, by what the commits were called. */
export function manifestsOf(repo: WorkRepository, commits: readonly string[]): Map<string, string> {
  const ids = blobsAt(
    repo,
    commits.map((commit) => `${commit}:${MANIFEST_FILE}`),
  );
  const blobs = readBlobs(repo, [...ids.values()]);
  return new Map(
    commits.flatMap((commit) => {
      const blob = blobs.get(ids.get(`${commit}:${MANIFEST_FILE}`) ?? "");
      return blob === undefined ? [] : [[commit, blob.toString()] as const];
    }),
  );
}

/**
 * Ids of blobs in commits.
 *
 * @param names `COMMIT:PATH`
 * @returns by these names; those that are not there are left out
 */
export function blobsAt({ place }: WorkRepository, names: readonly string[]): Map<string, string> {
  const asked = names.filter((name) => !name.includes("\n"));
  if (asked.length === 0) return new Map();
  const input = Buffer.from(asked.map((name) => `${name}\n`).join(""));
  const lines = gitCall(place, ["cat-file", "--batch-check"], { input }).stdout.toString().split("\n");
  return new Map(
    asked.flatMap((name, at) => {
      const id = /^([0-9a-f]{40,64}) blob \d+$/.exec(lines[at] ?? "")?.[1];
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
