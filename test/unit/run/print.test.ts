import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { requireText, variableOf, withSecrets } from "../../../src/run/environment.ts";
import { awsCredentials, jsonObject, requireAwsNames, shellExports } from "../../../src/run/print.ts";
import { secretOf } from "../../../src/vault/value-bytes.ts";

const values = (entries: Readonly<Record<string, string>>): Map<string, Secret> =>
  new Map(Object.entries(entries).map(([name, value]) => [name, new Secret(value)]));

test("a shell reads every value back", () => {
  // Without half surrogate pairs, which a pipe cannot carry, and zeros, which a variable cannot.
  const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
  const samples = [
    "",
    "'",
    "''",
    "a'b\\'c",
    "$HOME `id` $(id)",
    "two\nlines\n",
    "!!",
    "-n",
    "ü 🦊",
    ...fc.sample(text, 40),
  ];
  const entries = Object.fromEntries(samples.map((value, index) => [`V${index}`, value]));
  const script = `eval "$0"; for n in ${Object.keys(entries).join(" ")}; do eval "printf '%s\\0' \\"\\$$n\\""; done`;
  const { stdout } = spawnSync("sh", ["-c", script, shellExports(values(entries))], { encoding: "utf8" });
  expect(stdout.split("\0").slice(0, -1)).toEqual(samples);
});

test("a name that no shell takes is left out", () => {
  expect(shellExports(values({ "a.b": "x", "a;id": "x", OK: "x" }))).toBe("export OK='x'\n");
});

test("JSON is one object, whatever the names", () => {
  const entries = { B: "1", A: 'a"b', constructor: "c" };
  expect(JSON.parse(jsonObject(values(entries)))).toEqual(entries);
});

test("the answer for AWS", () => {
  const keys = values({ ID: "one", KEY: "two", TOKEN: "three" });
  const answer = { Version: 1, AccessKeyId: "one", SecretAccessKey: "two" };
  expect(JSON.parse(awsCredentials(keys, ["ID", "KEY"]))).toEqual(answer);
  expect(JSON.parse(awsCredentials(keys, ["ID", "KEY", "TOKEN"]))).toEqual({
    ...answer,
    SessionToken: "three",
  });
  for (const names of [[], ["ID"], ["ID", "KEY", "TOKEN", "MORE"]])
    expect(() => requireAwsNames(names)).toThrow("needs the names of two or three secrets");
});

test("what no variable can carry is refused without showing it", () => {
  const broken = ["be", "fore\0af", "ter"].join("");
  const bytes = secretOf(Buffer.from([98, 101, 0xff, 97]));
  expect(() => withSecrets({}, values({ NAME: broken }))).toThrow(
    "NAME holds a zero byte, so no variable can carry it",
  );
  expect(() => withSecrets({}, new Map([["NAME", bytes]]))).toThrow(
    "NAME is no text (UTF-8), so no variable can",
  );
  expect(() => requireText(values({ OK: "ü 🦊", HALF: "\ud800" }))).toThrow("HALF is no text");
});

test("an environment keeps what it has, and takes names that every object has", () => {
  const names = { B: "2", constructor: "3", toString: "4" };
  const proto = new Map([...values(names), ["__proto__", new Secret("5")]]);
  expect(Object.entries(withSecrets({ A: "1" }, proto))).toEqual([
    ["A", "1"],
    ...Object.entries(names),
    ["__proto__", "5"],
  ]);
  expect(variableOf({ A: "1" }, "A")).toBe("1");
  expect(variableOf({}, "constructor")).toBeUndefined();
});
