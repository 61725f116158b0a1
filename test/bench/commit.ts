import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * What a hook costs a commit of one file: `npm run bench`. All hooks take turns in one run, so that a busy machine
 * is unfair to none. Peers are installed through their own package managers into `build/peers` on the first run.
 */
const PROJECT = path.resolve(__dirname, "..");
const PEERS = path.join(PROJECT, "build/peers");
const rounds = Number(process.argv[2] ?? 25);

interface Cost {
  readonly wall: number[];
  readonly cpu: number[];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function install(
  name: string,
  file: string,
  command: readonly string[],
  env: Record<string, string> = {},
): boolean {
  if (existsSync(path.join(PEERS, file))) return true;
  say(`installing ${name} …`);
  mkdirSync(PEERS, { recursive: true });
  const [program = "", ...args] = command;
  const { status } = spawnSync(program, args, {
    cwd: PEERS,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status === 0) return true;
  say(`  ${name} could not be installed: left out`);
  return false;
}

function peerHooks(): Record<string, string> {
  const hooks: Record<string, string> = {};
  if (
    install("gitleaks", "gitleaks", ["go", "install", "github.com/zricethezav/gitleaks/v8@latest"], {
      GOBIN: PEERS,
    })
  )
    hooks["gitleaks"] = `exec "${PEERS}/gitleaks" git --pre-commit --staged --no-banner -l error`;
  writeFileSync(path.join(PEERS, "package.json"), `{ "private": true }`);
  // 12 is the last major for Node 20.
  const secretlint = [
    "npm",
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "secretlint@12",
    "@secretlint/secretlint-rule-preset-recommend@12",
  ];
  if (install("secretlint", "node_modules/.bin/secretlint", secretlint))
    hooks["secretlint"] =
      `git diff --cached --name-only -z --diff-filter=ACM | xargs -0 "${PEERS}/node_modules/.bin/secretlint" --secretlintrc "${PEERS}/secretlintrc.json"`;
  writeFileSync(
    path.join(PEERS, "secretlintrc.json"),
    JSON.stringify({ rules: [{ id: "@secretlint/secretlint-rule-preset-recommend" }] }),
  );
  return hooks;
}

function makeRepository(dir: string, env: NodeJS.ProcessEnv): (...args: string[]) => void {
  const git = (...args: string[]): void => void execFileSync("git", args, { cwd: dir, env, stdio: "ignore" });
  git("init", "-q");
  for (let i = 0; i < 200; i += 1)
    writeFileSync(path.join(dir, `f${i}.js`), `export const a${i} = ${i};\n`.repeat(100));
  git("add", ".");
  git("commit", "-q", "-m", "first");
  return git;
}

/** Five kilobytes of ordinary code, another text each round. */
function body(round: number): string {
  const lines =
    "export function configure(options) {\n  const token = process.env.API_TOKEN ?? options.key;\n  return request(options.url, { headers: { authorization: token } });\n}\n";
  return `// ${round}\n${lines.repeat(30)}`;
}

function timeCommit(dir: string, env: NodeJS.ProcessEnv): { wall: number; cpu: number } {
  const started = process.hrtime.bigint();
  const script = 'TIMEFORMAT="%U %S"; time git commit -q -m next 2>/dev/null';
  const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: dir, env, encoding: "utf8" });
  const wall = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`the commit failed: ${stderr}`);
  const [user = 0, system = 0] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { wall, cpu: (user + system) * 1000 };
}

const middle = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
const mean = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

function main(): void {
  const scratch = mkdtempSync(path.join(tmpdir(), "stowaway-bench-"));
  const dir = path.join(scratch, "repo");
  mkdirSync(dir);
  const who = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  const env = {
    ...process.env,
    ...who,
    HOME: scratch,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  };
  const git = makeRepository(dir, env);
  const noop = path.join(scratch, "noop.cjs");
  writeFileSync(noop, "");
  const hooks: Record<string, string | null> = {
    "no hook": null,
    "no-op sh hook": "exit 0",
    "no-op Node hook": `NODE_EXTRA_CA_CERTS= exec node "${noop}"`,
    stowaway: `exec sh "${PROJECT}/hooks/pre-commit"`,
    ...peerHooks(),
  };
  const file = path.join(dir, ".git/hooks/pre-commit");
  const costs = new Map<string, Cost>();
  for (let round = 0; round < rounds + 2; round += 1)
    for (const [name, script] of Object.entries(hooks)) {
      rmSync(file, { force: true });
      if (script !== null) writeFileSync(file, `#!/bin/sh\n${script}\n`);
      if (script !== null) chmodSync(file, 0o755);
      writeFileSync(path.join(dir, "staged.js"), body(round) + name);
      git("add", "staged.js");
      const cost = timeCommit(dir, env);
      const known = costs.get(name) ?? { wall: [], cpu: [] };
      if (round >= 2) {
        known.wall.push(cost.wall);
        known.cpu.push(cost.cpu);
      }
      costs.set(name, known);
    }
  rmSync(scratch, { recursive: true, force: true });
  say(`git commit of one 5 KB file, ${rounds} rounds, milliseconds (git and bash included)`);
  say("hook               wall min   wall median   CPU mean");
  for (const [name, { wall, cpu }] of costs)
    say(
      `${name.padEnd(18)} ${Math.min(...wall)
        .toFixed(1)
        .padStart(8)}   ${middle(wall).toFixed(1).padStart(11)}   ${mean(cpu).toFixed(1).padStart(8)}`,
    );
  const of = (name: string): number => middle(costs.get(name)?.wall ?? [Number.NaN]);
  say(
    `stowaway over the no-op Node hook: ${(of("stowaway") - of("no-op Node hook")).toFixed(1)} ms (target: at most 15)`,
  );
  if (costs.has("gitleaks"))
    say(`stowaway / gitleaks:   ${(of("stowaway") / of("gitleaks")).toFixed(2)} (target: at most 1.0)`);
  if (costs.has("secretlint"))
    say(`stowaway / secretlint: ${(of("stowaway") / of("secretlint")).toFixed(2)} (target: at most 0.2)`);
}

main();
