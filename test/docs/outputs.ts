import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { COMMANDS } from "../../src/commands/index.ts";
import { COMMON_OPTIONS, SCAN_EXIT_CODES } from "../../src/commands/options.ts";
import type { Option, Options } from "../../src/commands/options.ts";
import { FILE_RULES, RULES } from "../../src/rules/index.ts";
import { copyFixture } from "../helpers/fixture.ts";
import { PROJECT, run, runTool, scratch } from "../helpers/run.ts";

/** Set to write the documents anew instead of comparing them. */
export const UPDATE = process.env["STOWAWAY_UPDATE_DOCS"] === "1";

/** Puts placeholders where two runs differ. */
function steady(text: string): string {
  return text.replace(/\b\d+ ms\b/g, "… ms");
}

/** A scratch project made of a fixture, in which the built tool is installed. */
function project(fixture: string, folder: string): void {
  copyFixture(path.join(PROJECT, "fixtures", fixture), folder);
  mkdirSync(path.join(folder, "node_modules/stowaway"), { recursive: true });
  for (const part of ["package.json", "hooks"])
    cpSync(path.join(PROJECT, part), path.join(folder, "node_modules/stowaway", part), { recursive: true });
  symlinkSync(path.join(PROJECT, "dist"), path.join(folder, "node_modules/stowaway/dist"), "junction");
}

/** What a commit of the leaky repository prints, hook included. */
export async function blockedCommit(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = scratch();
  try {
    project("leaky-repo", folder);
    await run("git", ["init", "-q", "-b", "main"], { cwd: folder });
    await runTool(["init", "--yes"], { cwd: folder });
    await run("git", ["add", "src", "package.json", "README.md"], { cwd: folder });
    const { stdout, stderr } = await run("git", ["commit", "-m", "Release script"], { cwd: folder, env });
    return steady(stdout + stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `stow` prints in the leaky repository. */
async function stow(): Promise<string> {
  const folder = scratch();
  const home = scratch();
  try {
    copyFixture(path.join(PROJECT, "fixtures/leaky-repo"), folder);
    await run("git", ["init", "-q", "-b", "main"], { cwd: folder });
    await run("git", ["add", "."], { cwd: folder });
    const args = ["stow", "--to", "dotenv", "--yes"];
    const { stdout, stderr } = await runTool(args, { cwd: folder, env: { HOME: home } });
    return stdout + stderr;
  } finally {
    for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
  }
}

/** What `init` prints in a package that can be published. */
async function init(): Promise<string> {
  const folder = scratch();
  try {
    project("leaky-package", folder);
    await run("git", ["init", "-q", "-b", "main"], { cwd: folder });
    const { stdout, stderr } = await runTool(["init", "--yes"], { cwd: folder });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkPack(): Promise<string> {
  const folder = scratch();
  try {
    copyFixture(path.join(PROJECT, "fixtures/leaky-package"), folder);
    rmSync(path.join(folder, ".aws"), { recursive: true }); // short enough to be read
    const { stdout, stderr } = await runTool(["check-pack"], { cwd: folder });
    return steady(stdout + stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rule(): Promise<string> {
  return (await runTool(["rules", "npm-access-token"])).stdout;
}

/** A Markdown table, padded as the formatter of the project wants it. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const cells = [head, ...body].map((line) => line.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const ruled = [cells[0] ?? [], widths.map((width) => "-".repeat(width)), ...cells.slice(1)];
  return ruled
    .map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`)
    .join("");
}

function optionName(name: string, option: Option): string {
  const short = "short" in option ? `-${option.short}, ` : "";
  return `\`${short}--${name}${option.type === "boolean" ? "" : ` ${option.value}`}\``;
}

function optionRows(options: Options): (readonly string[])[] {
  return Object.entries(options).map(([name, option]) => [optionName(name, option), option.description]);
}

async function optionsTable(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map(async (entry) => (await entry.load()).default));
  const own = commands.flatMap(({ name, options }) =>
    optionRows(options).map((row) => [`\`${name}\``, ...row]),
  );
  return table(
    ["command", "option", "what it does"],
    [...own, ...optionRows(COMMON_OPTIONS).map((row) => ["all", ...row])],
  );
}

function ruleCount(): string {
  return `There are ${RULES.length} rules over content and ${FILE_RULES.length} over file names, such as \`.env\` or \`id_rsa\`.`;
}

function exitCodesTable(): string {
  return table(
    ["code", "meaning"],
    SCAN_EXIT_CODES.map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}

export interface Output {
  readonly fenced: boolean;
  produce(): Promise<string> | string;
}

/** Everything that README.md quotes, by the name in its marks. */
export const OUTPUTS: Readonly<Record<string, Output>> = {
  "blocked-commit": { fenced: true, produce: () => blockedCommit() },
  init: { fenced: true, produce: init },
  "check-pack": { fenced: true, produce: checkPack },
  stow: { fenced: true, produce: stow },
  rule: { fenced: true, produce: rule },
  "rule-count": { fenced: false, produce: ruleCount },
  options: { fenced: false, produce: optionsTable },
  "exit-codes": { fenced: false, produce: exitCodesTable },
};
