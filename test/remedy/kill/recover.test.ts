import { test } from "vitest";
import { expectSafe } from "./kill-row.ts";
import { linksAndBits, mixedFiles } from "./scenarios.ts";

test.each([
  ["mixed files", mixedFiles, 30],
  ["hard links, and entries with bits", linksAndBits, 30],
] as const)("recover killed at every step that writes: %s", async (_, make, least) => {
  await expectSafe(make, "recover", { least });
});
