import { expect, test } from "vitest";
import { ARCHIVE_SECONDS, Budget } from "../../../../src/formats/archive/budget.ts";
import { DEFAULT_LIMITS } from "../../../../src/model/settings.ts";

/** A budget and the clock it looks at, in seconds. */
function timed(): { readonly budget: Budget; wait(seconds: number): void } {
  let now = 0;
  const budget = new Budget(DEFAULT_LIMITS, 1, () => now);
  return { budget, wait: (seconds) => void (now += seconds * 1000) };
}

test.each([
  ["members", (budget: Budget): void => budget.countEntry()],
  ["bytes", (budget: Budget): void => budget.countBytes(1)],
])("an archive that takes too long ends, however few %s it has", (_name, count) => {
  const { budget, wait } = timed();
  wait(ARCHIVE_SECONDS);
  expect(() => count(budget)).not.toThrow();
  wait(1);
  expect(() => count(budget)).toThrow(/more than 120 seconds/);
});

test("the time that somebody else takes does not count", () => {
  const { budget, wait } = timed();
  wait(100);
  budget.pause();
  wait(1000);
  expect(() => budget.checkTime()).not.toThrow();
  budget.resume();
  wait(19);
  expect(() => budget.checkTime()).not.toThrow();
  wait(2);
  expect(() => budget.checkTime()).toThrow(/more than 120 seconds/);
});
