import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createDetector, type Detector } from "../../../src/detect/index.ts";
import { regexEngine } from "../../../src/detect/regex.ts";
import { EXAMPLES } from "../../../src/rules/examples.ts";
import { Generator } from "../../../src/rules/example-generator.ts";
import { RULES } from "../../../src/rules/index.ts";

/** re2 is optional for users; where a run says that it must be there, its absence is a failure and no skip. */
const re2 = await regexEngine("best");

function show(detector: Detector, text: string | Uint8Array, path = "a.txt"): string[] {
  const bytes = Buffer.from(text);
  return detector
    .detect({ path, container: [], bytes, encoding: "utf-8", included: null })
    .map((match) => `${match.rule.id} ${match.start}-${match.end}`);
}

test("re2 is there where it is expected", () => {
  if (process.env["STOWAWAY_EXPECT_RE2"] !== undefined) expect(re2.name).toBe("re2");
});

describe.runIf(re2.name === "re2")("both engines answer alike", () => {
  let one: Detector;
  let other: Detector;
  beforeAll(async () => {
    one = await createDetector(RULES, "re2");
    other = await createDetector(RULES, "v8");
  });

  test("every pattern is RE2 syntax", async () => {
    const engine = await regexEngine("re2");
    const refused = RULES.filter((rule) => {
      try {
        engine.exec(rule, engine.subject(Buffer.from("x"), 0, 1), 0);
        return false;
      } catch {
        return true;
      }
    });
    expect(refused.map((rule) => rule.id)).toEqual([]);
  });

  test.each([1, 2])("on every example (seed %i)", (seed) => {
    for (const [rule, { match, ignore }] of EXAMPLES)
      for (const { text, path } of [...match(new Generator(seed)), ...ignore(new Generator(seed))])
        expect(show(one, text, path), rule).toEqual(show(other, text, path));
  });

  test("on examples cut, joined and mixed with any bytes", () => {
    const texts = [...EXAMPLES.values()].flatMap(({ match }) =>
      match(new Generator(7)).map((sample) => Buffer.from(sample.text)),
    );
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...texts) },
      fc
        .constantFrom(...texts)
        .chain((text) =>
          fc
            .tuple(fc.nat(text.length), fc.nat(text.length))
            .map(([a, b]) => text.subarray(Math.min(a, b), Math.max(a, b))),
        ),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(
        ...["ſ", "K", "é", "\ufeff", "\0", "\r\n", "=", '"', "'", ": ", "\\n"].map((text) =>
          Buffer.from(text),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(show(one, bytes)).toEqual(show(other, bytes));
      }),
      { numRuns: 400, seed: 20261124 },
    );
  });
});
