import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../../../src/content/charset.ts";

const TEXT = "let naïve = 'ß';\r\nnext line of plain text\n";

describe("decode", () => {
  const utf16 = (text: string, swap: boolean): Buffer =>
    swap ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text, "utf16le");
  const utf32 = (text: string, big: boolean): Buffer => {
    const points = Array.from(`\ufeff${text}`, (character) => character.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(points.length * 4);
    for (const [index, point] of points.entries()) {
      if (big) bytes.writeUInt32BE(point, index * 4);
      else bytes.writeUInt32LE(point, index * 4);
    }
    return bytes;
  };

  test.each([
    ["UTF-8", Buffer.from(TEXT), "utf-8"],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), "utf-8"],
    ["UTF-16LE with a mark", utf16(`\ufeff${TEXT}`, false), "utf-16le"],
    ["UTF-16BE with a mark", utf16(`\ufeff${TEXT}`, true), "utf-16be"],
    ["UTF-16LE without one", utf16(TEXT, false), "utf-16le"],
    ["UTF-16BE without one", utf16(TEXT, true), "utf-16be"],
    ["UTF-32LE", utf32(TEXT, false), "utf-16le"],
    ["UTF-32BE", utf32(TEXT, true), "utf-16be"],
  ])("%s", (_name, bytes, encoding) => {
    const decoded = decode(bytes);
    expect(decoded.bytes.toString()).toBe(TEXT);
    expect(decoded.encoding).toBe(encoding);
  });

  test("a file with zero bytes that is no UTF-16 stays as it is", () => {
    const bytes = Buffer.from("abc\0def\0\0\0ghijkl");
    expect(decode(bytes)).toEqual({ bytes, encoding: "binary", grid: null });
  });

  test("an odd byte at the end of UTF-16 loses nothing before it", () => {
    const bytes = Buffer.concat([utf16(`\ufeff${TEXT}`, false), Buffer.from([0x41])]);
    expect(decode(bytes).bytes.toString()).toBe(TEXT);
  });

  test("any bytes are decoded without an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(decode(bytes).bytes).toBeInstanceOf(Buffer);
      }),
      { seed: 2 },
    );
  });
});
