import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import type { ConfigKind } from "../../../src/config/parse.ts";
import { UsageError } from "../../../src/model/errors.ts";

async function problemOf(text: string, kind: ConfigKind = "jsonc"): Promise<string> {
  const error: unknown = await parseConfig(text, "the-file", kind).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UsageError)) throw new Error("it is no usage error");
  expect(error).toMatchObject({ code: "config-invalid", path: "the-file", exitCode: 2 });
  return error.hint === undefined ? error.message : `${error.message} | ${error.hint}`;
}

test("reads every key, comments and trailing commas", async () => {
  const text = `\ufeff{
    // why
    "$schema": "x", /* why */
    "failOn": "high",
    "ignorePaths": ["docs/**", "!docs/a",],
    "disable": ["jwt"],
    "limits": { "depth": 2, "buildSeconds": 600 },
  }`;
  expect(await parseConfig(text, "f", "jsonc")).toEqual({
    $schema: "x",
    failOn: "high",
    ignorePaths: ["docs/**", "!docs/a"],
    disable: ["jwt"],
    limits: { depth: 2, buildSeconds: 600 },
  });
  expect(await parseConfig("{}", "f", "jsonc")).toEqual({});
});

test("reads its key of package.json and its table of pyproject.toml", async () => {
  expect(await parseConfig('{"name":"a","stowaway":{"failOn":"low"}}', "f", "package-json")).toEqual({
    failOn: "low",
  });
  expect(await parseConfig('{"dependencies":{"stowaway":"1"}}', "f", "package-json")).toBeNull();
  const toml =
    '[project]\nname = "a"\n[tool.stowaway]\nfailOn = "low"\ndisable = ["jwt"]\n[tool.stowaway.limits]\ndepth = 2\n';
  expect(await parseConfig(toml, "f", "pyproject")).toEqual({
    failOn: "low",
    disable: ["jwt"],
    limits: { depth: 2 },
  });
  expect(await parseConfig('[tool.other]\nx = "stowaway"\n', "f", "pyproject")).toBeNull();
});

test("a broken package file that says nothing about stowaway is not our business", async () => {
  expect(await parseConfig('{"name": "a",,', "f", "package-json")).toBeNull();
  expect(await parseConfig("[project\n", "f", "pyproject")).toBeNull();
  expect(await problemOf('{"stowaway": {"failOn": "low"},,', "package-json")).toBe(
    "line 1, column 32: a key is missing",
  );
});

test.each<[string, string]>([
  ["", "line 1, column 1: a value is missing"],
  ["{", "line 1, column 2: a closing brace is missing"],
  ['{\n  "failOn": low\n}', "line 2, column 13: this is no value"],
  ['{"failOn": "low" "disable": []}', "line 1, column 18: a comma is missing"],
  ['{"failOn": "low", "failOn": "high"}', "line 1, column 19: this key is given twice"],
  ["[]", "line 1, column 1: the configuration must be an object"],
  ['"x"', "line 1, column 1: the configuration must be an object"],
  ['{\n\n  "failOn": "worst" }', "line 3, column 3: failOn must be one of critical, high, medium, low"],
  [
    '{"store": "../.env"}',
    "line 1, column 2: store must be the path of a file inside the work tree, relative to its top, not in .git",
  ],
  [
    '{"store": ".git/config"}',
    "line 1, column 2: store must be the path of a file inside the work tree, relative to its top, not in .git",
  ],
  ['{"ignorePaths": "docs"}', "line 1, column 2: ignorePaths must be a list of texts"],
  ['{"ignorePaths": ["a", 1]}', "line 1, column 23: ignorePaths.1 must be a text"],
  ['{"ignorePaths": [""]}', "line 1, column 18: ignorePaths.0 must be a text that is not empty"],
  ['{"limits": []}', "line 1, column 2: limits must be an object"],
  ['{"limits": {"depth": 99}}', "line 1, column 13: limits.depth must be a whole number from 1 to 8"],
  ['{"limits": {"depth": 1.5}}', "line 1, column 13: limits.depth must be a whole number from 1 to 8"],
  ['{"failon": "low"}', "line 1, column 2: this key is not known | Did you mean failOn?"],
  [
    '{"__proto__": {"failOn": "low"}}',
    "line 1, column 2: this key is not known | Known here: $schema, failOn, ignorePaths, disable, store, limits.",
  ],
  ['{"limits": {"dept": 1}}', "line 1, column 13: this key is not known | Did you mean depth?"],
  [
    '{"verify": true}',
    "line 1, column 2: this key is not known | Known here: $schema, failOn, ignorePaths, disable, store, limits.",
  ],
])("%j is wrong: %s", async (text, problem) => {
  expect(await problemOf(text)).toBe(problem);
});

test.each<[string, string]>([
  ['[tool.stowaway]\nfailon = "low"', "line 2, column 1: this key is not known | Did you mean failOn?"],
  ["[tool.stowaway.limits]\ndepth = 99", "line 2, column 1: limits.depth must be a whole number from 1 to 8"],
  [
    "[tool]\nstowaway.limits = { depth = 99 }",
    "line 2, column 21: limits.depth must be a whole number from 1 to 8",
  ],
  ['[tool.stowaway]\ndisable = ["a", 1]', "line 2, column 17: disable.1 must be a text"],
  ["tool.stowaway = 1", "line 1, column 1: the configuration must be an object"],
])("%j in pyproject.toml is wrong: %s", async (text, problem) => {
  expect(await problemOf(text, "pyproject")).toBe(problem);
});

test("text nested without end is refused, not followed", async () => {
  expect(await problemOf("[".repeat(100_000))).toBe("line 1, column 201: nested deeper than 200 levels");
});

test("no message quotes the file", async () => {
  const value = ["quoted", "value"].join("");
  const texts = [
    `{"failOn": "${value}"}`,
    `{"${value}": 1}`,
    `{"disable": [${value}]}`,
    value,
    `{"limits": {"${value}": 1}}`,
  ];
  for (const text of texts) {
    // oxlint-disable-next-line no-await-in-loop -- one case after the other
    expect(await problemOf(text)).not.toContain(value.slice(0, 6));
  }
});

test("any text gives a configuration or a usage error", async () => {
  const json = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.stringMatching(/^[{}[\]",:a-z0-9/*\\\n]{0,40}$/),
  );
  await fc.assert(
    fc.asyncProperty(
      json,
      fc.constantFrom<ConfigKind>("jsonc", "package-json", "pyproject"),
      async (text, kind) => {
        const result: unknown = await parseConfig(text, "f", kind).catch((error: unknown) => error);
        expect(
          result === null ||
            result instanceof UsageError ||
            Object.getPrototypeOf(result) === Object.prototype,
        ).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test("the published JSON Schema accepts what the program accepts", async () => {
  const schema: unknown = JSON.parse(
    readFileSync(new URL("../../../src/config/config.schema.json", import.meta.url), "utf8"),
  );
  const validate = new Ajv2020({ strict: true }).compile(schema as object);
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      "low",
      "high",
      "",
      0,
      1,
      2,
      8,
      9,
      1.5,
      2000,
      2001,
      2 ** 31,
      2 ** 31 + 1,
      null,
      [],
      ["a"],
      [""],
      ["a", 1],
      {},
      { depth: 8 },
      { depth: 9 },
      { ratio: 1, x: 1 },
    ),
    fc.record({ depth: fc.nat(10), entries: fc.nat() }, { requiredKeys: [] }),
  );
  const keys = fc.constantFrom("$schema", "failOn", "ignorePaths", "disable", "limits", "store");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, value, { maxKeys: 3 }), async (config) => {
      const accepted = await parseConfig(JSON.stringify(config), "f", "jsonc").then(
        () => true,
        () => false,
      );
      expect(validate(JSON.parse(JSON.stringify(config)))).toBe(accepted);
    }),
    { numRuns: 500 },
  );
});
