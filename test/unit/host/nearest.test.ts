import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../../../src/host/nearest.ts";

const NAMES = ["check", "check-pack", "init", "rules", "format", "failOn", "no-color"];

test.each([
  ["fromat", "format"],
  ["chekc", "check"],
  ["checkpack", "check-pack"],
  ["CHECK", "check"],
  ["failon", "failOn"],
  ["rule", "rules"],
  ["nocolor", "no-color"],
  ["publish", null],
  ["", null],
  ["x", null],
])("%s means %s", (typed, meant) => {
  expect(nearest(typed, NAMES)).toBe(meant);
});

test("a known name is the nearest to itself, and so is one with a letter swapped or lost", () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES.filter((name) => name.length > 4)), fc.nat(), (name, seed) => {
      const at = seed % (name.length - 1);
      const lost = name.slice(0, at) + name.slice(at + 1);
      const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
      expect([nearest(name, NAMES), nearest(lost, NAMES), nearest(swapped, NAMES)]).toEqual([
        name,
        name,
        name,
      ]);
    }),
  );
});

test("any text is answered, long ones too", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (typed) => {
      const near = nearest(typed, NAMES);
      expect(near === null || NAMES.includes(near)).toBe(true);
    }),
  );
});
