import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { PROJECT, run, scratch } from "../helpers/run.ts";

test("the demo stops both leaks, answers 0 and leaves nothing behind", async () => {
  const temporary = scratch();
  const { code, stdout } = await run(process.execPath, [path.join(PROJECT, "build/demo.cjs")], {
    env: { TMPDIR: temporary, TEMP: temporary, GIT_AUTHOR_NAME: undefined, GIT_COMMITTER_NAME: undefined },
  });
  expect(stdout).toContain("✔ git commit was stopped, and nothing was recorded");
  expect(stdout).toContain("✔ check-pack answers 1, so npm publish would stop");
  expect(stdout).not.toContain("✘");
  expect(stdout).toMatch(/Everything was stopped as it must be\.\n$/);
  expect(code).toBe(0);
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});
