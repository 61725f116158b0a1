import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonc } from "../../../src/formats/jsonc.ts";

test("values and their places", () => {
  const document = parseJsonc('{\r\n  "a": { "b": [1, true] },\n  // c\n  "c": null,\n}');
  expect(document.value).toEqual({ a: { b: [1, true] }, c: null });
  expect(document.problem).toBeNull();
  expect(document.positionOf(["a"])).toEqual({ line: 2, column: 3 });
  expect(document.positionOf(["a", "b", 1])).toEqual({ line: 2, column: 19 });
  expect(document.positionOf(["a", "none"])).toEqual({ line: 2, column: 3 });
  expect(document.positionOf(["c"])).toEqual({ line: 4, column: 3 });
});

test("strict is what JSON.parse takes", () => {
  expect(parseJsonc('{"a": 1, }', { strict: true }).problem).not.toBeNull();
  expect(parseJsonc('{"a": 1} // b', { strict: true }).problem?.message).toBe(
    "comments are not allowed here",
  );
  expect(parseJsonc('{"a": 1} // b').problem).toBeNull();
});

test("a key __proto__ is a key like any other", () => {
  const { value } = parseJsonc('{"__proto__": {"a": 1}}');
  expect(Object.keys(value as object)).toEqual(["__proto__"]);
  expect((value as { a?: unknown }).a).toBeUndefined();
});

test("JSON is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const { value, problem } = parseJsonc(text, { strict: true });
      // A key given twice is told; both take the last.
      expect(problem === null || problem.message === "this key is given twice").toBe(true);
      expect(value).toEqual(JSON.parse(text));
    }),
  );
});

test("any text gives a value or a problem", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[{}[\]",:\\a-z0-9/*\n]{0,60}$/));
  fc.assert(
    fc.property(text, (given) => {
      const { value, problem } = parseJsonc(given);
      expect(value !== undefined || problem !== null).toBe(true);
    }),
  );
});

test.each(["/*", "{} /*", "//", '"', "{", "\\", "-", "/"])("%j, cut short, comes to an end", (given) => {
  expect(parseJsonc(given)).toHaveProperty("problem.message");
});

test("a text nested without end is not followed", () => {
  expect(parseJsonc('{"a":'.repeat(50_000))).toMatchObject({ value: undefined, problem: { line: 1 } });
});
