import fc from "fast-check";
import { expect, test } from "vitest";
import { LineMap } from "../../../src/model/line-map.ts";

test("places are 1-based, columns count UTF-16 code units, ends are exclusive", () => {
  const text = "one\r\ntwo 😀 é x\nthree";
  const bytes = Buffer.from(text);
  const at = Buffer.from("one\r\ntwo 😀 é ").length;
  expect(new LineMap(bytes).range(at, at + 1)).toEqual({ line: 2, column: 10, endLine: 2, endColumn: 11 });
  expect(new LineMap(bytes).text(0)).toBe("one");
  expect(new LineMap(bytes).text(1)).toBe("two 😀 é x");
});

test("agrees with a plain count on any text, in any order of questions", () => {
  const unit = fc.constantFrom("a", "\n", "\r\n", "é", "😀", " ");
  fc.assert(
    fc.property(
      fc.array(unit, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(39), { minLength: 1, maxLength: 5 }),
      (units, picks) => {
        const lines = new LineMap(Buffer.from(units.join("")));
        for (const pick of picks) {
          const before = units.slice(0, pick % units.length).join("");
          const offset = Buffer.from(before).length;
          const rows = before.split("\n");
          const range = lines.range(offset, offset + 1);
          expect([range.line, range.column]).toEqual([rows.length, (rows.at(-1)?.length ?? 0) + 1]);
        }
      },
    ),
    { seed: 4 },
  );
});

test("a secret of several lines ends where its last byte stands", () => {
  expect(new LineMap(Buffer.from("a\nbc\nd")).range(0, 4)).toEqual({
    line: 1,
    column: 1,
    endLine: 2,
    endColumn: 3,
  });
});
