import fc from "fast-check";
import { expect, test } from "vitest";
import { LANGUAGES } from "../../../../src/remedy/edit/languages.ts";
import { edit, filled, project, valueOf } from "./editing.ts";

const FILES =
  "a.js a.ts a.tsx a.py a.go A.java a.kt a.cs a.php a.rs a.rb a.sh a.vue a.html a.pyi a.d.ts".split(" ");

/** Pieces that open, close and nest in one language or another. */
const PIECES = [
  Array.from("'\"`(){}[]<>#/\\$%@!?:;,.=|&*+-~ \n\t"),
  ["{{K}}", "{{K}}", "{{K}}", "{{L}}", "'{{K}}'", '"{{K}}"', '"a {{K}} b"', "`{{K}}`", "= '{{K}}'\n"],
  [
    '"""',
    "'''",
    "${",
    "#{",
    "{{",
    "}}",
    "$(",
    "$((",
    "))",
    "<<E\n",
    "\nE\n",
    "<<~E",
    "<<'E'\n",
    "<<-E",
    '$"',
    "$'",
    '@"',
  ],
  [
    "//",
    "/*",
    "*/",
    "# ",
    "=begin\n",
    "\n=end\n",
    "__END__",
    "<?php ",
    "?>",
    'r#"',
    '"#',
    "b'",
    "f'",
    'rb"',
    "%q(",
    "%w[",
    "%(",
  ],
  [
    "\r\n",
    "\\u0022",
    "\\x",
    "\u{1f600}",
    "\0",
    "\ud800",
    "é",
    "return",
    "const ",
    "val ",
    "let ",
    "case ",
    "in ",
    "import os\n",
  ],
  [
    "x = ",
    "k: ",
    "f(",
    "x",
    'import "os"\n',
    "package a\n",
    "fn f() {",
    "class A {",
    "def f",
    "println!(",
    ".to_string()",
    "=> ",
    "|| ",
  ],
].flat();

test.each(FILES)(
  "%s: no source makes the editor throw, overlap, leave a value or break what parsed",
  async (path) => {
    const source = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(source, async (template) => {
        const { text, places } = filled(template);
        const { text: after, result } = await edit(path, text, places);
        for (const name of ["K", "L"]) {
          const left = result.refused.filter(({ place }) => place.name === name).length;
          expect(after.split(valueOf(name)).length - 1).toBe(left);
        }
      }),
      { numRuns: 400, seed: 4 },
    );
  },
);

test.each(FILES)("%s: a place anywhere in any text is answered for", async (path) => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...PIECES) }),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), fc.integer({ min: 1, max: 30 }), async (any, from, length) => {
      const start = from % (any.length + 1);
      const end = Math.min(any.length, start + length);
      await edit(path, any, end > start ? [{ start, end, name: "K" }] : []);
    }),
    { numRuns: 200, seed: 5 },
  );
});

/** Grammars take time in the square of some nestings; the scanners of our own do not. */
const depthFor = (path: string): number => (/\.(?:kt|cs|rb|sh)$/.test(path) ? 20_000 : 2000);

test.each(FILES)("%s: deep nesting ends", async (path) => {
  const value = valueOf("K");
  const entry = LANGUAGES.find(({ matches }) => matches(path));
  const editor = await entry?.load();
  for (const opening of [
    "(",
    "[",
    "{",
    "f(",
    '"${',
    '"#{',
    'f"{',
    "$(",
    '"$(',
    "`${",
    "x=${y:-",
    "/*",
    "<a>",
    "if x {",
    "-",
  ]) {
    const text = `${opening.repeat(depthFor(path))}"${value}"`;
    const start = text.length - value.length - 1;
    const place = { start, end: start + value.length, name: "K" };
    const result = editor?.edit({ path, text, places: [place], project: project() });
    expect(result?.edits.length === 0).toBe(result?.refused.length === 1);
  }
});

test("many places in one file take time in proportion", async () => {
  const { text, places } = filled("x = '{{K}}'\n".repeat(3000));
  for (const path of ["a.js", "a.py", "a.rb", "a.sh"]) {
    const editor = await LANGUAGES.find(({ matches }) => matches(path))?.load();
    const result = editor?.edit({ path, text, places, project: project() });
    expect((result?.edits.length ?? 0) + (result?.refused.length ?? 0)).toBeGreaterThanOrEqual(3000);
  }
});
