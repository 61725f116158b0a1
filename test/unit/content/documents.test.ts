import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allText, documentsOf } from "../../../src/content/documents.ts";

const place = { path: "a.log", container: [], included: null };
const textsOf = (bytes: Uint8Array): string[] =>
  documentsOf(place, bytes).map((document) => Buffer.from(document.bytes).toString());
const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
const line = "a line of the log\n";

describe("documentsOf", () => {
  test.each([
    ["UTF-8", Buffer.from(line)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${line}`)],
    ["UTF-16 with a mark", utf16(`\ufeff${line}`)],
    ["UTF-16 without one", utf16(line)],
    ["UTF-16, big-endian", utf16(`\ufeff${line}`).swap16()],
  ])("%s is one text", (_name, bytes) => {
    expect(textsOf(bytes)).toEqual([line]);
  });

  const plain = Buffer.from("appended by another program\n");
  test.each([
    ["ASCII behind UTF-16 with a mark", [utf16(`\ufeff${line.repeat(20)}`), plain], plain.toString()],
    ["ASCII behind UTF-16 without one", [utf16(line.repeat(200)), plain], plain.toString()],
    ["UTF-16 behind ASCII", [Buffer.from(line.repeat(20)), utf16(plain.toString())], plain.toString().trim()],
    [
      "UTF-16 behind UTF-8 with a mark",
      [Buffer.from(`\ufeff${line}`), utf16(plain.toString())],
      plain.toString().trim(),
    ],
    [
      "UTF-16 behind that and an odd ASCII line",
      [utf16(`\ufeff${line}`), Buffer.from("odd\n."), utf16(plain.toString())],
      plain.toString().trim(),
    ],
    [
      "big-endian UTF-16 behind the other",
      [utf16(`\ufeff${line}`), utf16(plain.toString()).swap16()],
      plain.toString().trim(),
    ],
  ])("%s is read too, in one text only", (_name, parts, expected) => {
    expect(textsOf(Buffer.concat(parts)).filter((text) => text.includes(expected))).toHaveLength(1);
  });

  test("the lines of a text appended to UTF-16 are those of the file", () => {
    const [, second = ""] = textsOf(Buffer.concat([utf16(`\ufeff${line.repeat(20)}`), plain]));
    expect(second.split("\n").findIndex((text) => text.includes(plain.toString().trim()))).toBe(20);
  });
});

test("allText holds every text of a file", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const all = Buffer.from(allText(bytes));
      for (const { bytes: text } of documentsOf(place, bytes))
        expect(all.includes(Buffer.from(text))).toBe(true);
    }),
    { seed: 4 },
  );
});
