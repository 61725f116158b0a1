import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startKeyring } from "../helpers/keyring.ts";

/**
 * What `run` adds to a program's start, and how fast output goes through it: `node build/bench-run.cjs [ROUNDS]`. All take
 * turns in one run. Peers are installed from npm into `build/peers` on the first run.
 */
const PROJECT = path.resolve(__dirname, "..");
const PEERS = path.join(PROJECT, "build/peers-run");
const BIN = path.join(PROJECT, "dist/bin.cjs");
const rounds = Number(process.argv[2] ?? 25);
const BYTES = 2_000_000_000;
/** What a program costs that does nothing; the same under each. */
const CHILD = [process.execPath, "-e", "0"] as const;
const LINE = "2024-01-01T00:00:00 INFO some ordinary output of a program, request id 12345";

interface Case {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds over Node's own start. */
  readonly target?: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

function installPeers(): boolean {
  if (existsSync(path.join(PEERS, "node_modules/.bin/dotenvx"))) return true;
  say("installing dotenv-cli and dotenvx …");
  mkdirSync(PEERS, { recursive: true });
  writeFileSync(path.join(PEERS, "package.json"), `{ "private": true }`);
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "dotenv-cli",
    "@dotenvx/dotenvx",
  ];
  return spawnSync("npm", args, { cwd: PEERS, stdio: ["ignore", "ignore", "inherit"] }).status === 0;
}

/** Some values of the usual length and kind, of nobody. */
function values(): Record<string, string> {
  const names = ["DATABASE_URL", "API_TOKEN", "SESSION_KEY", "MAIL_PASSWORD", "HOOK_URL"];
  return Object.fromEntries(
    names.map((name, index) => [name, `${name.toLowerCase()}-${"abcdefgh9".repeat(4)}${index}`]),
  );
}

function makeProject(dir: string, env: NodeJS.ProcessEnv, from: string): void {
  mkdirSync(dir);
  execFileSync("git", ["init", "-q"], { cwd: dir, env });
  writeFileSync(path.join(dir, ".gitignore"), ".env.*\n");
  const secrets = Object.fromEntries(Object.keys(values()).map((name) => [name, { from: [from] }]));
  const projectId = "0123456789abcdef".repeat(2);
  writeFileSync(path.join(dir, "stowaway.secrets.json"), JSON.stringify({ version: 1, projectId, secrets }));
  const tool = (args: readonly string[], input = ""): void =>
    void execFileSync(process.execPath, [BIN, ...args], {
      cwd: dir,
      env,
      input,
      stdio: ["pipe", "ignore", "inherit"],
    });
  tool(["trust", "--yes", "--quiet"]);
  const file = Object.entries(values()).map(([name, value]) => `${name}=${value}\n`);
  if (from === "keychain")
    for (const [name, value] of Object.entries(values())) tool(["secrets", "set", name, "--yes"], value);
  else writeFileSync(path.join(dir, ".env.local"), file.join(""), { mode: 0o600 });
  writeFileSync(path.join(dir, ".env.more"), file.join(""), { mode: 0o600 });
}

function timeStart({ command, env }: Case, cwd: string, base: NodeJS.ProcessEnv): number {
  const [program = "", ...args] = command;
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...base, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

function benchStarts(scratch: string, env: NodeJS.ProcessEnv, peers: boolean): void {
  const [dotenv, keychain] = [path.join(scratch, "dotenv"), path.join(scratch, "keychain")];
  makeProject(dotenv, env, "dotenv:.env.local");
  makeProject(keychain, env, "keychain");
  const run = [process.execPath, BIN, "run"];
  const peer = (name: string, ...args: string[]): Case[] =>
    peers ? [{ name, command: [path.join(PEERS, "node_modules/.bin", name), ...args, "--", ...CHILD] }] : [];
  const cases: readonly (Case & { readonly cwd?: string })[] = [
    { name: "node -e 0", command: CHILD },
    { name: "run, all is set", command: [...run, ...CHILD], env: values(), target: 60 },
    { name: "run, dotenv", command: [...run, ...CHILD], target: 60 },
    {
      name: "run, --dotenv",
      command: [...run, "--dotenv", ".env.more", ...CHILD],
      env: values(),
      target: 60,
    },
    { name: "run, keychain", command: [...run, ...CHILD], cwd: keychain, target: 160 },
    ...peer("dotenv", "-e", ".env.local"),
    ...peer("dotenvx", "run", "--quiet", "-f", ".env.local"),
  ];
  const times = cases.map(() => [] as number[]);
  for (let round = 0; round < rounds + 2; round += 1)
    for (const [index, one] of cases.entries()) {
      const time = timeStart(one, one.cwd ?? dotenv, env);
      if (round >= 2) times[index]?.push(time);
    }
  say(`a program that does nothing (node -e 0), ${rounds} rounds, milliseconds`);
  say("                       least  median   over Node's own start and the program's: least, median");
  const [least, median] = [
    (index: number) => Math.min(...(times[index] ?? [])),
    (index: number) => middle(times[index] ?? []),
  ];
  const column = (time: number): string => time.toFixed(1).padStart(7);
  for (const [index, { name, target }] of cases.entries()) {
    const over =
      index === 0 ? "" : `${column(least(index) - 2 * least(0))} ${column(median(index) - 2 * median(0))}`;
    const wanted = target === undefined ? "" : `  (target: at most ${target})`;
    say(`${name.padEnd(20)} ${column(least(index))} ${column(median(index))}   ${over}${wanted}`);
  }
}

/** Megabytes a second from a program that does nothing but write, to one that does nothing but read. */
async function throughput(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const started = process.hrtime.bigint();
  const script = `"$0" "$@" sh -c 'yes "${LINE}" | head -c ${BYTES}' | cat >/dev/null`;
  const child = spawn("sh", ["-c", script, ...args], { cwd, env, stdio: "ignore" });
  const code = await new Promise((resolve) => {
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error("the throughput cannot be measured");
  return BYTES / 1e6 / (Number(process.hrtime.bigint() - started) / 1e9);
}

async function main(): Promise<void> {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "stowaway-bench-")));
  const keyring = await startKeyring();
  const env = { PATH: process.env["PATH"], ...keyring.env, HOME: scratch };
  try {
    benchStarts(scratch, env, installPeers());
    const cwd = path.join(scratch, "dotenv");
    const run = [process.execPath, BIN, "run"];
    say(`\n${BYTES / 1e9} GB of output through a pipe, megabytes a second`);
    say(`no wrapper           ${(await throughput(["env"], cwd, env)).toFixed(0).padStart(7)}`);
    say(
      `run --no-masking     ${(await throughput([...run, "--no-masking"], cwd, env)).toFixed(0).padStart(7)}`,
    );
    say(
      `run                  ${(await throughput(run, cwd, env)).toFixed(0).padStart(7)}  (target: at least 200)`,
    );
  } finally {
    await keyring.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

void main();
