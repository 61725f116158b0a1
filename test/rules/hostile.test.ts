import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64 } from "../../src/rules/base64.ts";
import { checksumOf, hasChecksum } from "../../src/rules/checksum.ts";
import { crc32 } from "../../src/rules/crc32.ts";
import { Generator, toBase64url } from "../../src/rules/example-generator.ts";
import { FILE_RULES, RULES } from "../../src/rules/index.ts";
import { changes, entropyOf, isRandom } from "../../src/rules/randomness.ts";
import {
  hasHarmlessShape,
  isGenerated,
  isPhrase,
  isPublicName,
  isReference,
  isSequence,
  isWeakPassword,
  looksInvented,
} from "../../src/rules/suppress.ts";

/** Text that hurts backtracking and parsing: long runs, nested openings, escapes, bytes beyond ASCII. */
const hostile = fc.oneof(
  fc.string({ maxLength: 300, unit: "binary" }),
  fc.string({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom("a", "eyJ.", "{{", "${", "_-", "A1", "://a:", "\\n", "=", "-----BEGIN ", "a.b(", "\n"),
      fc.nat(400),
    )
    .map(([text, times]) => text.repeat(times)),
);

describe("checks of rules", () => {
  it.each(RULES.filter((rule) => rule.accepts !== undefined).map((rule) => [rule.id, rule] as const))(
    "%s answers any text",
    (_, rule) => {
      fc.assert(
        fc.property(hostile, hostile, hostile, (secret, line, path) => {
          expect(typeof rule.accepts?.(secret, { path, match: secret + line, line: line + secret })).toBe(
            "boolean",
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  it.each(FILE_RULES.map((rule) => [rule.id, rule] as const))(
    "%s answers any name and content",
    (_, rule) => {
      fc.assert(
        fc.property(hostile, hostile, (path, text) => {
          expect(typeof rule.matches(path)).toBe("boolean");
          expect(typeof (rule.holdsSecret?.(text) ?? false)).toBe("boolean");
        }),
        { numRuns: 40 },
      );
    },
  );

  it("suppressors answer any text", () => {
    const all = [
      looksInvented,
      isReference,
      isWeakPassword,
      isSequence,
      isPhrase,
      hasHarmlessShape,
      isPublicName,
      isGenerated,
      isRandom,
    ];
    fc.assert(
      fc.property(hostile, (text) => {
        for (const check of all) expect(typeof check(text)).toBe("boolean");
        expect(changes(text)).toBeGreaterThanOrEqual(0);
        expect(entropyOf(text)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("CRC-32", () => {
  it.each([
    ["", 0],
    ["123456789", 0xcbf43926],
    ["a", 0xe8b7be43],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ])("of %j", (text, value) => {
    expect(crc32(text)).toBe(value);
  });

  it("in base62 has six digits, zeros before it", () => {
    expect(checksumOf("")).toBe("000000");
    // 0xcbf43926 = 3421780262 in base 62.
    expect(checksumOf("123456789")).toBe("3jZRME");
  });

  it("fails when one character of the body or of the checksum changes", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(35), (seed, at) => {
        const token = new Generator(seed).checked();
        expect(hasChecksum(token)).toBe(true);
        const other = token[at] === "a" ? "b" : "a";
        expect(hasChecksum(token.slice(0, at) + other + token.slice(at + 1))).toBe(false);
      }),
    );
  });
});

describe("base64", () => {
  it("takes back what was encoded, in either alphabet, padded or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes);
        const latin1 = text.toString("latin1");
        expect(fromBase64(text.toString("base64"))).toBe(latin1);
        expect(fromBase64(text.toString("base64url"))).toBe(latin1);
        expect(toBase64url(latin1)).toBe(text.toString("base64url"));
      }),
    );
  });

  it("refuses a character of neither alphabet and a digit left over", () => {
    expect(["a", "ab*d", "abcde", "ab=d", "ä"].map(fromBase64)).toEqual([null, null, null, null, null]);
  });
});
