import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT, runTool, scratch } from "../helpers/run.ts";
import { blockedCommit, OUTPUTS, UPDATE } from "./outputs.ts";
import { picture } from "./picture.ts";

const README = path.join(PROJECT, "README.md");
const PICTURE = path.join(PROJECT, ".github/blocked-commit.svg");

/** Text between `<!-- output: NAME -->` and `<!-- end -->`. */
function marked(readme: string, name: string): { start: number; end: number } {
  const mark = `<!-- output: ${name} -->\n`;
  const start = readme.indexOf(mark) + mark.length;
  const end = readme.indexOf("<!-- end -->", start);
  if (start < mark.length || end === -1) throw new Error(`README.md has no place for the output ${name}`);
  return { start, end };
}

describe("README.md quotes what the tool prints today", () => {
  test.each(Object.entries(OUTPUTS))("%s", async (name, output) => {
    const text = (await output.produce()).trimEnd();
    const expected = output.fenced ? `\n\`\`\`text\n${text}\n\`\`\`\n\n` : `\n${text}\n\n`;
    const readme = readFileSync(README, "utf8");
    const { start, end } = marked(readme, name);
    const today = readme.slice(0, start) + expected + readme.slice(end);
    if (UPDATE) writeFileSync(README, today);
    expect(readFileSync(README, "utf8")).toBe(today);
  });

  test("and no output without its test", () => {
    const names = [...readFileSync(README, "utf8").matchAll(/<!-- output: (.+?) -->/g)].map(
      (match) => match[1],
    );
    expect(new Set(names)).toEqual(new Set(Object.keys(OUTPUTS)));
  });
});

test("the configuration it shows is one that the tool takes", async () => {
  const example = /<!-- config -->\n\n```jsonc\n(.*?)```/s.exec(readFileSync(README, "utf8"))?.[1] ?? "";
  const folder = scratch();
  writeFileSync(path.join(folder, "stowaway.config.json"), example);
  const { code, stderr } = await runTool(["check", "."], { cwd: folder });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^0 findings in 1 file, /) as string,
  });
  rmSync(folder, { recursive: true });
});

test("the picture of a blocked commit is what git prints today", async () => {
  const output = await blockedCommit({ FORCE_COLOR: "1" });
  expect(output).toContain("commit blocked");
  const drawn = picture(
    `$ git commit -m "Release script"\n${output}`,
    "git commit is blocked: it would record a GitHub token",
  );
  if (UPDATE) {
    mkdirSync(path.dirname(PICTURE), { recursive: true });
    writeFileSync(PICTURE, drawn);
  }
  expect(readFileSync(PICTURE, "utf8")).toBe(drawn);
});
