import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";
import type { Plugin } from "rolldown";
import { PROJECT, scratch } from "../helpers/run.ts";
import type { Job } from "./engine.ts";

/** The code under test as a program of its own, unmodified. */
export interface Engine {
  /** Program that is given a job's file. */
  readonly file: string;
  /** Preload that kills the program at a given step; see kill/killer.ts. */
  readonly killer: string;
  /** Writes a job, and gives its file. */
  job(job: Job): string;
  remove(): void;
}

/** @param plugins change the code, for the control that shows that the test can fail */
export async function buildEngine(plugins: readonly Plugin[] = []): Promise<Engine> {
  const folder = scratch("stowaway-engine-");
  const bundle = await rolldown({
    input: {
      engine: path.join(PROJECT, "test/remedy/engine.ts"),
      killer: path.join(PROJECT, "test/remedy/kill/killer.ts"),
    },
    platform: "node",
    external: ["re2", "@napi-rs/keyring"],
    resolve: { mainFields: ["module", "main"] },
    plugins: [...plugins],
  });
  await bundle.write({ dir: folder, format: "cjs", entryFileNames: "[name].cjs" });
  await bundle.close();
  return {
    file: path.join(folder, "engine.cjs"),
    killer: path.join(folder, "killer.cjs"),
    job: (job) => {
      const file = path.join(folder, `${randomBytes(6).toString("hex")}.json`);
      writeFileSync(file, JSON.stringify(job));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
