import fc from "fast-check";
import { expect, test } from "vitest";
import { finding, OPTIONS } from "./samples.ts";
import { SEVERITIES } from "../../../src/model/rule.ts";
import { inOrder } from "../../../src/report/order.ts";
import { priorityOf } from "../../../src/report/priority.ts";

const some = fc.array(
  fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    path: fc.constantFrom("a.ts", "b.ts", "z/.env"),
    line: fc.integer({ min: 1, max: 3 }),
    container: fc.constantFrom([], ["a.tgz"], ["a.tgz", "b.zip"]),
  }),
);

test("worst first, then priority files, then by place", () => {
  const findings = [
    finding({ severity: "low", path: "a.ts" }),
    finding({ severity: "high", path: "b.ts", line: 10 }),
    finding({ severity: "high", path: "b.ts", line: 9 }),
    finding({ severity: "high", path: "a.ts", line: 99 }),
    finding({ severity: "high", path: "z/.env" }),
    finding({ severity: "critical", path: "z.ts" }),
  ];
  const order = inOrder(findings, OPTIONS.isPriorityFile).map(({ path, line }) => `${path}:${line}`);
  expect(order).toEqual(["z.ts:12", "z/.env:12", "a.ts:99", "b.ts:9", "b.ts:10", "a.ts:12"]);
});

test("the order does not depend on the order of finding", () => {
  fc.assert(
    fc.property(some, (changes) => {
      const places = (list: typeof changes): string[] =>
        inOrder(list.map(finding), OPTIONS.isPriorityFile).map(
          ({ severity, container, path, line }) => `${severity} ${container.join()} ${path} ${line}`,
        );
      expect(places(changes.toReversed())).toEqual(places(changes));
    }),
  );
});

test.each([
  ["critical", "high", false, 1],
  ["critical", "low", false, 2],
  ["critical", "high", true, 1],
  ["medium", "medium", false, 3],
  ["medium", "medium", true, 2],
  ["low", "low", false, 4],
] as const)(
  "%s with confidence %s, in a priority file: %s, is priority %s",
  (severity, confidence, first, expected) => {
    expect(priorityOf(severity, confidence, first)).toBe(expected);
  },
);
