import { test } from "vitest";
import { expectSafe, JOURNAL } from "./kill-row.ts";
import { dotenvAndUntrack, linksAndBits, mixedFiles } from "./scenarios.ts";

test.each([
  ["mixed files", mixedFiles, 30],
  ["the dotenv store, and an entry that goes", dotenvAndUntrack, 20],
  ["hard links, and entries with bits", linksAndBits, 30],
] as const)("undo killed at every step that writes: %s", async (_, make, least) => {
  await expectSafe(make, "undo", { least, from: JOURNAL });
});
