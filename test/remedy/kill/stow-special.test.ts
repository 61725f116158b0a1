import { test } from "vitest";
import { expectSafe, JOURNAL } from "./kill-row.ts";
import { dotenvAndUntrack, linksAndBits } from "./scenarios.ts";

test("stow killed at every step that writes: the dotenv store, and an entry that goes", async () => {
  await expectSafe(dotenvAndUntrack, "stow", { least: 30, from: JOURNAL });
});

test("stow killed at every step that writes: hard links, and entries with bits", async () => {
  await expectSafe(linksAndBits, "stow", { least: 40, from: JOURNAL });
});
