import fc from "fast-check";
import { expect, test } from "vitest";
import { cutLine } from "../../../src/report/frame.ts";
import { textWidth } from "../../../src/report/width.ts";

function cut(before: string, mark: string, after: string, width = 40): string[] {
  const line = cutLine({ text: before + mark + after, start: before.length, length: mark.length }, width);
  return [line.text, " ".repeat(line.start) + "^".repeat(line.width)];
}

test("a short line stays, with its mark under the value", () => {
  expect(cut("token: ", "abcd…wxyz", ";")).toEqual(["token: abcd…wxyz;", "       ^^^^^^^^^"]);
});

test("a long line is cut on both sides, and the mark stays in sight", () => {
  const [text, mark] = cut("b".repeat(100), "abcd…wxyz", "c".repeat(100));
  expect(text).toBe(`…${"b".repeat(15)}abcd…wxyz${"c".repeat(14)}…`);
  expect(mark).toBe(`${" ".repeat(16)}^^^^^^^^^`);
});

test("room that the end does not need goes to the start", () => {
  expect(cut("b".repeat(100), "abcd…wxyz", "c")[0]).toBe(`…${"b".repeat(29)}abcd…wxyzc`);
});

test("tabs, wide characters and controls keep the mark in place", () => {
  expect(cut("\t漢: ", "***", "")).toEqual(["  漢: ***", "      ^^^"]);
  expect(cut("\u001b[0m", "***", "")).toEqual(["\\x1b[0m***", "       ^^^"]);
});

test("any line fits, on one line, with the mark inside", () => {
  const part = fc.string({ unit: "binary", maxLength: 120 });
  fc.assert(
    fc.property(part, part, part, fc.integer({ min: 20, max: 120 }), (before, mark, after, width) => {
      const line = cutLine({ text: before + mark + after, start: before.length, length: mark.length }, width);
      expect(textWidth(line.text)).toBeLessThanOrEqual(width);
      expect(line.start + line.width).toBeLessThanOrEqual(width + 1);
      expect(line.text).not.toMatch(/\p{Cc}/u);
    }),
  );
});
