import fc from "fast-check";
import { expect, test } from "vitest";
import { byteOffsets, readFileText } from "../../../src/remedy/file-text.ts";

const MARKED = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("ä=1")]);

test.each([
  ["UTF-8", Buffer.from("ä=1"), { text: "ä=1", encoding: "utf8", mark: 0 }],
  ["UTF-8 with a mark", MARKED, { text: "ä=1", encoding: "utf8", mark: 3 }],
  ["Latin-1", Buffer.from("ä=1", "latin1"), { text: "ä=1", encoding: "latin1", mark: 0 }],
  ["UTF-16", Buffer.from("\ufeffä=1", "utf16le"), { text: "ä=1", encoding: "utf16le", mark: 2 }],
  ["UTF-16, big-endian", Buffer.from("\ufeffa=1", "utf16le").swap16(), null],
  ["binary", Buffer.from([1, 0, 2]), null],
  ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]), null],
] as const)("%s", (_what, bytes, expected) => {
  expect(readFileText(Buffer.from(bytes))).toEqual(expected);
});

test("every offset of the text is one of the bytes, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
      const bytes = Buffer.from(array);
      const file = readFileText(bytes);
      if (file === null) return;
      const again = Buffer.concat([bytes.subarray(0, file.mark), Buffer.from(file.text, file.encoding)]);
      expect(again.equals(bytes)).toBe(true);
      expect(byteOffsets(file, [0, file.text.length])).toEqual([file.mark, bytes.length]);
    }),
  );
});
