import { COMMANDS } from "./commands/index.ts";
import type { CommandEntry } from "./commands/index.ts";
import { COMMON_OPTIONS, parseOptions } from "./commands/options.ts";
import type { Command } from "./commands/options.ts";
import { changeFolder } from "./host/folder.ts";
import type { Host } from "./host/host.ts";
import { nearest } from "./host/nearest.ts";
import { describeError } from "./host/problem.ts";
import { VERSION } from "./host/version.ts";
import { KnownError, UsageError } from "./model/errors.ts";
import { ExitCode } from "./model/exit-code.ts";
import { escapeText } from "./report/escape.ts";
import { isInProject } from "./setup/own-package.ts";

/**
 * Runs a command line.
 *
 * @param argv arguments after the program's name
 * @param host the outside; nothing else of it is touched
 * @returns the answer of the process; nothing is thrown
 */
export async function main(argv: readonly string[], host: Host): Promise<ExitCode> {
  const fail = (error: unknown): ExitCode => {
    const verbose = argv.includes("--verbose") || argv.includes("-v");
    const lines = describeError(error, verbose).map((line) => escapeText(asCalled(line)));
    host.stderr.write(`${lines.join("\n")}\n`);
    return error instanceof KnownError ? error.exitCode : ExitCode.incomplete;
  };
  host.onSignal((code) => void leave(host, code));
  host.onCrash((error) => void leave(host, fail(error)));
  try {
    return await dispatch(argv, host);
  } catch (error) {
    return fail(error);
  }
}

/** A command line that a message names, in the form that works here. */
function asCalled(line: string): string {
  if (!isInProject()) return line;
  const names = COMMANDS.map(({ name }) => name).join("|");
  return line.replace(new RegExp(`(?<!npx )\\bstowaway (?=(?:${names})\\b)`, "g"), "npx stowaway ");
}

/** Ends the process without waiting for what runs; temporary files go first. */
async function leave(host: Host, code: ExitCode): Promise<void> {
  try {
    const { cleanUp } = await import("./host/temp.ts");
    cleanUp();
  } finally {
    host.exit(code);
  }
}

async function dispatch(argv: readonly string[], host: Host): Promise<ExitCode> {
  const { entry, args } = findCommand(argv);
  const { default: command } = await (entry ?? checkEntry()).load();
  const { values, positionals } = parseOptions(command.options, args, command.rest);
  if (values.version) {
    host.stdout.write(`${VERSION}\n`);
    return ExitCode.clean;
  }
  if (values.help) {
    host.stdout.write(await help(entry === null ? null : command));
    return ExitCode.clean;
  }
  return command.run({ values, positionals, host: await changeFolder(host, values.cwd) });
}

async function help(command: Command | null): Promise<string> {
  const { commandHelp, overview } = await import("./commands/help-text.ts");
  return command === null ? overview() : commandHelp(command);
}

/**
 * The command is the first argument that is no option. Before it only common options may stand, since the others'
 * values could not be told from a command's name.
 */
function findCommand(argv: readonly string[]): { entry: CommandEntry | null; args: readonly string[] } {
  const at = commandPosition(argv);
  const name = argv[at];
  if (name === undefined) return { entry: null, args: argv };
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry !== undefined) return { entry, args: argv.toSpliced(at, 1) };
  if (at > 0) return { entry: null, args: argv };
  const near = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  throw new UsageError("unknown-command", `unknown command ${name}`, {
    hint:
      near === null
        ? "Run stowaway --help to see every command; files are given as stowaway check PATH…"
        : `Did you mean stowaway ${near}?`,
  });
}

function commandPosition(argv: readonly string[]): number {
  let at = 0;
  for (;;) {
    const argument = argv[at];
    if (argument === undefined || argument === "--" || !argument.startsWith("-")) break;
    const option = Object.entries(COMMON_OPTIONS).find(([name]) => argument === `--${name}`)?.[1];
    at += option === undefined || option.type === "boolean" ? 1 : 2;
  }
  return argv[at] === "--" ? argv.length : at;
}

function checkEntry(): CommandEntry {
  const entry = COMMANDS[0];
  if (entry === undefined) throw new Error("no command is registered");
  return entry;
}
