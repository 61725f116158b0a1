import { expect, test } from "vitest";
import { readLedger } from "../helpers/ledger.ts";

test("no planted value stands in anything the tool printed or wrote during the whole suite", () => {
  const { planted, outputs } = readLedger();
  const leaks = outputs.flatMap(({ from, text }) =>
    [...planted]
      .filter((value) => text.includes(Buffer.from(value).toString("latin1")))
      .map((value) => `${from}: ${value.slice(0, 4)}…`),
  );
  expect(leaks).toEqual([]);
  // A run over the whole suite plants and prints; an empty ledger means that the helpers no longer note anything.
  expect(planted.size).toBeGreaterThan(20);
  expect(outputs.length).toBeGreaterThan(50);
});
