import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Repo } from "../helpers/repo.ts";
import { run } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";

/** What the next commit must do. */
type Outcome = "blocked" | "passes" | "incomplete";

export interface Row {
  readonly name: string;
  readonly outcome: Outcome;
  /** Files of the first commit; `false` leaves HEAD unborn. */
  readonly base?: Record<string, string | Buffer> | false;
  /** Brings the repository to the point of the commit. `leak` is a line of code with a token. */
  readonly act: (repo: Repo, leak: string) => Promise<unknown> | void;
  /** Arguments of `git commit`, after `-m`. */
  readonly commit?: readonly string[];
  /** Environment of the commit. */
  readonly env?: (repo: Repo) => Record<string, string>;
  /** The commit is made in this folder. */
  readonly cwd?: string;
  readonly says?: RegExp;
}

/** Writes files and stages everything. */
export const stage = async (repo: Repo, files: Record<string, string | Buffer>): Promise<void> => {
  repo.write(files);
  await repo.git("add", "-A");
};

/** The first commit of most rows. */
export const base = { "README.md": "# hello\n", "a.js": "export const a = 1;\n" };

/** Runs a command in the hook, before the shim. */
export function wrapHook(repo: Repo, command: string): void {
  const hook = path.join(repo.dir, ".git/hooks/pre-commit");
  const shim = path.join(repo.dir, ".git/hooks/pre-commit-shim");
  renameSync(hook, shim);
  writeFileSync(hook, `#!/bin/sh\n${command} || exit 9\nexec sh "${shim}"\n`, { mode: 0o755 });
}

/** Makes the commit that a row is about. */
export async function commit(repo: Repo, row: Pick<Row, "commit" | "env" | "cwd">): Promise<Ran> {
  const cwd = path.join(repo.dir, row.cwd ?? ".");
  return await run("git", ["commit", "-q", "-m", "next", ...(row.commit ?? [])], {
    cwd,
    env: row.env?.(repo) ?? {},
  });
}

/** Id of HEAD; empty where it is unborn. */
export async function head(repo: Repo): Promise<string> {
  return (await repo.git("rev-parse", "-q", "--verify", "HEAD")).stdout;
}
