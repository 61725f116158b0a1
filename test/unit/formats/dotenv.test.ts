import { parseEnv } from "node:util";
import { parse } from "dotenv";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  appendDotenv,
  lacksFinalEnd,
  removeDotenv,
  replaceDotenv,
  writeDotenvValue,
} from "../../../src/formats/dotenv-edit.ts";
import { dotenvValues, parseDotenv } from "../../../src/formats/dotenv.ts";

const read = (text: string): Record<string, string> => ({ ...dotenvValues(parseDotenv(text)) });

const PIECES = [
  "AB_1.-=:#'\"`\\nr$ \t\n\r".split(""),
  ["\u00a0", "é", "\r\n", "export ", "A=", "B='", 'C="', String.raw`\'`, " #", "\n\n", "__proto__="],
].flat();
const anyText = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

test("it reads what the dotenv package reads, out of any text", () => {
  fc.assert(
    fc.property(anyText, (source) => {
      const { __proto__: _, ...values } = read(source);
      expect(values).toEqual({ ...parse(source) });
    }),
    { numRuns: 20_000, seed: 4 },
  );
});

/** The first 20.19 reads comments behind a value as part of it. */
const knowsComments = parseEnv("a=b # why")["a"] === "b";

test.skipIf(!knowsComments)("it reads what Node reads, out of a text that is written by rule", () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
  // Never empty: of an empty value newer Nodes make the next line, or a name with `export` in it.
  const plain = fc.stringMatching(/^[A-Za-z0-9_./:@%+,-]{1,12}$/);
  const inside = fc.string({ unit: fc.constantFrom("🔑", ..."aé #=$\n\t\\{}&|;<>!".split("")) });
  const value = fc.oneof(
    plain,
    plain.map((text) => `${text} # why`),
    inside.map((text) => `'${text}"'`),
    inside.map((text) => `"${text.replaceAll("\\", "")}'"`),
    inside.map((text) => `\`${text}"\``),
  );
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom("", "export "), name, fc.constantFrom("=", " = "), value)
      .map((all) => all.join("")),
    fc.constantFrom("", "# a comment"),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const source = lines.join("\n");
      // Node 24 takes the word `export` before an empty value for a part of the name.
      const given = Object.entries(parseEnv(source)).map(([key, text]) => [
        key.replace(/^export /, ""),
        text,
      ]);
      expect(read(source)).toEqual(Object.fromEntries(given));
    }),
    { numRuns: 5000, seed: 4 },
  );
});

test("places are those of key, value and line", () => {
  fc.assert(
    fc.property(anyText, (source) => {
      for (const entry of parseDotenv(source)) {
        const cut = ({ start, end }: { start: number; end: number }): string => source.slice(start, end);
        expect(cut(entry.keySpan)).toBe(entry.key);
        expect(cut(entry.rawSpan)).toBe(
          entry.quote === null ? cut(entry.valueSpan) : `${entry.quote}${cut(entry.valueSpan)}${entry.quote}`,
        );
        expect(entry.lineSpan.start).toBeLessThanOrEqual(entry.keySpan.start);
        expect(entry.lineSpan.end).toBeGreaterThanOrEqual(entry.rawSpan.end);
        expect(
          entry.lineSpan.start === 0 || /[\n\r\ufeff]/.test(source[entry.lineSpan.start - 1] ?? ""),
        ).toBe(true);
      }
    }),
    { numRuns: 3000, seed: 5 },
  );
  const text = "\ufeffexport A = 'x y' # why\r\nB=\r\n";
  expect(parseDotenv(text)).toEqual([
    {
      key: "A",
      value: "x y",
      quote: "'",
      keySpan: { start: 8, end: 9 },
      valueSpan: { start: 13, end: 16 },
      rawSpan: { start: 12, end: 17 },
      lineSpan: { start: 1, end: 25 },
    },
    {
      key: "B",
      value: "",
      quote: null,
      keySpan: { start: 25, end: 26 },
      valueSpan: { start: 27, end: 27 },
      rawSpan: { start: 27, end: 27 },
      lineSpan: { start: 25, end: 29 },
    },
  ]);
});

test("of a name given twice the last value counts, and no name is special", () => {
  expect(read("A=1\nA=2\n")).toEqual({ A: "2" });
  const values = dotenvValues(parseDotenv("__proto__=1\nconstructor=2\n"));
  expect(Object.entries(values)).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
  expect(values["toString"]).toBeUndefined();
});

test.each([
  ["sk_live-1.2/3:4@5%6+7=8,9", "sk_live-1.2/3:4@5%6+7=8,9"],
  ["", "''"],
  ["a b", "'a b'"],
  ["a#b", "'a#b'"],
  ['say "hi" `x` $HOME !', `'say "hi" \`x\` $HOME !'`],
  ["it's", `"it's"`],
  ["one\ntwo", "'one\ntwo'"],
])("%j is written as %j", (value, text) => {
  expect(writeDotenvValue(value)).toEqual({ text, warning: null });
});

test.each([
  ["a\0b", /NUL/],
  ["a\r\nb", /carriage return/],
  ["a\ud800", /no valid text/],
  ["it's\\n", /backslash/],
  [`it's "x"`, /a double quote/],
  ["it's $x", /dollar/],
  ["it's\ntwo", /a line end/],
  ["ends with \\", /ends with a backslash/],
])("%j is refused", (value, why) => {
  expect(writeDotenvValue(value)).toEqual({ refused: expect.stringMatching(why) as string });
});

test("what python-dotenv alone would change comes with a warning", () => {
  expect(writeDotenvValue("a${b}c")).toMatchObject({
    warning: expect.stringContaining("python-dotenv") as string,
  });
  expect(writeDotenvValue("a\\\\b")).toMatchObject({
    warning: expect.stringContaining("python-dotenv") as string,
  });
});

const anyValue = fc.string({ unit: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "grapheme" })) });
const goodText = fc
  .array(fc.constantFrom("A=1", "# c", "", "B='x y'", "export C=2 # d", 'D="it\'s"'), { maxLength: 6 })
  .chain((lines) => fc.constantFrom("\n", "\r\n").map((eol) => lines.join(eol)));

test("what is written is read back by Node and dotenv, and nothing else changes", () => {
  fc.assert(
    fc.property(goodText, anyValue, (text, value) => {
      const form = writeDotenvValue(value);
      fc.pre(!("refused" in form));
      const before = read(text);
      const added = appendDotenv(text, "NEW", form.text);
      expect(added.startsWith(text)).toBe(true);
      for (const values of [read(added), { ...parse(added) }, { ...parseEnv(added) }])
        expect(values).toEqual({ ...before, NEW: value });

      const entry = parseDotenv(added).find(({ key }) => key === "NEW");
      if (entry === undefined) throw new Error("it is not there");
      const removed = removeDotenv(added, entry);
      expect(lacksFinalEnd(text) ? removed.replace(/\r?\n$/, "") : removed).toBe(text);
      expect(read(replaceDotenv(added, entry, "other"))).toEqual({ ...before, NEW: "other" });
    }),
    { numRuns: 3000, seed: 6 },
  );
});
