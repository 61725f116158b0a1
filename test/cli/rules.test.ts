import { expect, test } from "vitest";
import { runTool } from "../helpers/run.ts";
import { FILE_RULES, RULES } from "../../src/rules/index.ts";

interface Listing {
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

const ids = [...RULES, ...FILE_RULES].map((rule) => rule.id);

test("rules lists every rule with severity and title", async () => {
  const { code, stdout, stderr } = await runTool(["rules"]);
  const lines = stdout.trimEnd().split("\n");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(lines[0]).toMatch(/^ID +SEVERITY +TITLE$/);
  expect(lines.slice(1).map((line) => line.split(/ {2,}/)[0])).toEqual(ids);
  expect(lines.slice(1).every((line) => /^\S+ +(?:critical|high|medium|low) +\S/.test(line))).toBe(true);
});

test("every rule has a help page with its columns, what to do and a source", async () => {
  const { stdout } = await runTool(["rules", ...ids, "--no-color"]);
  const pages = stdout.split(/\n\n(?=[^\n]+\([a-z0-9/-]+\)\n {2}severity)/);
  expect(pages).toHaveLength(ids.length);
  for (const [index, page] of pages.entries()) {
    expect(page).toContain(`(${ids[index]})`);
    expect(page).toMatch(/severity \w+, priority [1-4], effort \w+, CI (?:fail|warn), confidence \w+/);
    expect(page).toMatch(
      /What it is\n {2}\S[^]*Recognised by\n {2}\S[^]*What to do\n {2}- [^]*Sources\n {2}- /,
    );
  }
});

test("for programs, all of it", async () => {
  const { rules } = JSON.parse((await runTool(["rules", "--format", "json"])).stdout) as Listing;
  expect(rules.map((rule) => rule["id"])).toEqual(ids);
  const [npm] = (
    JSON.parse((await runTool(["rules", "npm-access-token", "--format", "json"])).stdout) as Listing
  ).rules;
  expect(npm).toMatchObject({ id: "npm-access-token", provider: "npm", ci: "fail", envName: "NPM_TOKEN" });
});

test("an unknown rule names the nearest", async () => {
  expect(await runTool(["rules", "npm-acess-token"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "stowaway: unknown rule npm-acess-token\n  hint: Did you mean npm-access-token?\n",
  });
});
