import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { Keyring } from "../helpers/keyring.ts";
import { noteTree } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, runTool, scratch, scrubbed } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A repository in which the built tool is run, with a user's state that lasts, and a keyring. */
export interface Workplace {
  readonly repo: Repo;
  tool(args: string, input?: string | Buffer, env?: Env): Promise<Ran>;
  /** What `secrets get` prints, which must not be noted as an output that hides values. */
  get(args: string, env?: Env): { readonly code: number | null; readonly stdout: Buffer };
  manifest(): { projectId: string; secrets: Record<string, unknown> };
  read(file: string): string;
  /** The same user and keyring, in another repository. */
  in(other: Repo): Workplace;
  remove(): void;
}

export async function makeWorkplace(keyring: Keyring): Promise<Workplace> {
  const state = scratch("stowaway-state-");
  const place = workplace(await makeRepo({ commit: { "a.txt": "a" } }), state, keyring);
  return {
    ...place,
    remove: () => {
      noteTree("state", state);
      place.remove();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function workplace(repo: Repo, state: string, keyring: Keyring): Workplace {
  // Without the keyring's HOME: that of the run is watched for values.
  const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = keyring.env;
  const base: Env = { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR, XDG_STATE_HOME: state };
  const read = (file: string): string => readFileSync(path.join(repo.dir, file), "utf8");
  return {
    repo,
    read,
    tool: async (args, input = "", env = {}) =>
      await runTool(args.split(" "), { cwd: repo.dir, env: { ...base, ...env }, input }),
    get: (args, env = {}) => {
      const home = scratch();
      const options = { cwd: repo.dir, env: { ...scrubbed(home), ...base, ...env } };
      const command = [path.join(PROJECT, "dist/bin.cjs"), "secrets", "get", ...args.split(" ")];
      const { status, stdout } = spawnSync(process.execPath, command, options);
      rmSync(home, { recursive: true, force: true });
      return { code: status, stdout };
    },
    manifest: () => JSON.parse(read("stowaway.secrets.json")) as ReturnType<Workplace["manifest"]>,
    in: (other) => workplace(other, state, keyring),
    remove: () => {
      noteTree("git directory", path.join(repo.dir, ".git"));
      repo.remove();
    },
  };
}
