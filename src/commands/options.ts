import { parseArgs } from "node:util";
import type { Host } from "../host/host.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import type { ExitCode } from "../model/exit-code.ts";
import { FORMAT_NAMES } from "../report/index.ts";

interface OptionBase {
  /** One sentence without a full stop; for `--help` and the README's table. */
  readonly description: string;
  readonly short?: string;
}

interface Flag extends OptionBase {
  readonly type: "boolean";
}

interface Text extends OptionBase {
  readonly type: "string";
  /** What stands for the value in the help: `FILE`. */
  readonly value: string;
  readonly choices?: readonly string[];
  readonly default?: string;
}

/** May be repeated, and may hold several values with commas between them. */
interface List extends OptionBase {
  readonly type: "list";
  readonly value: string;
  readonly choices?: readonly string[];
}

interface Integer extends OptionBase {
  readonly type: "integer";
  readonly value: string;
  readonly min: number;
  readonly max: number;
}

export type Option = Flag | Text | List | Integer;

/** A command's options by their long names, without the dashes: parser, help and types are made of this. */
export type Options = Readonly<Record<string, Option>>;

type Choice<O> = O extends { readonly choices: readonly (infer C)[] } ? C : string;

type ValueOf<O extends Option> = O extends Flag
  ? boolean
  : O extends Integer
    ? number | undefined
    : O extends List
      ? readonly Choice<O>[]
      : O extends { readonly default: string }
        ? Choice<O>
        : Choice<O> | undefined;

type Values<O extends Options> = { readonly [K in keyof O]: ValueOf<O[K]> };

/** Options that every command has. */
export const COMMON_OPTIONS = {
  format: {
    type: "string",
    value: "FORMAT",
    choices: FORMAT_NAMES,
    default: "text",
    description: "how the report is written",
  },
  output: { type: "string", value: "FILE", description: "write the report to FILE, not to standard output" },
  config: { type: "string", value: "FILE", description: "use this configuration file, and no other" },
  cwd: { type: "string", value: "DIR", description: "work as if started in DIR" },
  "exit-code": {
    type: "integer",
    value: "N",
    min: 0,
    max: 255,
    description: "answer N instead of 1 when there are findings",
  },
  quiet: { type: "boolean", short: "q", description: "print findings, errors and the closing line only" },
  verbose: { type: "boolean", short: "v", description: "say more; keep the stack of an internal error" },
  "no-color": { type: "boolean", description: "no colours, whatever the terminal and FORCE_COLOR say" },
  version: { type: "boolean", short: "V", description: "print the version" },
  help: { type: "boolean", short: "h", description: "print this help" },
} as const satisfies Options;

export type CommonValues = Values<typeof COMMON_OPTIONS>;

/** What a command is run with. */
export interface Context<O extends Options> {
  readonly values: Values<O> & Omit<CommonValues, "format" & keyof O>;
  /** With `rest`: the first argument that is no option, and all after it as they were given. */
  readonly positionals: readonly string[];
  readonly host: Host;
}

/** Exit codes with their meaning, for the help. */
export type ExitCodes = readonly (readonly [code: string, meaning: string])[];

export const SCAN_EXIT_CODES: ExitCodes = [
  ["0", "everything in scope was read, and nothing that blocks was found"],
  ["1", "findings that block (N with --exit-code N)"],
  ["2", "wrong usage or configuration; nothing was scanned"],
  ["3", "something in scope could not be read, unpacked, decoded or built"],
  ["130, 143", "interrupted; temporary files are gone"],
];

/** Exit codes of commands that change something. */
export const CHANGE_EXIT_CODES: ExitCodes = [
  ["0", "done"],
  ["1", "not done, and nothing was changed"],
  ["2", "wrong usage or configuration; nothing was changed"],
  ["3", "something it needs is not available; nothing was changed"],
  ["130, 143", "interrupted; temporary files are gone"],
];

export const READ_EXIT_CODES: ExitCodes = [
  ["0", "done"],
  ["2", "wrong usage"],
];

/**
 * A command. Written as `export default { … } satisfies Command<typeof options>`, where `options` is declared
 * `as const satisfies Options`.
 */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Command lines without the program's name: `check [PATH…]`. */
  readonly usage: readonly string[];
  /** Paragraphs for the help, after the summary. */
  readonly description?: readonly string[];
  /** A `format` of its own, with other choices, takes the place of the common one. */
  readonly options: O;
  /** Whether everything from the first argument on that is no option belongs to another program. */
  readonly rest?: boolean;
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  readonly exitCodes: ExitCodes;
  run(context: Context<O>): Promise<ExitCode>;
}

/**
 * Reads a command line.
 *
 * @param options the command's own options; the common ones are added
 * @param args arguments after the command's name
 * @param rest whether options end at the first argument that is none
 * @throws UsageError for an unknown option, a missing or superfluous value, or a value that is no choice
 */
export function parseOptions<O extends Options>(
  options: O,
  args: readonly string[],
  rest = false,
): Pick<Context<O>, "values" | "positionals"> {
  const all: Options = { ...COMMON_OPTIONS, ...options };
  let { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(all).map(([name, option]) => [name, parserOption(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, unknown>(Object.entries(all).map(([name, o]) => [name, initial(o)]));
  for (const token of tokens) {
    if (token.kind !== "option") {
      if (!rest) continue;
      positionals = args.slice(token.kind === "positional" ? token.index : token.index + 1);
      break;
    }
    const option = Object.hasOwn(all, token.name) ? all[token.name] : undefined;
    if (option === undefined) throw unknownOption(token.rawName, Object.keys(all));
    const given = { name: token.rawName, value: token.value, inline: token.inlineValue === true };
    values.set(token.name, readValue(option, given, values.get(token.name)));
  }
  return { values: Object.fromEntries(values) as Context<O>["values"], positionals };
}

interface Given {
  readonly name: string;
  readonly value: string | undefined;
  readonly inline: boolean;
}

function parserOption(option: Option): { type: "boolean" | "string"; short?: string } {
  const type = option.type === "boolean" ? "boolean" : "string";
  return option.short === undefined ? { type } : { type, short: option.short };
}

function initial(option: Option): unknown {
  if (option.type === "boolean") return false;
  if (option.type === "list") return [];
  return option.type === "string" ? option.default : undefined;
}

function readValue(option: Option, given: Given, before: unknown): unknown {
  const { name, value } = given;
  if (option.type === "boolean") {
    if (value !== undefined) throw new UsageError("superfluous-value", `${name} takes no value`);
    return true;
  }
  // `--output --quiet` is a forgotten value far more often than a file named `--quiet`.
  const forgotten = !given.inline && value !== undefined && value.length > 1 && value.startsWith("-");
  if (value === undefined || value === "" || forgotten) {
    const hint = forgotten
      ? `For a value that begins with a dash, write ${name}=${option.value}.`
      : undefined;
    throw new UsageError(
      "missing-value",
      `${name} needs a value: ${name} ${option.value}`,
      hint ? { hint } : {},
    );
  }
  if (option.type === "integer") return readInteger(option, given.name, value);
  if (option.type === "string") return readChoice(option, name, value);
  const parts = value.split(",").filter((part) => part !== "");
  return [...(before as readonly string[]), ...parts.map((part) => readChoice(option, name, part))];
}

function readInteger(option: Integer, name: string, value: string): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= option.min && number <= option.max) return number;
  throw new UsageError("invalid-value", `${name} needs a whole number from ${option.min} to ${option.max}`);
}

function readChoice(option: Text | List, name: string, value: string): string {
  if (option.choices === undefined || option.choices.includes(value)) return value;
  const near = nearest(value, option.choices);
  throw new UsageError("invalid-value", `${name} is one of ${option.choices.join(", ")}`, {
    hint: near === null ? `Run with --help to see every option.` : `Did you mean ${near}?`,
  });
}

function unknownOption(rawName: string, names: readonly string[]): UsageError {
  const near = rawName.startsWith("--") ? nearest(rawName.slice(2), names) : null;
  return new UsageError("unknown-option", `unknown option ${rawName}`, {
    hint: near === null ? "Run with --help to see every option." : `Did you mean --${near}?`,
  });
}
