import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { joinParts, layOut, partAccount, readHeader } from "../../../src/vault/keychain-protocol.ts";
import { bytesOf, isText, secretOf } from "../../../src/vault/value-bytes.ts";

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .array(fc.constantFrom(0x00, 0x0a, 0x41, 0x80, 0xbf, 0xc3, 0xed, 0xa0, 0xef, 0xf0, 0x9f, 0xff))
    .map((all) => Uint8Array.from(all)),
  fc.string({ unit: "grapheme" }).map((text) => Buffer.from(text)),
);

test("any bytes come back through a value", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(bytesOf(secretOf(bytes))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 3000, seed: 1 },
  );
});

test("text is itself, and what is none is known", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(secretOf(Buffer.from(text)).expose()).toBe(text);
      expect(isText(new Secret(text))).toBe(true);
    }),
  );
  expect(secretOf(Buffer.from("\ufeffa")).expose()).toBe("\ufeffa");
  expect(isText(secretOf(Buffer.from([0xff])))).toBe(false);
  expect(bytesOf(new Secret("a\ud800b"))).toBeNull();
  expect(bytesOf(new Secret("a\udc00b"))).toBeNull();
});

test("a value is laid out so that it is known again, whatever it looks like", () => {
  const long = fc.uint8Array({ minLength: 2390, maxLength: 9000 });
  const header = anyBytes.map((bytes) => Buffer.concat([Buffer.from("stowaway-parts:1:"), bytes]));
  fc.assert(
    fc.property(fc.oneof(anyBytes, long, header), (bytes) => {
      const value = Buffer.from(bytes);
      const { main, parts } = layOut(value, "0011223344556677");
      const found = readHeader(main);
      expect(Math.max(main.length, ...parts.map((part) => part.length))).toBeLessThanOrEqual(2400);
      if (parts.length === 0) expect([found, Buffer.from(main)]).toEqual([null, value]);
      else {
        if (found === null) throw new Error("it has no header");
        expect(found.count).toBe(parts.length);
        expect(joinParts(found, parts)).toEqual(value);
        expect(joinParts(found, parts.slice(1))).toBeNull();
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});

test("a header of another's making is bounded", () => {
  const digest = "0".repeat(64);
  expect(readHeader(Buffer.from(`stowaway-parts:1:0011223344556677:9999:1:${digest}`))).toBeNull();
  expect(readHeader(Buffer.from(`stowaway-parts:2:0011223344556677:1:1:${digest}`))).toBeNull();
  expect(readHeader(Buffer.from(`stowaway-parts:1:../x:1:1:${digest}`))).toBeNull();
  expect(partAccount("p/A", "0011223344556677", 0)).toBe("p/A#0011223344556677#1");
});
