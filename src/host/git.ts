import { resolve } from "node:path";
import { simpleGit } from "simple-git";
import type { Environment, Host } from "./host.ts";
import { IncompleteError, UsageError } from "../model/errors.ts";

/** Where a repository keeps what installing a hook needs; all paths absolute. */
export interface Repository {
  /** Top of the work tree, in which git starts its hooks. */
  readonly top: string;
  /** The git directory; of a linked worktree, that of the main one. */
  readonly commonDir: string;
  /** Folder in which git looks for hooks; it need not exist. */
  readonly hooks: string;
  /** Whether `core.hooksPath` decides on that folder. */
  readonly hooksPath: boolean;
}

/**
 * Asks git about the repository that the working folder is in.
 *
 * @throws UsageError outside of a work tree; IncompleteError where git is missing or refuses
 */
export async function readRepository(host: Host): Promise<Repository> {
  const top = await ask(host, host.cwd, ["rev-parse", "--show-toplevel"]);
  if (top === "") {
    throw new UsageError("no-work-tree", "this repository has no work tree", { path: host.cwd });
  }
  // Relative answers are relative to the folder git runs in. (--path-format=absolute is younger than git 2.25.)
  const commonDir = await ask(host, top, ["rev-parse", "--git-common-dir"]);
  const hooks = await ask(host, top, ["rev-parse", "--git-path", "hooks"]);
  // Without a default git would answer 1 for nothing, and simple-git take any warning beside it for a failure.
  const hooksPath = await ask(host, top, ["config", "--default", "", "--get", "core.hooksPath"]);
  return { top, commonDir: resolve(top, commonDir), hooks: resolve(top, hooks), hooksPath: hooksPath !== "" };
}

/** Variables that say which repository and which configuration files are meant. */
const PLACE = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_CEILING_DIRECTORIES",
  "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
]);
/** What simple-git refuses to start git with, though it runs for none of our questions. */
const REFUSED = /^(?:GIT_.*|EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS)$/;
const SAFE = "safe.directory";

/** The environment without settings that hold for this one process only; messages come untranslated, for `explain`. */
function environment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (value !== undefined && (PLACE.has(upper) || !REFUSED.test(upper))) kept[name] = value;
  }
  return { ...kept, ...safeFolders(env), LC_ALL: "C" };
}

/** Containers often name the folders that git may trust in the environment only. */
function safeFolders(env: Environment): Record<string, string> {
  const count = Number(env["GIT_CONFIG_COUNT"] ?? 0);
  const values: string[] = [];
  for (let index = 0; index < count; index++) {
    const [key, value] = [env[`GIT_CONFIG_KEY_${index}`], env[`GIT_CONFIG_VALUE_${index}`]];
    if (key === undefined || value === undefined) break;
    if (key.toLowerCase() === SAFE) values.push(value);
  }
  if (values.length === 0) return {};
  const pairs = values.flatMap((value, index) => [
    [`GIT_CONFIG_KEY_${index}`, SAFE] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(values.length), ...Object.fromEntries(pairs) };
}

async function ask(host: Host, folder: string, question: readonly string[]): Promise<string> {
  const env = environment(host.env);
  // Left alone, simple-git drops GIT_DIR, GIT_WORK_TREE and their kin, and so answers about another repository.
  const allowEnvironment = Object.keys(env).filter((name) => name.toUpperCase().startsWith("GIT_"));
  const unsafe = { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true };
  try {
    const git = simpleGit({ baseDir: folder, allowEnvironment, unsafe }).env(env);
    const answer = await git.raw(...question);
    return answer.replace(/\r?\n$/, "");
  } catch (cause) {
    throw explain(cause, host.cwd);
  }
}

function explain(cause: unknown, folder: string): Error {
  const message = cause instanceof Error ? cause.message : "";
  if (/\bENOENT\b/.test(message)) {
    return new IncompleteError("git-missing", "git cannot be started", {
      hint: "Install git 2.25 or newer, and put it on the PATH.",
      cause,
    });
  }
  if (/not a git repository/i.test(message)) {
    return new UsageError("no-repository", "this is not a git repository", {
      path: folder,
      hint: "Run git init first, or change into the repository.",
    });
  }
  if (/must be run in a work tree/i.test(message)) {
    return new UsageError("no-work-tree", "this repository has no work tree", { path: folder });
  }
  return new IncompleteError("git-failed", "git cannot read this repository", {
    path: folder,
    hint: "See what git status says here.",
    cause,
  });
}
