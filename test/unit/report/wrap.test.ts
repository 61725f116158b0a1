import fc from "fast-check";
import { expect, test } from "vitest";
import { textWidth } from "../../../src/report/width.ts";
import { wrap } from "../../../src/report/wrap.ts";

test.each([
  ["", 0],
  ["plain", 5],
  ["漢字", 4],
  ["e\u0301", 1],
  ["😀", 2],
  ["…—ä", 3],
])("%s is %s wide", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ["one two three", 7, ["one two", "three"]],
  ["", 10, [""]],
  ["averylongword b", 5, ["averylongword", "b"]],
  ["漢字 漢字", 6, ["漢字", "漢字"]],
])("%s in %s columns", (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test("no word is lost, and no line is too long unless it is one word", () => {
  const words = fc.array(fc.stringMatching(/^[a-z漢]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 1, max: 40 }), (given, width) => {
      const lines = wrap(given.join(" "), width);
      expect(lines.join(" ")).toBe(given.join(" "));
      expect(lines.every((line) => textWidth(line) <= width || !line.includes(" "))).toBe(true);
    }),
  );
});
