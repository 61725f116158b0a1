import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeJson, escapeText } from "../../../src/report/escape.ts";

const HOSTILE = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code)),
    fc.constantFrom(
      "\u001b[31m",
      "\u009b2J",
      "\u202e",
      "\u2066",
      "\n",
      "\r",
      "\t",
      "\0",
      "\u200b",
      "\ud800",
      "\udc00",
      "\u{e0041}",
      "a",
    ),
  ),
});

/** What a terminal or an eye must not meet. */
const UNSAFE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

test.each([
  ["plain näme 漢字 😀 — …", "plain näme 漢字 😀 — …"],
  ["a\nb\r\tc\0", "a\\nb\\r\\tc\\0"],
  ["\u001b[31mred\u009b", "\\x1b[31mred\\x9b"],
  ["evil\u202egnp.exe", "evil\\u202egnp.exe"],
  ["tag\u{e0041}", "tag\\u{e0041}"],
  ["half\ud83d", "half\\ud83d"],
])("%j", (text, escaped) => {
  expect(escapeText(text)).toBe(escaped);
});

test("nothing unsafe is left, and what is safe stays", () => {
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const escaped = escapeText(text);
      expect(UNSAFE.test(escaped)).toBe(false);
      expect(escapeText(escaped)).toBe(escaped);
    }),
  );
});

test("JSON means the same and holds nothing unsafe but its line ends", () => {
  fc.assert(
    fc.property(fc.record({ text: HOSTILE, list: fc.array(HOSTILE) }), (value) => {
      const json = escapeJson(JSON.stringify(value, null, 2));
      expect(JSON.parse(json)).toEqual(value);
      expect(UNSAFE.test(json.replaceAll("\n", ""))).toBe(false);
    }),
  );
});
