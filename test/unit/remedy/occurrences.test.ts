import fc from "fast-check";
import { expect, test } from "vitest";
import { LineIndex, occurrencesOf } from "../../../src/remedy/occurrences.ts";
import type { Wanted } from "../../../src/remedy/occurrences.ts";

const wanted = (name: string, value: string, ...lines: number[]): Wanted => ({
  name,
  value,
  lines: new Set(lines),
});
const found = (text: string, ...values: Wanted[]): string[] =>
  occurrencesOf(text, values).places.map(({ start, name }) => `${name}@${start}`);

test("where a rule has found it, and wherever else it stands by itself", () => {
  expect(found('a = "value-one"\n# value-one\nxvalue-onex', wanted("A", "value-one", 1))).toEqual([
    "A@5",
    "A@18",
  ]);
});

test("a short value counts only where a rule has found it", () => {
  expect(found("key: abc123\nother: abc123", wanted("A", "abc123", 2))).toEqual(["A@19"]);
});

test("what stands within a word is told apart", () => {
  const { places, embedded } = occurrencesOf("xvalue-onex value-one", [wanted("A", "value-one")]);
  expect([places.length, embedded.map(({ start }) => start)]).toEqual([1, [1]]);
});

test("within a word it counts only where a rule has found it", () => {
  expect(found("prefix_value-one_x", wanted("A", "value-one", 1))).toEqual(["A@7"]);
});

test("of values within one another the longer one counts", () => {
  const text = "a=long-value-2 b=long-value";
  expect(found(text, wanted("SHORT", "long-value", 1), wanted("LONG", "long-value-2", 1))).toEqual([
    "LONG@2",
    "SHORT@17",
  ]);
});

test("twice on one line, and lines of a file that knows only CR", () => {
  expect(found("x=value-one;y=value-one", wanted("A", "value-one", 1))).toHaveLength(2);
  expect(new LineIndex("a\rb\rc").lineAt(4)).toBe(3);
  expect(new LineIndex("a\r\nb\r\nc").lineAt(6)).toBe(3);
});

test("places are ascending, apart, and hold the value", () => {
  const text = fc.stringMatching(/^[ab =\n]{0,60}$/);
  const values = fc.array(
    fc.tuple(fc.stringMatching(/^[ab]{1,9}$/), fc.array(fc.integer({ min: 1, max: 9 }))),
  );
  fc.assert(
    fc.property(text, values, (source, given) => {
      const asked = given.map(([value, lines], index) => wanted(`N${index}`, value, ...lines));
      let last = 0;
      for (const { start, end, name } of occurrencesOf(source, asked).places) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(source.slice(start, end)).toBe(asked.find((each) => each.name === name)?.value);
        last = end;
      }
    }),
  );
});
