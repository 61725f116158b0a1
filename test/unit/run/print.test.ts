import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { withSecrets } from "../../../src/run/environment.ts";
import { awsCredentials, jsonObject, requireAwsNames, shellExports } from "../../../src/run/print.ts";

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

test("a zero byte is refused without showing what is round it", () => {
  const value = ["be", "fore\0af", "ter"].join("");
  expect(() => withSecrets({}, values({ NAME: value }))).toThrow(
    "NAME holds a zero byte, which no variable can",
  );
  expect(withSecrets({ A: "1" }, values({ B: "2" }))).toEqual({ A: "1", B: "2" });
});
