import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import type { Piece, Splice } from "../../../src/model/transaction.ts";
import { relocate } from "../../../src/remedy/relocate.ts";
import { isTorn, reverse, stretchBetween } from "../../../src/remedy/reversal.ts";
import { applySplices, rangesOf, undoSplices } from "../../../src/remedy/splice.ts";

const encodings = fc.constantFrom("utf8", "latin1", "utf16le");
const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 8 });

/** A file made of texts between places, and the splices that take the places out. */
const files = fc.record({
  encoding: encodings,
  value: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 }),
  parts: fc.array(fc.tuple(fc.uint8Array({ maxLength: 12 }), ascii, fc.boolean(), ascii), { maxLength: 6 }),
  rest: fc.uint8Array({ maxLength: 12 }),
});

test("what is taken out can be put back, byte for byte", () => {
  fc.assert(
    fc.property(files, ({ encoding, value, parts, rest }) => {
      const bytes: Buffer[] = [];
      const splices: Splice[] = [];
      for (const [between, text, hasValue, after] of parts) {
        bytes.push(Buffer.from(between));
        const before: Piece[] = hasValue ? [text, { name: "N" }] : [text];
        splices.push({ at: Buffer.concat(bytes).length, before, after });
        bytes.push(Buffer.from(text + (hasValue ? value : ""), encoding));
      }
      const old = Buffer.concat([...bytes, rest]);
      const values = new Map([["N", new Secret(value)]]);
      const now = applySplices(old, splices, encoding, values);
      expect(undoSplices(now, splices, encoding, values)?.equals(old)).toBe(true);
      expect(reverse(now, stretchBetween(old, now), new Map())?.equals(old)).toBe(true);
      expect(relocate(old, rangesOf(splices, encoding, values), old) ?? splices.map(({ at }) => at)).toEqual(
        splices.map(({ at }) => at),
      );
    }),
  );
});

test("another file than the one that was written is never taken for it", () => {
  const values = new Map([["N", new Secret("value")]]);
  const splices = [{ at: 2, before: [{ name: "N" }], after: "NAME" }];
  expect(undoSplices(Buffer.from("a NAMES"), splices, "utf8", values)?.toString()).toBe("a valueS");
  expect(undoSplices(Buffer.from("a OTHER"), splices, "utf8", values)).toBe(null);
  expect(() => applySplices(Buffer.from("a other"), splices, "utf8", values)).toThrow(/does not fit/);
  const twice = [...splices, { at: 4, before: ["l"], after: "" }];
  expect(() => applySplices(Buffer.from("a value"), twice, "utf8", values)).toThrow(/does not fit/);
});

test("a text that the encoding cannot say is refused, not replaced", () => {
  const values = new Map([["N", new Secret("\ud800")]]);
  const splices = [{ at: 0, before: [{ name: "N" }], after: "x" }];
  expect(() => applySplices(Buffer.from("\ufffd"), splices, "utf8", values)).toThrow(/encoding/);
  expect(() =>
    applySplices(Buffer.from("a"), [{ at: 0, before: ["a"], after: "\u20ac" }], "latin1", new Map()),
  ).toThrow(/encoding/);
});

test("half of a file that is written over another is told from any other content", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 30 }).map((each) => Buffer.from(each));
  fc.assert(
    fc.property(bytes, bytes, fc.nat(30), (written, over, cut) => {
      const at = Math.min(cut, written.length);
      expect(isTorn(Buffer.concat([written.subarray(0, at), over.subarray(at)]), written, over)).toBe(true);
    }),
  );
  expect(isTorn(Buffer.from("abX"), Buffer.from("abcd"), Buffer.from("wxyz"))).toBe(false);
  expect(isTorn(Buffer.from("abcdz"), Buffer.from("abcd"), Buffer.from("wxyz"))).toBe(false);
});

test("places are found in another version by their whole lines, which must be there once", () => {
  const old = Buffer.from("one\nkey = value\nlast");
  const range = [{ at: 10, length: 5 }];
  expect(relocate(old, range, Buffer.from("zero\none\nkey = value\n"))).toEqual([15]);
  expect(relocate(old, range, Buffer.from("key = value\nkey = value\n"))).toBe(null);
  expect(relocate(old, range, Buffer.from("my key = value\n"))).toBe(null);
  expect(relocate(old, range, Buffer.from("key = value2\n"))).toBe(null);
  const end = Buffer.from("a\nb\n");
  expect(relocate(end, [{ at: 4, length: 0 }], Buffer.from("x\nb\n"))).toEqual([4]);
  expect(relocate(Buffer.alloc(0), [{ at: 0, length: 0 }], Buffer.from("x"))).toBe(null);
});
