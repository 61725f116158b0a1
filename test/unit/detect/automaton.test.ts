import fc from "fast-check";
import { expect, test } from "vitest";
import { findKeywords, foldAutomaton, unfold } from "../../../src/detect/automaton.ts";

/** What the automaton must find, the slow way. */
function naive(words: readonly string[], bytes: Buffer): string[] {
  const text = bytes.toString("latin1").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return words
    .flatMap((word) => {
      const ends: string[] = [];
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
        ends.push(`${at + word.length} ${word}`);
      return ends;
    })
    .toSorted();
}

function found(words: readonly string[], bytes: Buffer): { hits: string[]; ends: number[] } {
  const hits: string[] = [];
  const ends: number[] = [];
  findKeywords(unfold(foldAutomaton(words)), bytes, (end, keywords) => {
    ends.push(end);
    for (const keyword of keywords) hits.push(`${end} ${words[keyword]}`);
  });
  return { hits: hits.toSorted(), ends };
}

const letters = fc.constantFrom("a", "b", "c", "_");
const word = fc.string({ unit: letters, minLength: 1, maxLength: 6 });

test("finds what a plain search finds, in text order, whatever the case", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 12 }),
      fc.string({ unit: fc.constantFrom("a", "B", "c", "_", "A", "é"), maxLength: 200 }),
      (words, text) => {
        const bytes = Buffer.from(text);
        const { hits, ends } = found(words, bytes);
        expect(hits).toEqual(naive(words, bytes));
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test("finds keywords across the borders of blocks and of their halves", () => {
  const words = ["needle", "needless", "edle"];
  for (const at of [
    0,
    (1 << 17) - 3,
    (1 << 18) - 3,
    (1 << 18) - 6,
    1 << 18,
    3 * (1 << 17) - 2,
    (1 << 19) + 5,
  ]) {
    const bytes = Buffer.alloc((1 << 19) + 40, "x");
    bytes.write("NEEDLESS", at);
    expect(found(words, bytes).hits).toEqual(naive(words, bytes));
  }
});

test("finds nothing in nothing", () => {
  expect(found(["a"], Buffer.alloc(0)).hits).toEqual([]);
  expect(found(["abc"], Buffer.from("ab")).hits).toEqual([]);
});
