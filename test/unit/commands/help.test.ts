import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { commandHelp, overview } from "../../../src/commands/help-text.ts";
import { COMMANDS } from "../../../src/commands/index.ts";
import type { Command, Options } from "../../../src/commands/options.ts";
import { FORMATS } from "../../../src/report/index.ts";

const SAMPLE = {
  name: "sample",
  summary: "shows how help looks",
  usage: ["sample [PATH…]"],
  description: ["A paragraph."],
  options: {
    "dry-run": { type: "boolean", short: "n", description: "write nothing" },
    only: { type: "list", value: "LIST", choices: ["npm", "python"], description: "narrow to these" },
    "a-very-long-option-name": { type: "string", value: "SOMETHING", description: "something" },
  } as const satisfies Options,
  examples: [{ command: "stowaway sample src", says: "one folder" }],
  exitCodes: [
    ["0", "done"],
    ["2", "wrong usage"],
  ],
  run: () => Promise.resolve(0 as const),
} satisfies Command;

test("the help of a command is made of its table", () => {
  expect(commandHelp(SAMPLE)).toMatch(`stowaway sample: shows how help looks

A paragraph.

Usage
  stowaway sample [PATH…]

Options
  -n, --dry-run               write nothing
  --only LIST                 narrow to these: npm, python
  --a-very-long-option-name SOMETHING
                              something

Common options
  --format FORMAT  how the report is written: text or json; text if not given
`);
});

const commands = await Promise.all(
  COMMANDS.map(async (entry) => ({ name: entry.name, command: (await entry.load()).default })),
);

test.each(commands)(
  "$name has a help page that fits 80 columns and names every option",
  ({ name, command }) => {
    const help = commandHelp(command);
    expect(command.name).toBe(name);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
    expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(help).toContain("Exit codes\n  0");
  },
);

test("no command takes the name or the letter of a common option, but that of the format", async () => {
  const { COMMON_OPTIONS } = await import("../../../src/commands/options.ts");
  const common: Options = COMMON_OPTIONS;
  const letters = Object.values(common).flatMap(({ short }) => short ?? []);
  expect(new Set(letters).size).toBe(letters.length);
  for (const { command } of commands) {
    const taken = Object.keys(command.options).filter((name) => name in common);
    expect(taken.filter((name) => name !== "format")).toEqual([]);
    const own = Object.values(command.options).flatMap(({ short }) => short ?? []);
    expect(own.filter((letter) => letters.includes(letter))).toEqual([]);
  }
});

test("the overview names every command", async () => {
  const text = await overview();
  for (const { name, command } of commands)
    expect(text).toMatch(new RegExp(`^ {2}${name} +${command.summary.slice(0, 20)}`, "m"));
});

function files(folder: string): string[] {
  return readdirSync(new URL(`../../../src/${folder}`, import.meta.url))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length));
}

test("the tables hold what the folders hold", () => {
  const helpers = new Set(
    "deliver finish handing-out help-text index offer options published scanning trusting".split(" "),
  );
  expect(
    files("commands")
      .filter((name) => !helpers.has(name))
      .toSorted(),
  ).toEqual(commands.map(({ name }) => name).toSorted());
  for (const { name } of FORMATS) expect(files("report")).toContain(name);
});
