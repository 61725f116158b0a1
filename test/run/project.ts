import { writeFileSync, chmodSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import type { Manifest, ManifestSecret } from "../../src/model/manifest.ts";
import { MANIFEST_FILE } from "../../src/model/manifest.ts";
import { bind } from "../../src/vault/trust.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { runTool, scratch } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";

/** A repository with stowed secrets, trusted by a user of its own. */
export interface SecretProject extends Repo {
  readonly home: string;
  /** What a command is to be run with. */
  readonly env: Readonly<Record<string, string>>;
  readonly manifest: Manifest;
  /** Runs the built CLI in the project, as that user. */
  tool(
    args: readonly string[],
    options?: { cwd?: string; env?: Record<string, string>; input?: string },
  ): Promise<Ran>;
}

const FROM = ["dotenv:.env.local"];

/**
 * @param values by name, kept in `.env.local`; null for a name without a value
 * @param entries what the manifest says of a name, beside where it is kept
 */
export async function makeSecretProject(
  values: Readonly<Record<string, string | null>>,
  entries: Readonly<Record<string, Partial<ManifestSecret>>> = {},
): Promise<SecretProject> {
  const repo = await makeRepo({ commit: { ".gitignore": ".env.*\n" } });
  const home = realpathSync(scratch("stowaway-home-"));
  const names = [...new Set([...Object.keys(values), ...Object.keys(entries)])];
  const manifest: Manifest = {
    version: 1,
    projectId: "0123456789abcdef".repeat(2),
    secrets: Object.fromEntries(names.map((name) => [name, { from: FROM, ...entries[name] }])),
  };
  const lines = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`${name}='${value}'\n`],
  );
  repo.write({ [MANIFEST_FILE]: JSON.stringify(manifest, null, 2) });
  writeFileSync(path.join(repo.dir, ".env.local"), lines.join(""), { mode: 0o600 });
  chmodSync(path.join(repo.dir, ".env.local"), 0o600);
  const env = { HOME: home };
  const { projectId } = manifest;
  const commonDir = path.join(realpathSync(repo.dir), ".git");
  await bind({ projectId, commonDir, top: repo.dir, owned: true, env, platform: process.platform });
  return {
    ...repo,
    home,
    env,
    manifest,
    tool: async (args, options = {}) =>
      await runTool(args, { cwd: repo.dir, ...options, env: { ...env, ...options.env } }),
    remove: () => {
      repo.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The words that make a shell print a variable's value so that no test's output holds it: its digest. */
export function digestOf(name: string): string {
  return `printf %s "$${name}" | sha256sum`;
}
