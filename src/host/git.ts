import { resolve } from "node:path";
import { simpleGit } from "simple-git";
import type { Host } from "./host.ts";
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
  const hooksPath = await ask(host, top, ["config", "--get", "core.hooksPath"]);
  return { top, commonDir: resolve(top, commonDir), hooks: resolve(top, hooks), hooksPath: hooksPath !== "" };
}

async function ask(host: Host, folder: string, question: readonly string[]): Promise<string> {
  // Left alone, simple-git drops GIT_DIR, GIT_WORK_TREE and their kin, and so answers about another repository.
  const allowEnvironment = Object.keys(host.env).filter((name) => name.toUpperCase().startsWith("GIT_"));
  try {
    const answer = await simpleGit({ baseDir: folder, allowEnvironment }).raw(...question);
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
