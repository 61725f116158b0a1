import fc from "fast-check";
import { expect, test } from "vitest";
import { buildAutomaton } from "../../../src/run/automaton.ts";
import { createMasker } from "../../../src/run/mask.ts";

/** What the masker is to give, found the slow way in the whole text. */
function oracle(text: Buffer, needles: readonly Buffer[]): Buffer {
  const found = needles
    .flatMap((needle) => {
      const starts: number[] = [];
      for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) starts.push(at);
      return starts.map((start) => ({ start, end: start + needle.length }));
    })
    .toSorted((a, b) => a.start - b.start || b.end - a.end);
  const out: Buffer[] = [];
  let done = 0;
  for (const { start, end } of found) {
    if (start >= done) out.push(text.subarray(done, start), Buffer.from("***"));
    done = Math.max(done, end);
  }
  return Buffer.concat([...out, text.subarray(done)]);
}

/** Masks a text that comes in the given chunks; the cuts are taken in the order of their places. */
function masked(text: Buffer, needles: readonly Buffer[], cuts: readonly number[]): Buffer {
  const masker = createMasker(buildAutomaton(needles));
  const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
  const parts = places
    .slice(1)
    .map((end, index) => masker.write(Buffer.from(text.subarray(places[index], end))));
  return Buffer.concat([...parts.map((part) => Buffer.from(part)), masker.end()]);
}

const buffers = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

test.each<[string, string[], string, string]>([
  ["in the middle", ["secret"], "a secret b", "a *** b"],
  ["the whole text", ["secret"], "secret", "***"],
  ["twice without a gap", ["secret"], "secretsecret", "******"],
  ["its beginning only", ["secret"], "a secre", "a secre"],
  ["one that begins another", ["secret", "secrets"], "secrets secret", "*** ***"],
  ["one that begins another, cut short", ["secret", "secret-two"], "secret-tw.", "***-tw."],
  ["one within another", ["middle", "the middle of it"], "the middle of it, middle", "***, ***"],
  ["two that overlap", ["abcdef", "defghi"], "abcdefghi abcdefg", "*** ***g"],
  ["three in a chain", ["abcdef", "efghij", "ijklmn"], "abcdefghijklmn.", "***."],
  ["one that overlaps itself", ["aabaab"], "aabaabaab", "***"],
  ["a long one that swallows what was found before", ["cdefgh", "abcdefghij"], "abcdefghij", "***"],
  ["several lines", ["one\ntwo three"], "one\ntwo three\n", "***\n"],
  ["none at all", ["secret"], "", ""],
])("%s, at every cut", (_, needles, text, expected) => {
  const bytes = Buffer.from(text);
  for (let first = 0; first <= bytes.length; first += 1)
    for (let second = first; second <= bytes.length; second += 1)
      expect(masked(bytes, buffers(...needles), [first, second]).toString()).toBe(expected);
});

/** Few letters, so that needles meet, overlap and begin each other. */
const letters = (min: number, max: number): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.constantFrom(97, 98, 99), { minLength: min, maxLength: max })
    .map((bytes) => Buffer.from(bytes));

/** A text made of needles, their beginnings and ends, and what lies between. */
const scene = fc.array(letters(3, 12), { minLength: 1, maxLength: 12 }).chain((needles) =>
  fc.record({
    needles: fc.constant(needles),
    text: fc
      .array(
        fc.oneof(
          letters(0, 6),
          fc
            .tuple(fc.constantFrom(...needles), fc.nat(12), fc.nat(12))
            .map(([needle, from, to]) => needle.subarray(Math.min(from, 3), to)),
          fc.constantFrom(...needles),
        ),
        { maxLength: 30 },
      )
      .map((parts) => Buffer.concat(parts)),
    cuts: fc.array(fc.nat(200), { maxLength: 40 }),
  }),
);

test("any text in any chunks gives what a look at the whole text gives", () => {
  fc.assert(
    fc.property(scene, ({ needles, text, cuts }) => {
      expect(masked(text, needles, cuts).toString("latin1")).toBe(oracle(text, needles).toString("latin1"));
    }),
    { numRuns: 2000 },
  );
});

test("so do long needles over all bytes", () => {
  const bytes = (min: number, max: number): fc.Arbitrary<Buffer> =>
    fc.uint8Array({ minLength: min, maxLength: max }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(
      fc.array(bytes(3, 300), { minLength: 1, maxLength: 60 }),
      fc.array(fc.oneof(bytes(0, 40), fc.nat(59)), { maxLength: 60 }),
      fc.array(fc.nat(4000), { maxLength: 60 }),
      (needles, parts, cuts) => {
        const text = Buffer.concat(
          parts.map((part) =>
            typeof part === "number" ? (needles[part % needles.length] ?? Buffer.alloc(0)) : part,
          ),
        );
        expect(masked(text, needles, cuts).equals(oracle(text, needles))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test("a value in a megabyte, cut at every byte of it", () => {
  const needle = Buffer.from(Array.from({ length: 40 }, (_, index) => 65 + ((index * 7) % 26)));
  const filler = Buffer.alloc(2 ** 19, "some ordinary output of a build\n");
  const text = Buffer.concat([filler, needle, filler]);
  const expected = Buffer.concat([filler, Buffer.from("***"), filler]);
  for (let cut = filler.length - 1; cut <= filler.length + needle.length + 1; cut += 1)
    expect(masked(text, [needle], [cut]).equals(expected)).toBe(true);
  const single = Array.from({ length: needle.length + 2 }, (_, index) => filler.length - 1 + index);
  expect(masked(text, [needle], single).equals(expected)).toBe(true);
});

test("only what could still become a value is held back", () => {
  const masker = createMasker(buildAutomaton(buffers("secret-value")));
  expect(masker.write(Buffer.from("Password: ")).toString()).toBe("Password: ");
  expect(masker.write(Buffer.from("the sec")).toString()).toBe("the ");
  expect(masker.write(Buffer.from("ond")).toString()).toBe("second");
  expect(masker.write(Buffer.from("secret")).toString()).toBe("");
  expect(masker.end().toString()).toBe("secret");
});

test("hundreds of long needles and their like take time in proportion", () => {
  // All begin alike; comparing each with each place would take minutes.
  const needles = Array.from({ length: 1000 }, (_, index) => Buffer.from(`${"ab".repeat(500)}${index}#`));
  const text = Buffer.concat([Buffer.alloc(2 ** 20, "ab"), Buffer.from("7#")]);
  const whole = masked(text, needles, []);
  expect(whole.subarray(-3).toString()).toBe("***");
  expect(whole.length).toBe(text.length - 1002 + 3);
});
