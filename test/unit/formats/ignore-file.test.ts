import fc from "fast-check";
import { expect, test } from "vitest";
import { makeRepo } from "../../helpers/repo.ts";
import { ignoreLine } from "../../../src/formats/ignore-file.ts";

test.each([
  [null, "/.env.local\n"],
  ["", "/.env.local\n"],
  ["node_modules", "node_modules\n/.env.local\n"],
  ["dist\r\n", "dist\r\n/.env.local\r\n"],
  ["/.env.local\n!.env.local\n", "/.env.local\n!.env.local\n/.env.local\n"],
  ["# .env.local\n", "# .env.local\n/.env.local\n"],
  ["/.env.local\ndist\n", null],
  ["!x\n.env.local\r\n", null],
  ["\ufeff/.env.local\n", null],
])("%j becomes %j", (text, after) => {
  expect(ignoreLine(text, ".env.local")).toBe(after);
});

test("git ignores that file, whatever its name and whatever stands before, and no other", async () => {
  const repo = await makeRepo();
  const name = fc
    .string({ unit: fc.constantFrom(..."ab#!*?[](){} .é$'\"".split("")), minLength: 1, maxLength: 8 })
    .filter((text) => !/^\.{1,2}$/.test(text));
  const before = fc.constantFrom(null, "", "dist", "!*\n", "*.log\r\n!a\r\n");
  try {
    await fc.assert(
      fc.asyncProperty(name, before, async (file, text) => {
        const after = ignoreLine(text, file);
        repo.write({ ".gitignore": after ?? text ?? "" });
        expect((await repo.git("check-ignore", "-q", "--no-index", "--", `./${file}`)).code).toBe(0);
        expect((await repo.git("check-ignore", "-q", "--no-index", "--", `./${file}x`)).code).toBe(1);
        expect(ignoreLine(after ?? text, file)).toBeNull();
      }),
      { numRuns: 60, seed: 3 },
    );
  } finally {
    repo.remove();
  }
});
