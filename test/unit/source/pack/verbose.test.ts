import fc from "fast-check";
import { expect, test } from "vitest";
import { maskedLines } from "../../../../src/source/pack/verbose.ts";

const mask = (line: string): string => line.replace(/secret\d+/g, "***");

function shown(pieces: readonly string[]): string {
  let text = "";
  const writer = maskedLines(mask, (more) => (text += more));
  pieces.forEach((piece) => writer.push(piece));
  writer.end();
  return text;
}

/** Written in pieces, so that no key stands in the repository. */
const marker = (word: string, kind = "RSA PRIVATE KEY"): string => `-----${word} ${kind}-----`;

test("lines are masked whole, however they come", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 24 }), { maxLength: 6 }), (cuts) => {
      const text = "a secret12 b\nsecret3\nlast secret4";
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
      expect(shown(pieces)).toBe("a *** b\n***\nlast ***\n");
    }),
  );
});

test("nothing is written of nothing, and an empty line stays", () => {
  expect(shown([])).toBe("");
  expect(shown(["a\n\nb\n"])).toBe("a\n\nb\n");
});

test("a private key over several lines is masked from its first line to its last", () => {
  const key = [marker("BEGIN"), "Proc-Type: 4", "abc", marker("END")];
  expect(shown([["x", ...key, "y"].join("\n")])).toBe("x\n***\n***\n***\n***\ny\n");
  expect(shown([`log: ${marker("BEGIN", "PGP PRIVATE KEY BLOCK")}\nabc\n`])).toBe("***\n***\n");
  const putty = ["PuTTY-User-Key-File-3: ssh-ed25519", "Private-Lines: 1", "abc", "Private-MAC: 0"].join(
    "\n",
  );
  expect(shown([`${putty}\nend\n`])).toBe("***\n***\n***\n***\nend\n");
  expect(shown([`${marker("BEGIN", "CERTIFICATE")}\nabc\n`])).toBe(
    `${marker("BEGIN", "CERTIFICATE")}\nabc\n`,
  );
});

test("a line over 64 KB is cut and says so, and nothing of a secret at the cut is shown", () => {
  const filler = "x ".repeat(32 * 1024 - 3);
  const text = shown([`${filler}secret123456789 ${"y ".repeat(100_000)}\nnext\n`]);
  expect(text).not.toContain("secret");
  expect(text).toMatch(/… \(line cut\)\nnext\n$/);
  expect(text.length).toBeLessThan(66 * 1024);
});
