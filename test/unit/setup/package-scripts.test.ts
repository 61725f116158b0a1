import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/model/errors.ts";
import { addScripts } from "../../../src/setup/package-scripts.ts";

const manifest = (scripts?: Record<string, string>): string =>
  JSON.stringify({ name: "demo", version: "1.0.0", ...(scripts === undefined ? {} : { scripts }) }, null, 2);

const scriptsOf = (text: string): unknown => (JSON.parse(text) as { scripts: unknown }).scripts;

describe("scripts of a package that is published", () => {
  test.each([
    ["", "check-pack"],
    ["npm run build", "npm run build && check-pack"],
    ["a && b", "a && b && check-pack"],
    ["a || b", "(a || b) && check-pack"],
    ["a; b", "(a; b) && check-pack"],
    ["a || exit 0", "(a || exit 0) && check-pack"],
    ["npm run check-packages", "npm run check-packages && check-pack"],
    ["check-pack", "check-pack"],
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
