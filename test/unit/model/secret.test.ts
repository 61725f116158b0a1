import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";

const VALUE = ["tok", "1234567890", "abcdefghij", "WXYZ"].join("_");

test("no implicit conversion gives the value away", () => {
  const secret = new Secret(VALUE);
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect(secret, { depth: 9, showHidden: true }),
    inspect({ a: [secret] }),
  ];
  for (const text of shown) expect(text).not.toContain("1234");
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.expose()).toBe(VALUE);
});

test.each([
  ["short-value-15c", 0, "***"],
  [VALUE, 4, "tok_…WXYZ"],
  [VALUE, 0, "…WXYZ"],
  ["prefix_prefix_ab", 14, "***"],
  ["-----BEGIN EC PRIVATE KEY-----\nabcdefghijklmnop", 0, "-----BEGIN EC PRIVATE KEY-----…"],
])("shows of %j with a public prefix of %i: %s", (value, prefix, shown) => {
  expect(new Secret(value).redact(prefix)).toBe(shown);
});
