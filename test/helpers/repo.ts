import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PROJECT, run, scratch, type Ran } from "./run.ts";

/** A scratch repository with real git; `await using` or `remove()` takes it away. */
export interface Repo {
  readonly dir: string;
  git(...args: string[]): Promise<Ran>;
  /** Writes files, given by path relative to the repository. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  /** Puts the project's own shim in as the native pre-commit hook, bound to the built bundle. */
  installHook(): void;
  remove(): void;
}

/** @param options.commit files of a first commit; without them HEAD is unborn */
export async function makeRepo(options: { commit?: Record<string, string | Buffer> } = {}): Promise<Repo> {
  const dir = scratch("stowaway-repo-");
  const repo: Repo = {
    dir,
    git: async (...args) => await run("git", args, { cwd: dir }),
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        const file = path.join(dir, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    },
    installHook: () => {
      const hook = path.join(dir, ".git/hooks/pre-commit");
      mkdirSync(path.dirname(hook), { recursive: true });
      writeFileSync(hook, `#!/bin/sh\nexec sh "${PROJECT}hooks/pre-commit"\n`);
      chmodSync(hook, 0o755);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
  await repo.git("init", "-q", "-b", "main");
  if (options.commit !== undefined) {
    repo.write(options.commit);
    await repo.git("add", "-A");
    await repo.git("commit", "-q", "-m", "first");
  }
  return repo;
}
