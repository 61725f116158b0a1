import fc from "fast-check";
import { expect, test } from "vitest";
import { locateDockerfile } from "../../../src/formats/dockerfile.ts";

const TEXT =
  '# syntax=docker/dockerfile:1\r\nFROM a AS b\r\nRUN --mount=type=cache,target=/x curl \\\r\n  # note\r\n  http://x\r\nCMD ["a"]\nrun <<E\nx\nE\nCOPY <<F /y\nz\nF\n';

test("instructions, their bodies and comments", () => {
  const { instructions, comments, syntax, escape, problems } = locateDockerfile(TEXT);
  expect(instructions.map(({ keyword, isArray, hasHeredoc }) => [keyword, isArray, hasHeredoc])).toEqual([
    ["FROM", false, false],
    ["RUN", false, false],
    ["CMD", true, false],
    ["RUN", false, true],
    ["COPY", false, true],
  ]);
  const cut = ({ start, end }: { start: number; end: number }): string => TEXT.slice(start, end);
  expect(instructions.map(({ body }) => (body === null ? null : cut(body)))).toEqual([
    "a AS b",
    "curl \\\r\n  # note\r\n  http://x",
    '["a"]',
    "<<E\nx\nE",
    "<<F /y\nz\nF",
  ]);
  expect(instructions.map(({ start, afterKeyword }) => TEXT.slice(start, afterKeyword))).toEqual([
    "FROM",
    "RUN",
    "CMD",
    "run",
    "COPY",
  ]);
  expect(comments.map(cut)).toEqual(["# note"]);
  expect([syntax, escape, problems]).toEqual(["docker/dockerfile:1", "\\", 0]);
  expect(locateDockerfile("# escape=`\nFROM a\nFOO b\n")).toMatchObject({
    escape: "`",
    problems: 1,
    syntax: null,
  });
});

test("any text gives ranges inside of it", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 4 }),
    fc.constantFrom(
      "FROM a\n",
      "RUN ",
      "\\\n",
      "# x\n",
      "[",
      '"',
      "]",
      "<<E\n",
      "E\n",
      "--mount=type=a ",
      "\r\n",
      "ONBUILD ",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      for (const { start, end, afterKeyword, body } of locateDockerfile(text).instructions) {
        expect(start <= afterKeyword && afterKeyword <= end && end <= text.length).toBe(true);
        expect(
          body === null || (afterKeyword <= body.start && body.start <= body.end && body.end <= end),
        ).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
