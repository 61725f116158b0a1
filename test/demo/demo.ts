import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { copyFixture } from "../helpers/fixture.ts";
import { scrubbed } from "../helpers/run.ts";

/**
 * The main job, shown on real input: a commit and a package that leak are stopped by the built tool.
 * Bundled to `build/demo.cjs`; answers 0 when everything was stopped as it must be.
 */
const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const BIN = path.join(PROJECT, "dist/bin.cjs");
const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "stowaway-demo-")));
const problems: string[] = [];
const secrets: string[] = [];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

function expectThat(holds: boolean, what: string): void {
  say(`${holds ? "✔" : "✘"} ${what}`);
  if (!holds) problems.push(what);
}

/** Shows a command and what it prints. */
function show(
  folder: string,
  command: string,
  args: readonly string[],
  as = [command, ...args].join(" "),
): Ended {
  say(`\n$ ${as}`);
  const ended = runQuietly(folder, command, args);
  process.stdout.write(ended.output);
  return ended;
}

function runQuietly(folder: string, command: string, args: readonly string[]): Ended {
  const color = process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? { FORCE_COLOR: "1" } : {};
  const env = { ...scrubbed(path.join(scratch, "home")), ...color };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  if (error !== undefined) throw error;
  const output = stdout + stderr;
  expectNoValue(output);
  return { code: status, output };
}

function expectNoValue(output: string): void {
  if (secrets.some((secret) => output.includes(secret))) problems.push("a secret's value was printed");
}

function leakingCommit(): void {
  say("1. A commit that leaks: the hook stops it\n");
  const repository = path.join(scratch, "weather-bot");
  const planted = copyFixture(path.join(PROJECT, "fixtures/leaky-repo"), repository);
  secrets.push(...planted.map(({ secret }) => secret));
  writeFileSync(path.join(repository, ".gitignore"), "node_modules\n");
  mkdirSync(path.join(repository, "node_modules"));
  symlinkSync(PROJECT, path.join(repository, "node_modules/stowaway"), "junction");
  say(`A project with a GitHub token in ${planted[0]?.file ?? ""}; stowaway is installed in it.`);
  runQuietly(repository, "git", ["init", "-q", "-b", "main"]);
  const set = show(repository, process.execPath, [BIN, "init", "--yes"], "npx stowaway init --yes");
  expectThat(set.code === 0, "the hook is installed");

  runQuietly(repository, "git", ["add", "-A"]);
  const blocked = show(repository, "git", ["commit", "-m", "Release script"]);
  const recorded = runQuietly(repository, "git", ["rev-parse", "-q", "--verify", "HEAD"]);
  expectThat(blocked.code !== 0 && recorded.code !== 0, "git commit was stopped, and nothing was recorded");
  expectThat(blocked.output.includes("src/release.js:3:"), "the report names the file and the line");

  const script = path.join(repository, "src/release.js");
  const text = readFileSync(script, "utf8").replace(/"[^"]*";/g, (literal) =>
    secrets.some((secret) => literal.includes(secret)) ? "process.env.GITHUB_TOKEN;" : literal,
  );
  writeFileSync(script, text);
  say("\nThe token is taken out: the script reads it from the environment now.");
  runQuietly(repository, "git", ["add", "-A"]);
  const passed = show(repository, "git", ["commit", "-m", "Release script"]);
  expectThat(passed.code === 0, "the clean commit passes");
}

function leakingPackage(): void {
  say("\n2. A package that leaks: check-pack stops it before it is published\n");
  const folder = path.join(scratch, "weather-client");
  const planted = copyFixture(path.join(PROJECT, "fixtures/leaky-package"), folder);
  secrets.push(...planted.map(({ secret }) => secret));
  say("An npm package without a list of its files, so npm would publish all there is.");
  const checked = show(folder, process.execPath, [BIN, "check-pack", "."], "npx check-pack");
  expectThat(checked.code === 1, "check-pack answers 1, so npm publish would stop");
  for (const file of [".env", ".aws/credentials", "package.json"]) {
    expectThat(checked.output.includes(`--> ${file}`), `the report names ${file}`);
  }
}

try {
  mkdirSync(path.join(scratch, "home"));
  leakingCommit();
  leakingPackage();
  say("");
  expectThat(!problems.includes("a secret's value was printed"), "no secret's value was printed");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
say(
  problems.length === 0
    ? "\nEverything was stopped as it must be."
    : `\nNot as it must be: ${problems.join("; ")}.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
