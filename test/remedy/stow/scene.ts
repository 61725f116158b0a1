import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";
import { runTool, scratch } from "../../helpers/run.ts";
import type { Ran } from "../../helpers/run.ts";
import { noteWritten } from "./state.ts";

/** A repository with a HOME that lasts over several runs. */
export interface Scene extends Repo {
  readonly home: string;
  tool(...args: string[]): Promise<Ran>;
  toolWith(env: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<Ran>;
  /** A file's text; null where there is none. */
  read(name: string): string | null;
}

/** @param files of the work tree; all are staged */
export async function makeScene(
  files: Readonly<Record<string, string | Buffer>>,
  options: { commit?: Record<string, string | Buffer> } = {},
): Promise<Scene> {
  const repo = await makeRepo({ commit: { "README.md": "demo\n", ...options.commit } });
  const home = scratch("stowaway-scene-");
  repo.write(files);
  await repo.git("add", "-A");
  const toolWith: Scene["toolWith"] = async (env, ...args) =>
    await runTool(args, { cwd: repo.dir, env: { HOME: home, ...env } });
  return {
    ...repo,
    home,
    toolWith,
    tool: async (...args) => await toolWith({}, ...args),
    read: (name) => {
      const file = path.join(repo.dir, name);
      return existsSync(file) ? readFileSync(file, "utf8") : null;
    },
    remove: () => {
      noteWritten(repo);
      repo.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
