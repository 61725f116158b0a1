import fc from "fast-check";
import { expect, test } from "vitest";
import { COMMON_OPTIONS, parseOptions } from "../../../src/commands/options.ts";
import type { Options } from "../../../src/commands/options.ts";
import { UsageError } from "../../../src/model/errors.ts";

const OPTIONS = {
  staged: { type: "boolean", short: "s", description: "a flag" },
  name: { type: "string", value: "NAME", description: "a text" },
  only: { type: "list", value: "LIST", choices: ["npm", "python"], description: "a list" },
  depth: { type: "integer", value: "N", min: 1, max: 8, description: "a number" },
} as const satisfies Options;

function problemOf(...args: string[]): string {
  try {
    parseOptions(OPTIONS, args);
  } catch (error) {
    if (error instanceof UsageError)
      return error.hint === undefined ? error.message : `${error.message} | ${error.hint}`;
    throw error;
  }
  throw new Error("nothing is wrong with it");
}

test("without arguments every option has its initial value", () => {
  expect(parseOptions(OPTIONS, [])).toEqual({
    values: {
      staged: false,
      name: undefined,
      only: [],
      depth: undefined,
      format: "text",
      output: undefined,
      config: undefined,
      cwd: undefined,
      "exit-code": undefined,
      quiet: false,
      verbose: false,
      "no-color": false,
      version: false,
      help: false,
    },
    positionals: [],
  });
});

test.each<[string[], Record<string, unknown>, string[]]>([
  [["-qs", "a"], { quiet: true, staged: true }, ["a"]],
  [["a", "--name", "n", "b"], { name: "n" }, ["a", "b"]],
  [["--name=n=m"], { name: "n=m" }, []],
  [["--name=-x"], { name: "-x" }, []],
  [["--name", "-"], { name: "-" }, []],
  [["--name", "a", "--name", "b"], { name: "b" }, []],
  [["--only", "npm,python", "--only=npm"], { only: ["npm", "python", "npm"] }, []],
  [["--depth", "8"], { depth: 8 }, []],
  [["--", "--staged", "-x"], { staged: false }, ["--staged", "-x"]],
  [["--exit-code", "0"], { "exit-code": 0 }, []],
])("%j", (args, values, positionals) => {
  expect(parseOptions(OPTIONS, args)).toMatchObject({ values, positionals });
});

test.each<[string[], string]>([
  [["--fromat", "json"], "unknown option --fromat | Did you mean --format?"],
  [["--stagd"], "unknown option --stagd | Did you mean --staged?"],
  [["--publish"], "unknown option --publish | Run with --help to see every option."],
  [["-x"], "unknown option -x | Run with --help to see every option."],
  [["--__proto__"], "unknown option --__proto__ | Run with --help to see every option."],
  [["--toString"], "unknown option --toString | Run with --help to see every option."],
  [["--format", "jsom"], "--format is one of text, json | Did you mean json?"],
  [["--only", "npm,cargo"], "--only is one of npm, python | Run with --help to see every option."],
  [["--name"], "--name needs a value: --name NAME"],
  [["--name="], "--name needs a value: --name NAME"],
  [
    ["--name", "--quiet"],
    "--name needs a value: --name NAME | For a value that begins with a dash, write --name=NAME.",
  ],
  [["--quiet=no"], "--quiet takes no value"],
  [["--depth", "9"], "--depth needs a whole number from 1 to 8"],
  [["--depth", "1.5"], "--depth needs a whole number from 1 to 8"],
  [["--exit-code", "256"], "--exit-code needs a whole number from 0 to 255"],
])("%j is wrong: %s", (args, problem) => {
  expect(problemOf(...args)).toBe(problem);
});

test.each<[string[], Record<string, unknown>, string[]]>([
  [["npm", "start", "--quiet"], { quiet: false }, ["npm", "start", "--quiet"]],
  [["-qs", "npm", "--name", "x"], { quiet: true, staged: true, name: undefined }, ["npm", "--name", "x"]],
  [["--name", "n", "npm", "--", "-s"], { name: "n", staged: false }, ["npm", "--", "-s"]],
  [["-s", "--", "npm", "--unknown"], { staged: true }, ["npm", "--unknown"]],
  [["--", "--", "x"], {}, ["--", "x"]],
  [["--", "-x"], {}, ["-x"]],
  [["-s"], { staged: true }, []],
  [["-"], {}, ["-"]],
])("with another program's words after its own, %j", (args, values, positionals) => {
  expect(parseOptions(OPTIONS, args, true)).toMatchObject({ values, positionals });
});

test("a format of the command's own takes the place of the common one", () => {
  const own = {
    format: {
      type: "string",
      value: "FORMAT",
      choices: ["sh", "aws"],
      default: "sh",
      description: "its own",
    },
  } as const satisfies Options;
  expect(parseOptions(own, []).values.format).toBe("sh");
  expect(parseOptions(own, ["--format=aws"]).values.format).toBe("aws");
  expect(() => parseOptions(own, ["--format", "json"])).toThrow("--format is one of sh, aws");
});

test("a value is not repeated in an error, for it may be a secret in the wrong place", () => {
  const value = ["a", "value"].join("-");
  expect(problemOf("--format", value)).not.toContain(value);
  expect(problemOf(`--depth=${value}`)).not.toContain(value);
  expect(problemOf(`--quiet=${value}`)).not.toContain(value);
});

function readOrRefuse(args: readonly string[]): object {
  try {
    return parseOptions(OPTIONS, args).values;
  } catch (error) {
    return error as object;
  }
}

test("any command line is read or refused", () => {
  const names = [...Object.keys(OPTIONS), ...Object.keys(COMMON_OPTIONS)].map((name) => `--${name}`);
  const word = fc.oneof(fc.string(), fc.constantFrom(...names, "-q", "--", "-", "=", "npm"));
  fc.assert(
    fc.property(fc.array(word), (args) => {
      const result = readOrRefuse(args);
      expect(result instanceof UsageError || Object.keys(result).length === names.length).toBe(true);
    }),
  );
});
