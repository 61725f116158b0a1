import { chmodSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, expect } from "vitest";
import { readRepository } from "../../../src/host/git.ts";
import { processHost } from "../../../src/host/host.ts";
import { applyChanges } from "../../../src/setup/apply.ts";
import { planSetup } from "../../../src/setup/plan.ts";
import type { SetupPlan } from "../../../src/setup/plan.ts";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";

/** Folders that go after each test. */
export const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A repository in which a stand-in for the installed shim prints "checked" and answers 1. */
export async function repository(files: Record<string, string> = {}): Promise<Repo> {
  const repo = await makeRepo();
  folders.push(repo.dir);
  repo.write({ "node_modules/stowaway/hooks/pre-commit": "echo checked; exit 1\n", ...files });
  return repo;
}

export async function plan(repo: Repo, folder = ".", own = repo.dir): Promise<SetupPlan> {
  const host = { ...processHost(), cwd: path.join(repo.dir, folder) };
  return planSetup(host.cwd, await readRepository(host), own);
}

/** Sets up and tries a commit: what stops it, and on what. */
export async function setUp(
  repo: Repo,
  folder = ".",
): Promise<{ names: string[]; code: number | null; said: string }> {
  const planned = await plan(repo, folder);
  applyChanges(planned.changes);
  expect((await plan(repo, folder)).changes, "a second time there is nothing to do").toEqual([]);
  const { code, stdout, stderr } = await repo.git("commit", "--allow-empty", "-m", "try");
  return { names: planned.changes.map((change) => change.name), code, said: stdout + stderr };
}

export const MANIFEST = '{\n  "name": "demo",\n  "version": "1.0.0"\n}\n';
const HUSKY =
  '#!/usr/bin/env sh\n[ ! -f "$(dirname "$(dirname "$0")")/pre-commit" ] && exit 0\nsh -e "$(dirname "$(dirname "$0")")/pre-commit" "$@"\n';

export async function withHusky(repo: Repo, folder: string): Promise<void> {
  repo.write({ [`${folder}/_/h`]: "", [`${folder}/_/pre-commit`]: HUSKY });
  chmodSync(path.join(repo.dir, folder, "_/pre-commit"), 0o755);
  await repo.git("config", "core.hooksPath", `${folder}/_`);
}
