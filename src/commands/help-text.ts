import { COMMANDS } from "./index.ts";
import { COMMON_OPTIONS, SCAN_EXIT_CODES } from "./options.ts";
import type { Command, Option, Options } from "./options.ts";
import { wrap } from "../report/wrap.ts";

const WIDTH = 80;

/** The help page of one command. */
export function commandHelp(command: Command): string {
  return page([
    [`stowaway ${command.name}: ${command.summary}`],
    ...(command.description ?? []).map((paragraph) => wrap(paragraph, WIDTH)),
    ["Usage", ...command.usage.map((usage) => `  stowaway ${usage}`)],
    Object.keys(command.options).length === 0 ? [] : ["Options", ...optionLines(command.options)],
    ["Common options", ...optionLines(without(COMMON_OPTIONS, command.options))],
    ["Examples", ...command.examples.flatMap(({ command: line, says }) => [`  ${line}`, `      ${says}`])],
    ["Exit codes", ...pairLines(command.exitCodes)],
  ]);
}

/** The help page of the program. */
export async function overview(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map(async (entry) => (await entry.load()).default));
  return page([
    wrap("stowaway: stops secrets from leaving this machine, in a commit or in what you publish", WIDTH),
    ["Usage", "  stowaway [COMMAND] [OPTION…]", "  check-pack [OPTION…] [DIR|ARTIFACT…]"],
    [
      "Commands (stowaway alone is stowaway check)",
      ...pairLines(commands.map((command) => [command.name, command.summary] as const)),
    ],
    ["Options of every command", ...optionLines(COMMON_OPTIONS)],
    ["Exit codes", ...pairLines(SCAN_EXIT_CODES)],
    ["stowaway COMMAND --help says more about a command."],
  ]);
}

function page(sections: readonly (readonly string[])[]): string {
  const filled = sections.filter((section) => section.length > 0);
  return `${filled.map((section) => section.join("\n")).join("\n\n")}\n`;
}

function without(options: Options, taken: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !(name in taken)));
}

function optionLines(options: Options): string[] {
  return pairLines(
    Object.entries(options).map(([name, option]) => [optionName(name, option), describe(option)] as const),
  );
}

function optionName(name: string, option: Option): string {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  return `${short}--${name}${option.type === "boolean" ? "" : ` ${option.value}`}`;
}

function describe(option: Option): string {
  if (!("choices" in option) || option.choices === undefined) return option.description;
  const initial =
    option.type === "string" && option.default !== undefined ? `; ${option.default} if not given` : "";
  return `${option.description}: ${option.choices.join(option.type === "list" ? ", " : " or ")}${initial}`;
}

/** Two columns; the right one is wrapped. */
function pairLines(pairs: readonly (readonly [left: string, right: string])[]): string[] {
  const left = Math.min(26, Math.max(...pairs.map(([text]) => text.length)));
  return pairs.flatMap(([name, text]) => {
    const lines = wrap(text, WIDTH - left - 4);
    const fits = name.length <= left;
    const head = fits
      ? [`  ${name.padEnd(left)}  ${lines[0]}`]
      : [`  ${name}`, `  ${" ".repeat(left)}  ${lines[0]}`];
    return [...head, ...lines.slice(1).map((line) => `  ${" ".repeat(left)}  ${line}`)];
  });
}
