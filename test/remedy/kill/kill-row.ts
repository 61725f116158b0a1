import { afterAll, beforeAll, expect } from "vitest";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import type { Job } from "../engine.ts";
import { after, killedIn, killEverywhere, removeScenarios, snapshot } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

let engine: Engine;
const scenarios: Scenario[] = [];
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => {
  engine.remove();
  removeScenarios(scenarios);
});

/** The journal is the first thing of a run that counts; what comes before is the same in every scenario. */
export const JOURNAL = /^renameSync .*\/stowaway\/1\.json$/;

/**
 * Kills a program at every step that writes, recovers, and expects the state before or after.
 *
 * @param least number of kills that there must be: a harness that kills nothing finds nothing
 */
export async function expectSafe(
  make: () => Scenario,
  op: Job["op"],
  { least, from }: { readonly least: number; readonly from?: RegExp },
): Promise<void> {
  const before = make();
  const done = await after(engine, before, "stow");
  scenarios.push(before, done);
  let scenario = op === "undo" ? done : before;
  if (op === "recover") scenario = await killedIn(engine, before, "stow", JOURNAL);
  scenarios.push(scenario);
  const kills = { scenario, op, ...(from !== undefined && { from }) };
  const allowed = op === "recover" ? [snapshot(before)] : [snapshot(before), snapshot(done)];
  const result = await killEverywhere(engine, kills, allowed);
  expect(result.wrong).toEqual([]);
  expect(result.kills).toBeGreaterThan(least);
}
