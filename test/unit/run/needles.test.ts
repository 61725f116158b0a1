import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { createMasker } from "../../../src/run/mask.ts";
import { needlesOf } from "../../../src/run/needles.ts";

/** Made of characters that every encoding treats in its own way; no token of anybody's. */
const VALUE = ["p@ss/w+rd", '"it\'s"', "ü~x y"].join("&");

function masked(text: string, ...values: string[]): string {
  const masker = createMasker(needlesOf(values.map((value) => new Secret(value))));
  return Buffer.concat([masker.write(Buffer.from(text)), masker.end()]).toString();
}

test.each<[string, string]>([
  ["itself", VALUE],
  ["encodeURIComponent", encodeURIComponent(VALUE)],
  ["small digits", encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase())],
  ["a form", new URLSearchParams({ a: VALUE }).toString().slice(2)],
  ["JSON", JSON.stringify({ a: VALUE }).slice(6, -2)],
  ["base64 for URLs", Buffer.from(VALUE).toString("base64url")],
])("%s is masked", (_, text) => {
  expect(masked(`[${text}]`, VALUE)).toBe("[***]");
});

test("base64 is masked, also of a text that has the value in it", () => {
  expect(masked(Buffer.from(VALUE).toString("base64"), VALUE)).toMatch(/^\*{3}=*$/);
  for (const before of ["a", "ab", "abc", "user:"])
    for (const after of ["", "z", "zz"]) {
      const text = Buffer.from(before + VALUE + after).toString("base64");
      const shown = masked(text, VALUE).split("***");
      expect(shown.length).toBe(2);
      // At most the two characters at each end that other bits are in too.
      expect(Buffer.from(shown[0] ?? "", "base64").toString()).not.toContain(VALUE.slice(0, 2));
      expect((shown[0] ?? "").length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3));
    }
});

test("each line of several is masked, and the lines that every PEM file has are not", () => {
  const key = [
    "-----BEGIN EXAMPLE KEY-----",
    "a".repeat(20),
    "short",
    "b".repeat(20),
    "-----END EXAMPLE KEY-----",
  ];
  const value = `${key.join("\r\n")}\r\n`;
  expect(masked(value, value)).toBe("***");
  expect(masked(`x ${key[1]} y\n${key[0]}\n${key[2]}\n  ${key[3]}`, value)).toBe(
    `x *** y\n${key[0]}\n${key[2]}\n  ***`,
  );
});

test("what is shorter than six characters is no needle", () => {
  expect(
    needlesOf(["", "12345", " \n ", "1234\n1234"].map((value) => new Secret(value))).map(String),
  ).toEqual([
    "1234\n1234",
    ...needlesOf([new Secret("1234\n1234")])
      .map(String)
      .slice(1),
  ]);
  expect(masked("1234 1234", "1234\n1234")).toBe("1234 1234");
});

test("half a surrogate pair is no error", () => {
  expect(needlesOf([new Secret("\ud800abcdef")]).length).toBeGreaterThan(0);
});
