import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../helpers/run.ts";
import { RANGES, REQUIREMENTS } from "./requirements.ts";

test("every requirement has one row, in order", () => {
  const expected = RANGES.flatMap(([article, first, last]) =>
    Array.from(
      { length: last - first + 1 },
      (_, index) => `${article}-${String(first + index).padStart(2, "0")}`,
    ),
  );
  expect(REQUIREMENTS.map(({ id }) => id)).toEqual(expected);
});

const PROOFS = REQUIREMENTS.flatMap((row) =>
  row.state === "done" ? row.by.map(([file, name]) => ({ id: row.id, file, name })) : [],
);

test.each(PROOFS)("$id is done by a test that there is: $file", ({ id, file, name }) => {
  const text = readFileSync(path.join(PROJECT, file), "utf8");
  expect(text).toContain(`"${name}"`);
  // Where the name is that of each case, a case names the requirement.
  expect(text).toContain(name === "%s" ? `"${id} ` : name);
});

test.each(REQUIREMENTS)("$id says what it is", (row) => {
  expect(row.what.length).toBeGreaterThan(10);
  expect(row.state === "not" ? row.reason : "a reason is needed for what is not done").not.toBe("");
});
