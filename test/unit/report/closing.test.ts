import { expect, test } from "vitest";
import { finding, nameFinding, report } from "./samples.ts";
import { closingLine } from "../../../src/report/closing.ts";
import type { Report } from "../../../src/model/finding.ts";

const ERROR: Report["errors"][number] = {
  kind: "error",
  id: "e1",
  path: "b.tgz",
  container: [],
  code: "archive-corrupt",
  message: "it ends too early",
  digest: null,
};
const PACK = { kind: "pack", target: ".", mode: "exact" } as const;
const PATHS = { kind: "paths", target: ".", mode: "exact" } as const;

test.each<[string, Partial<Report>, boolean]>([
  ["0 findings in 3 files, 12 ms", {}, false],
  ["1 finding (1 critical) in 1 file, 12 ms; commit blocked", { findings: [finding()], files: 1 }, true],
  [
    "3 findings (2 critical, 1 low) in 3 files, 12 ms; 2 at or above medium; publish blocked",
    { scope: PACK, findings: [finding(), nameFinding(), finding()] },
    true,
  ],
  ["1 finding (1 low) in 3 files, 12 ms; none at or above medium", { findings: [nameFinding()] }, false],
  ["1 finding (1 critical) in 3 files, 12 ms", { scope: PATHS, findings: [finding()] }, true],
  ["0 findings in 3 files, 12 ms; 1 item could not be scanned; commit blocked", { errors: [ERROR] }, true],
  [
    "0 findings in 3 files, 12 ms; 1 allowed, 2 in the baseline",
    {
      findings: [
        finding({ status: "allowed" }),
        finding({ status: "baselined" }),
        nameFinding({ status: "baselined" }),
      ],
    },
    false,
  ],
  ["0 findings in 3 files, 75 s", { milliseconds: 75_400 }, false],
])("%s", (line, change, stops) => {
  expect(closingLine(report(change), { failOn: "medium", stops, paint: (_, text) => text })).toBe(
    `${line}\n`,
  );
});
