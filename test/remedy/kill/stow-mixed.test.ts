import { test } from "vitest";
import { expectSafe } from "./kill-row.ts";
import { mixedFiles } from "./scenarios.ts";

test("stow killed at every step that writes: mixed files", async () => {
  await expectSafe(mixedFiles, "stow", { least: 60 });
});
