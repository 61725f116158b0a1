import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseToml } from "../../../src/formats/toml.ts";

test("values of every kind a manifest has", () => {
  const { value, problem } = parseToml(
    '\uFEFF[a]\nb = "x" # c\nc = [1, "y"]\n[a.d]\ne = true\nh.i = { j = 2 }\n[[f]]\ng = 1\n[[f]]\n[f.k]\nl = 2\n',
  );
  expect(problem).toBe(null);
  expect(value).toEqual({
    a: { b: "x", c: [1, "y"], d: { e: true, h: { i: { j: 2 } } } },
    f: [{ g: 1 }, { k: { l: 2 } }],
  });
});

describe("broken text has a place and is not quoted", () => {
  const hush = "hush-hush";
  test.each([
    ["a string without end", `a = "${hush}\nb = 1`, 1],
    ["a key twice", `a = 1\na = "${hush}"`, 2],
    ["no value", `x = 1\n${hush} =`, 2],
    ["nested without end", `a = ${"[".repeat(20_000)}`, 1],
  ])("%s", (_name, text, line) => {
    const { value, problem } = parseToml(text);
    expect(value).toBe(null);
    expect(problem?.line).toBeGreaterThanOrEqual(line);
    expect(JSON.stringify(problem)).not.toContain(hush);
  });
});

test("a key called __proto__ changes no prototype", () => {
  for (const text of [
    '[__proto__]\npolluted = "yes"',
    '__proto__.polluted = "yes"',
    'a = { __proto__.polluted = "yes" }',
  ])
    expect(parseToml(text).problem).toBe(null);
  expect(({} as Record<string, unknown>)["polluted"]).toBe(undefined);
});

test("any text gives a table or a problem, never an exception", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom("[", "]", "=", "\n", '"', "'", "#", "[[", "{", "1979-05-27", "\u0000"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { value, problem } = parseToml(pieces.join(""));
      expect((value === null) === (problem !== null)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
