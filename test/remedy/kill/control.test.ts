import { expect, test } from "vitest";
import type { Plugin } from "rolldown";
import { buildEngine } from "../build-engine.ts";
import { JOURNAL } from "./kill-row.ts";
import { after, killEverywhere, removeScenarios, snapshot } from "./scenario.ts";
import { mixedFiles } from "./scenarios.ts";

/** A copy of the engine that takes values out of their files before the store has them. */
const swapped: Plugin = {
  name: "swapped",
  transform(code, id) {
    if (!/[\\/]remedy[\\/]apply\.ts$/.test(id)) return null;
    const right = "  keepValues,\n  writeSources,\n";
    if (!code.includes(right)) throw new Error("the steps are not where this control looks for them");
    return code.replace(right, "  writeSources,\n  keepValues,\n");
  },
};

test("the kill tests can fail: with two steps swapped, secrets are lost", async () => {
  const engine = await buildEngine([swapped]);
  const before = mixedFiles();
  const done = await after(engine, before, "stow");
  const kills = { scenario: before, op: "stow", from: JOURNAL, to: /^renameSync .*values\.json$/ } as const;
  const { wrong } = await killEverywhere(engine, kills, [snapshot(before), snapshot(done)]);
  engine.remove();
  removeScenarios([before, done]);
  expect(wrong.length).toBeGreaterThan(2);
  expect(wrong.join("\n")).toMatch(/recovery failed/);
});
