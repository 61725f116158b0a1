import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/model/errors.ts";
import { addScripts as add } from "../../../src/setup/package-scripts.ts";
import type { ScriptsText } from "../../../src/setup/package-scripts.ts";
import { run, scratch } from "../../helpers/run.ts";

const manifest = (scripts?: Record<string, string>): string =>
  JSON.stringify({ name: "demo", version: "1.0.0", ...(scripts === undefined ? {} : { scripts }) }, null, 2);

/** As npm runs them in sh, unless a test is about cmd.exe. */
const addScripts = (text: string, platform: NodeJS.Platform = "linux"): ScriptsText => add(text, platform);

const scriptsOf = (text: string): unknown => (JSON.parse(text) as { scripts: unknown }).scripts;

describe("scripts of a package that is published", () => {
  test.each([
    ["", "check-pack"],
    ["npm run build", "npm run build && check-pack"],
    ["a && b", "(a && b) && check-pack"],
    ["exec npm run build", "(exec npm run build) && check-pack"],
    ["cd dist && ls", "(cd dist && ls) && check-pack"],
    ["NODE_ENV=x make", "(NODE_ENV=x make) && check-pack"],
    [". ./env", "(. ./env) && check-pack"],
    ["set -e", "(set -e) && check-pack"],
    ["node -e 'a'", "(node -e 'a') && check-pack"],
    ["exit 0", "(exit 0) && check-pack"],
    ["tsc -p ./tsconfig.build.json", "tsc -p ./tsconfig.build.json && check-pack"],
    ["a || b", "(a || b) && check-pack"],
    ["a; b", "(a; b) && check-pack"],
    ["a || exit 0", "(a || exit 0) && check-pack"],
    ["npm run check-packages", "npm run check-packages && check-pack"],
    ["check-pack", "check-pack"],
    ["echo check-pack", "echo check-pack && check-pack"],
    ["npm test || check-pack", "(npm test || check-pack) && check-pack"],
    ["node dist/check-pack.cjs", "node dist/check-pack.cjs"],
    ["./node_modules/.bin/check-pack", "./node_modules/.bin/check-pack"],
    ["npx check-pack && npm run docs", "npx check-pack && npm run docs"],
    ["npm test && stowaway check-pack --only npm", "npm test && stowaway check-pack --only npm"],
  ])("%o becomes %o", (before, after) => {
    const { text, publishing } = addScripts(manifest({ prepublishOnly: before, postpack: "check-pack" }));
    expect(scriptsOf(text)).toEqual({ prepublishOnly: after, postpack: "check-pack" });
    expect(publishing).toBe(true);
  });

  test("are made where there are none, and nothing else changes", () => {
    const before = '\uFEFF{\r\n\t"name": "demo",\r\n\t"version": "1.0.0"\r\n}\r\n';
    const { text, shown } = addScripts(before);
    expect(text).toBe(
      '\uFEFF{\r\n\t"name": "demo",\r\n\t"version": "1.0.0",\r\n\t"scripts": {\r\n\t\t"prepublishOnly": "check-pack",\r\n\t\t"postpack": "check-pack"\r\n\t}\r\n}\r\n',
    );
    expect(shown.map(({ sign, text: line }) => sign + line)).toEqual([
      '+"prepublishOnly": "check-pack"',
      '+"postpack": "check-pack"',
    ]);
  });

  test("are shown without the words of an existing one, which may hold a token", () => {
    const { shown } = addScripts(manifest({ prepublishOnly: "TOKEN=abc npm run build" }));
    expect(JSON.stringify(shown)).not.toContain("abc");
    expect(shown).toContainEqual({ sign: "-", text: '"prepublishOnly": "…"' });
  });

  test.each([
    "check-pack || true",
    "check-pack; npm run docs",
    "(check-pack) || exit 0",
    "check-pack | tee log",
  ])("that go on when the check fails are named and left alone: %s", (script) => {
    const before = manifest({ prepublishOnly: "check-pack", postpack: script });
    const { text, notes, publishing } = addScripts(before);
    expect(text).toBe(before);
    expect(notes).toEqual([
      "scripts.postpack goes on when check-pack fails: let nothing but && follow check-pack there.",
    ]);
    expect(publishing).toBe(false);
  });

  test.each(["cd dist && ls", "npm run build && exit 0"])(
    "say on Windows what parentheses do not hold: %s",
    (script) => {
      const { text, notes, publishing } = addScripts(manifest({ prepublishOnly: script }), "win32");
      expect(notes).toEqual([expect.stringMatching(/^scripts\.prepublishOnly holds (cd|exit), /) as string]);
      expect(publishing).toBe(false);
      expect(addScripts(text, "win32")).toEqual({ text, shown: [], notes, publishing });
      expect(addScripts(text).notes).toEqual([]);
    },
  );

  test.each([
    ["npm run nothing", 1],
    ["exec true", 0],
    ["mkdir -p below && cd below", 0],
    ["false || exit 0", 0],
    ["set -n", 0],
    ["check_pack() { :; }; alias check-pack=true", 0],
    ["PATH=/nowhere", 0],
    ["trap 'exit 0' EXIT", 0],
  ])("run the check in the folder of the package after %o", async (script, stopped) => {
    const folder = scratch();
    mkdirSync(path.join(folder, "bin"));
    writeFileSync(path.join(folder, "bin/check-pack"), '#!/bin/sh\necho "checked $PWD"\nexit 9\n');
    chmodSync(path.join(folder, "bin/check-pack"), 0o755);
    const { text } = addScripts(manifest({ postpack: script }));
    const { postpack } = scriptsOf(text) as { postpack: string };
    const search = `${path.join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
    const { code, stdout } = await run("sh", ["-c", postpack], { cwd: folder, env: { PATH: search } });
    expect(stdout.includes(`checked ${folder}\n`)).toBe(stopped === 0);
    expect(code === 9).toBe(stopped === 0);
    rmSync(folder, { recursive: true });
  });

  test.each(["cat <<X\ntext\nX", "make \\"])("that nothing can follow are left alone: %o", (script) => {
    const before = manifest({ postpack: script });
    expect(scriptsOf(addScripts(before).text)).toMatchObject({ postpack: script });
  });

  test("with a comment are left alone and named", () => {
    const before = manifest({ prepublishOnly: "make # all", postpack: "check-pack" });
    const { text, notes, publishing } = addScripts(before);
    expect(text).toBe(before);
    expect(notes).toEqual([expect.stringContaining("scripts.prepublishOnly") as string]);
    expect(publishing).toBe(false);
  });
});

test.each([
  ["private", '{ "name": "demo", "version": "1.0.0", "private": true }'],
  ["without a version", '{ "name": "demo" }'],
  ["without a name", '{ "version": "1.0.0" }'],
])("a package %s gets none", (_, text) => {
  expect(addScripts(text)).toEqual({ text, shown: [], publishing: false, notes: [] });
});

test.each(["", "{", "[]", "null", '{ "name": "demo", }', '{ "scripts": [] }', '{ "scripts": "x" }'])(
  "refuses %o",
  (text) => {
    expect(() => addScripts(text)).toThrow(UsageError);
  },
);

test("every other field and script stays, and a second time changes nothing", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(
      fc.dictionary(word, fc.jsonValue()),
      fc.dictionary(word, word),
      fc.constantFrom(0, 2, "\t"),
      (rest, scripts, indent) => {
        const source = JSON.stringify(
          { ...rest, name: "demo", version: "1.0.0", private: false, scripts },
          null,
          indent,
        );
        const before = JSON.parse(source) as Record<string, unknown>; // JSON has no -0
        const { text } = addScripts(source);
        expect(JSON.parse(text)).toEqual({
          ...before,
          scripts: { ...scripts, prepublishOnly: "check-pack", postpack: "check-pack" },
        });
        expect(addScripts(text).text).toBe(text);
      },
    ),
    { seed: 1 },
  );
});
