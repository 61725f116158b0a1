import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { noteOutput, noteTree } from "./ledger.ts";

/** The project's top folder. */
export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  /** Added to the scrubbed environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Buffer;
  /** Called once the process is there, for tests that interrupt it. */
  readonly started?: (pid: number) => void;
}

/**
 * An environment with nothing of the developer's in it: PATH, a scratch HOME and temporary folder, fixed git identity.
 *
 * @param home scratch HOME; the temporary folder is `tmp` in it
 */
export function scrubbed(home: string): Record<string, string> {
  const keep = [
    "PATH",
    "npm_config_nodedir",
    "npm_config_registry",
    "PIP_INDEX_URL",
    "STOWAWAY_TEST_PYTHON",
    "LANG",
  ];
  const kept = keep.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  const who = {
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
  return {
    ...Object.fromEntries(kept),
    ...who,
    HOME: home,
    USERPROFILE: home,
    // Nobody is there to be asked, though the tests may run on a terminal.
    CI: "1",
    XDG_CONFIG_HOME: path.join(home, ".config"),
    GIT_CONFIG_NOSYSTEM: "1",
    npm_config_cache: path.join(home, ".npm"),
    npm_config_update_notifier: "false",
  };
}

/** Makes a scratch folder that the caller removes; real path, so that comparisons hold where the temp folder is a link. */
export function scratch(name = "stowaway-test-"): string {
  return mkdtempSync(path.join(tmpdir(), name));
}

/** Runs any program in a scrubbed environment; its output counts as the tool's (a git commit prints the hook's). */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const home = scratch("stowaway-home-");
  const env: Record<string, string> = { ...scrubbed(home) };
  for (const [name, value] of Object.entries(options.env ?? {}))
    if (value === undefined) delete env[name];
    else env[name] = value;
  const child = spawn(command, args, { cwd: options.cwd ?? PROJECT, env, stdio: ["pipe", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined); // a child that does not read its input is no failure of the test
  child.stdin.end(options.input ?? "");
  if (child.pid !== undefined) options.started?.(child.pid);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit, by) => resolve([exit, by]));
  });
  const ran = { code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  const from = `${path.basename(command)} ${args.join(" ").slice(0, 80)}`;
  noteOutput(from, Buffer.concat(out));
  noteOutput(from, Buffer.concat(err));
  noteTree(`HOME after ${from}`, home);
  rmSync(home, { recursive: true, force: true });
  return ran;
}

/** Runs the built CLI: `runTool(["check-pack", dir])`. */
export async function runTool(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return await run(process.execPath, [path.join(PROJECT, "dist/bin.cjs"), ...args], options);
}
