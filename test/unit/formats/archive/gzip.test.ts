import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gzipName } from "../../../../src/formats/archive/gzip.ts";
import { Generator } from "../../../../src/rules/example-generator.ts";
import { gzipWith } from "../../../helpers/archives.ts";
import { gunzipOf } from "./read.ts";

const HELLO = gzipSync("hello");
const noise = (size: number): Buffer => Buffer.from(new Generator(5).bytes(size), "latin1");

/** A header with every optional field (RFC 1952, 2.3.1). */
const full = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 255]),
  Buffer.from([3, 0]),
  Buffer.from("xyz"),
  Buffer.from("name.txt\0a comment\0"),
  Buffer.from([0, 0]),
  HELLO.subarray(10),
]);

describe("whole files", () => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["one member", HELLO, "hello"],
    ["two members", Buffer.concat([HELLO, gzipSync(" world")]), "hello world"],
    ["zero padding", Buffer.concat([HELLO, Buffer.alloc(700)]), "hello"],
    ["an empty member", Buffer.concat([gzipSync(""), HELLO]), "hello"],
    ["every optional field", full, "hello"],
    ["more than one chunk", gzipSync(noise(1_000_000)), noise(1_000_000).toString("latin1")],
  ];
  test.each(cases)("%s", async (_name, bytes, text) => {
    const read = await gunzipOf(bytes);
    expect(read.text === text).toBe(true);
    expect(read.problems).toEqual([]);
  });
});

test("text in the header is given", async () => {
  const bytes = gzipWith("hello", {
    comment: "a comment of some length",
    extra: "some text in the extra field",
  });
  const read = await gunzipOf(Buffer.concat([HELLO, bytes]));
  expect(read.text).toBe("hellohello");
  expect(read.members).toEqual([
    "(outside the members, byte 25)=some text in the extra field",
    "(outside the members, byte 25)=a comment of some length",
  ]);
  expect(read.problems).toEqual([]);
});

describe("damage", () => {
  const big = gzipSync(noise(300_000));
  const cases: readonly (readonly [string, Buffer, string, readonly string[]])[] = [
    [
      "bytes behind the last member",
      Buffer.concat([HELLO, Buffer.from("tail")]),
      "hello",
      ["(outside the members, byte 25)=tail"],
    ],
    [
      "bytes behind the padding, which gunzip never shows",
      Buffer.concat([HELLO, Buffer.from("\0\0tail")]),
      "hello",
      ["(outside the members, byte 25)=\0\0tail"],
    ],
    ["reserved flags, which pip's reader does not mind", gzipWith("hello", { flags: 0x20 }), "hello", []],
    ["cut off in the trailer", HELLO.subarray(0, -3), "hello", []],
    ["cut off in the data", HELLO.subarray(0, 14), "he", []],
    ["a wrong checksum", Buffer.concat([HELLO.subarray(0, -8), Buffer.alloc(8)]), "hello", []],
    [
      "damaged data",
      Buffer.concat([big.subarray(0, 200_000), Buffer.alloc(1000, 0xff), big.subarray(201_000)]),
      noise(100).toString("latin1"),
      [],
    ],
    [
      "a header that never ends",
      Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, 65, 65]),
      "",
      ["(outside the members, byte 0)=\x1f\x8b\b\b\0\0\0\0\0\0AA"],
    ],
  ];
  test.each(cases)("%s", async (_name, bytes, start, members) => {
    const read = await gunzipOf(bytes);
    expect(read.problems).toEqual(["archive-corrupt"]);
    expect(read.text.startsWith(start)).toBe(true);
    expect(read.members).toEqual(members);
  });
});

test("the stored name", () => {
  expect(gzipName(full)).toBe("name.txt");
  expect(gzipName(HELLO)).toBe(null);
});

test("a bomb ends at the ratio", async () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 ** 2));
  await expect(gunzipOf(bomb, { ratioFrom: 1024 ** 2 })).rejects.toThrow(/more than 200 times/);
  await expect(gunzipOf(bomb, { totalBytes: 1024 ** 2 })).rejects.toThrow(/more than 1048576 bytes/);
});

test("any split into members gives the same bytes; random bytes never crash it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 500 }), { maxLength: 5 }), async (parts) => {
      const read = await gunzipOf(Buffer.concat(parts.map((part) => gzipSync(part))));
      expect(Buffer.from(read.text, "latin1").equals(Buffer.concat(parts))).toBe(true);
      expect(read.problems).toEqual([]);
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noisy) => {
      const read = await gunzipOf(Buffer.concat([HELLO.subarray(0, 10), noisy]));
      expect(read.problems.length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 100 },
  );
});
