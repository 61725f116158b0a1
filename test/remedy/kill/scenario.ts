import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { recover } from "../../../src/remedy/recover.ts";
import { openRepository } from "../../../src/remedy/repository.ts";
import { dotenvStore } from "../../../src/vault/dotenv-store.ts";
import type { SecretStore } from "../../../src/vault/store.ts";
import { fileStore } from "../../helpers/file-store.ts";
import { noteOutput } from "../../helpers/ledger.ts";
import { scratch, scrubbed } from "../../helpers/run.ts";
import { treeOf } from "../bench.ts";
import type { Engine } from "../build-engine.ts";
import type { Job } from "../engine.ts";
import type { KillSettings } from "./killer.ts";

/** A repository in a known state, of which each kill gets a copy. */
export interface Scenario {
  readonly name: string;
  /** Absolute; holds `repo` and `store`, the folder of the store's file. */
  readonly folder: string;
  readonly secret: string;
  readonly job: Omit<Job, "op" | "secret" | "store">;
  /** As in `Job`; a relative path is one in the scenario's folder. */
  readonly store: string;
}

/** Which steps of a program are worth a kill. */
export interface Kills {
  readonly scenario: Scenario;
  readonly op: Job["op"];
  /** Begin at the first step whose line in the log matches. */
  readonly from?: RegExp;
  /** End behind the first step after that whose line matches. */
  readonly to?: RegExp;
}

const TORN_TOO = /^writeSync/;

/** Git need not wait for the disk: a kill loses nothing that was written, unlike a power failure. */
const QUICK = { GIT_TEST_FSYNC: "0" };

function storeOf({ store }: Scenario, folder: string): string {
  return store.startsWith("dotenv:") ? store : path.join(folder, store);
}

export function git(folder: string, ...args: string[]): string {
  const env = scrubbed(folder);
  const ran = spawnSync("git", args, { cwd: path.join(folder, "repo"), env, encoding: "latin1" });
  if (ran.status !== 0) throw new Error(`git ${args.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

/** Bytes, modes and links of the tree, the entries with their bits, and the store's own files. */
function stateOf(folder: string): string {
  const entries = git(folder, "ls-files", "-s", "-v", "-z").replaceAll("\0", "\n");
  return [treeOf(path.join(folder, "repo")), entries, treeOf(path.join(folder, "store"))].join("\n");
}

/** A copy with its hard links, which Node's own copying does not keep. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const { status } = spawnSync("cp", ["-a", from, to]);
  if (status !== 0) throw new Error("cannot copy");
}

/** Runs the engine in a copy. */
async function runEngine(
  engine: Engine,
  scenario: Scenario,
  folder: string,
  op: Job["op"],
  kill: KillSettings = {},
): Promise<{ readonly killed: boolean; readonly stderr: string }> {
  const job = engine.job({ ...scenario.job, op, secret: scenario.secret, store: storeOf(scenario, folder) });
  const args = ["--require", engine.killer, engine.file, job];
  const env = { ...scrubbed(folder), ...QUICK, ...kill };
  const child = spawn(process.execPath, args, {
    cwd: path.join(folder, "repo"),
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_, by) => resolve(by));
  });
  const stderr = Buffer.concat(said).toString();
  noteOutput(`the engine, ${op}`, stderr);
  rmSync(job);
  return { killed: signal === "SIGKILL", stderr };
}

/** Steps of a program that is not killed, one line each. */
async function stepsOf(engine: Engine, { scenario, op }: Kills): Promise<string[]> {
  const folder = path.join(scratch("stowaway-steps-"), "copy");
  const log = path.join(path.dirname(folder), "log");
  copy(scenario.folder, folder);
  const { stderr } = await runEngine(engine, scenario, folder, op, { KILL_LOG: log });
  const lines = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("  ("));
  rmSync(path.dirname(folder), { recursive: true });
  if (stderr !== "" && scenario.job.failing !== true) throw new Error(stderr);
  return lines;
}

/** Recovers in this process, which is another than the one that was killed. */
async function recoverIn(scenario: Scenario, folder: string): Promise<void> {
  const repo = openRepository({ cwd: path.join(folder, "repo"), env: { ...scrubbed(folder), ...QUICK } });
  const name = storeOf(scenario, folder);
  const store: SecretStore = path.isAbsolute(name)
    ? fileStore(name)
    : dotenvStore({
        cwd: repo.top,
        env: repo.place.env,
        top: repo.top,
        commonDir: repo.commonDir,
        file: name.slice("dotenv:".length),
        isPublished: async () => null,
      });
  await recover(repo, async () => store);
}

/** Files anywhere, git's own included, that hold the value in clear. */
function holders(folder: string, secret: string): string[] {
  const value = Buffer.from(secret);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => {
      const file = path.join(folder, name);
      return statSync(file).isFile() && readFileSync(file).includes(value);
    })
    .toSorted();
}

/**
 * Kills the program at each of its steps, then recovers.
 *
 * @param allowed states that may be there after that
 * @returns how many kills there were, and what went wrong
 */
export async function killEverywhere(
  engine: Engine,
  kills: Kills,
  allowed: readonly { readonly state: string; readonly holders: readonly string[] }[],
): Promise<{ readonly kills: number; readonly wrong: string[] }> {
  const { scenario, op, from, to } = kills;
  const steps = await stepsOf(engine, kills);
  const first = from === undefined ? 0 : steps.findIndex((line) => from.test(line));
  const last = to === undefined ? steps.length : steps.findIndex((line, at) => at >= first && to.test(line));
  if (first < 0 || last < 0) throw new Error(`no step matches ${String(first < 0 ? from : to)}`);
  const parent = scratch("stowaway-kill-");
  const wrong: string[] = [];
  const waiting = steps
    .map((line, at) => ({ line, at }))
    .filter(({ at }) => at >= first && at <= last)
    .flatMap(({ line, at }) =>
      (TORN_TOO.test(line) ? ["0", "1"] : ["0"]).map((torn) => ({ line, at, torn })),
    );
  const total = waiting.length;
  const work = async (lane: number): Promise<void> => {
    const folder = path.join(parent, String(lane));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { line, at, torn } = next;
      const label = `${scenario.name}, ${op} killed at ${at + 1}/${steps.length} (${line}${torn === "1" ? ", torn" : ""})`;
      copy(scenario.folder, folder);
      const { killed } = await runEngine(engine, scenario, folder, op, {
        KILL_AT: String(at + 1),
        KILL_TORN: torn,
      });
      const problem = killed ? await judge(scenario, folder, allowed) : "it was not killed";
      if (problem !== null) wrong.push(`${label}: ${problem}`);
    }
  };
  await Promise.all([1, 2].map(work));
  rmSync(parent, { recursive: true });
  return { kills: total, wrong };
}

/** Recovers, and says what is wrong then. */
async function judge(
  scenario: Scenario,
  folder: string,
  allowed: readonly { readonly state: string; readonly holders: readonly string[] }[],
): Promise<string | null> {
  try {
    await recoverIn(scenario, folder);
  } catch (error) {
    return `recovery failed: ${(error as Error).message}`;
  }
  const state = stateOf(folder);
  const match = allowed.find((each) => each.state === state);
  const clear = holders(folder, scenario.secret);
  if (clear.length === 0) return "the secret is lost";
  if (match === undefined) return "neither before nor after";
  return clear.join("\n") === match.holders.join("\n") ? null : `in clear in ${clear.join(", ")}`;
}

/** A new folder for a scenario, with an empty repository. */
export function emptyScenario(): string {
  const folder = path.join(scratch("stowaway-scenario-"), "it");
  mkdirSync(path.join(folder, "repo"), { recursive: true });
  mkdirSync(path.join(folder, "store"));
  git(folder, "init", "-q", "-b", "main", "--template=");
  return folder;
}

/** The same scenario after the engine has run in it. */
export async function after(engine: Engine, scenario: Scenario, op: Job["op"]): Promise<Scenario> {
  const folder = path.join(scratch("stowaway-scenario-"), "it");
  copy(scenario.folder, folder);
  const { stderr } = await runEngine(engine, scenario, folder, op);
  if (stderr !== "") throw new Error(stderr);
  return { ...scenario, folder };
}

/** The same scenario after the engine was killed in it, at the last step that matches. */
export async function killedIn(
  engine: Engine,
  scenario: Scenario,
  op: Job["op"],
  last: RegExp,
): Promise<Scenario> {
  const at = (await stepsOf(engine, { scenario, op })).findLastIndex((line) => last.test(line));
  const folder = path.join(scratch("stowaway-scenario-"), "it");
  copy(scenario.folder, folder);
  const { killed } = await runEngine(engine, scenario, folder, op, { KILL_AT: String(at + 1) });
  if (at < 0 || !killed) throw new Error(`it was not killed at ${String(last)}`);
  return { ...scenario, folder };
}

export function snapshot(scenario: Scenario): { state: string; holders: string[] } {
  return { state: stateOf(scenario.folder), holders: holders(scenario.folder, scenario.secret) };
}

export function removeScenarios(scenarios: readonly Scenario[]): void {
  for (const { folder } of scenarios)
    if (existsSync(folder)) rmSync(path.dirname(folder), { recursive: true, force: true });
}
