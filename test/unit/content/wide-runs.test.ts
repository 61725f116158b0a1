import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wideRuns } from "../../../src/content/wide-runs.ts";

const TEXT = "a text of wide characters";
const WORD = "one-long-word-of-many-letters";

type Order = "16 little" | "16 big" | "32 little" | "32 big";
const ORDERS: readonly Order[] = ["16 little", "16 big", "32 little", "32 big"];

function wide(text: string, order: Order): Buffer {
  const little = Buffer.from(text, "utf16le");
  const bytes = order.startsWith("16")
    ? little
    : Buffer.concat(
        Array.from({ length: little.length / 2 }, (_, at) => [
          little.subarray(at * 2, at * 2 + 2),
          Buffer.alloc(2),
        ]).flat(),
      );
  if (order.endsWith("little")) return bytes;
  return order === "16 big" ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();
}

const linesOf = (bytes: Uint8Array): string[] => wideRuns(bytes, null).toString().split("\n");

describe.each(ORDERS)("%s", (order) => {
  test("a text is found at any offset, to its first and last character", () => {
    for (const before of [0, 1, 2, 3, 7])
      for (const after of [[], [0xff, 0xff, 1, 2]]) {
        const bytes = Buffer.concat([Buffer.alloc(before, 0xff), wide(TEXT, order), Buffer.from(after)]);
        expect(linesOf(bytes)).toContain(TEXT);
      }
  });

  // The low bytes of these two characters are those of `5` and `-`.
  test.each(["密", "\u4e35", "\u4e2d", "。", ""])(
    "a word stands between characters of other scripts: %j",
    (other) => {
      expect(linesOf(wide(other + WORD + other, order))).toContain(WORD);
    },
  );
});

test("a word is not found twice where both orders read it alike", () => {
  for (const order of ORDERS) expect(linesOf(wide(`\n${WORD}\n`, order))).toEqual([WORD]);
  expect(linesOf(Buffer.concat([Buffer.from("plain\n"), wide(`name=${WORD}\n`, "16 little")]))).toEqual([
    `name=${WORD}`,
  ]);
});

test("what was read already is left out", () => {
  expect(wideRuns(wide(TEXT, "16 little"), { step: 2, rest: 0 })).toHaveLength(0);
  expect(wideRuns(wide(TEXT, "16 little"), { step: 2, rest: 1 })).not.toHaveLength(0);
  expect(wideRuns(wide(TEXT, "32 big"), { step: 4, rest: 3 })).toHaveLength(0);
});

test("leaves short runs and any other bytes", () => {
  expect(wideRuns(wide("short", "16 little"), null)).toHaveLength(0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(wideRuns(bytes, null).length).toBeLessThanOrEqual(bytes.length);
    }),
    { seed: 3 },
  );
});
