import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

test.each([
  ["const k = '{{K}}';\n", "const k = process.env.K;\n"],
  ['f("{{K}}")', "f(process.env.K)"],
  ["const k = `{{K}}`", "const k = process.env.K"],
  ['return"{{K}}"', "return process.env.K"],
  ['const h = "Bearer {{K}}";', "const h = `Bearer ${process.env.K}`;"],
  ['h = "a\\"b` ${c} {{K}}!"', 'h = `a\\"b\\` \\${c} ${process.env.K}!`'],
  ["h = 'it\\'s {{K}}'", "h = `it\\'s ${process.env.K}`"],
  [
    "u = 'https://{{USER_NAME}}:{{K}}@host/'",
    "u = `https://${process.env.USER_NAME}:${process.env.K}@host/`",
  ],
  ["u = '{{USER_NAME}}{{K}}'", "u = `${process.env.USER_NAME}${process.env.K}`"],
  ["h = `a ${b} {{K}} ${'{{L}}'}`", "h = `a ${b} ${process.env.K} ${process.env.L}`"],
  ["k = process.env.K || '{{K}}';", "k = process.env.K;"],
  ['k = process.env["K"] ?? "{{K}}";', 'k = process.env["K"];'],
  ["k = process.env.OTHER || '{{K}}';", "k = process.env.OTHER || process.env.K;"],
  ["x = { k: '{{K}}', ['{{K}}']: 1, }", "x = { k: process.env.K, [process.env.K]: 1, }"],
  ["switch (a) { case '{{K}}': }", "switch (a) { case process.env.K: }"],
  ["function f(k = '{{K}}') {}", "function f(k = process.env.K) {}"],
  ["class A { static k = '{{K}}'; }", "class A { static k = process.env.K; }"],
  ["export default '{{K}}'", "export default process.env.K"],
  ["const process = 1; k = '{{K}}'", "const process = 1; k = globalThis.process.env.K"],
  [
    "import process from 'node:process';\nk = '{{K}}'",
    "import process from 'node:process';\nk = process.env.K",
  ],
  ["k = '{{K}}'\r\nl = 1\n", "k = process.env.K\r\nl = 1\n"],
  ["k = <a b='{{K}}' c={'{{K}}'}/>", "k = <a b={process.env.K} c={process.env.K}/>"],
  ["// x\n'use strict'\nk = '{{K}}'", "// x\n'use strict'\nk = process.env.K"],
])("JavaScript %s", async (before, after) => {
  expect(await outcome("lib/a.js", before)).toBe(after);
});

test.each([
  ["// {{K}}", "comment"],
  ["/* {{K}} */", "comment"],
  ["x = {'{{K}}': 1}", "key"],
  ["class A { '{{K}}' = 1 }", "key"],
  ["import a from '{{K}}'", "module"],
  ["export * from 'https://a/{{K}}'", "module"],
  ["import('{{K}}')", "module"],
  ["'{{K}}';", "directive"],
  ["r = /{{K}}/", "regular expression"],
  ["tag`{{K}}`", "tag"],
  ["k = '\\{{K}}'", "escape"],
  ["k = '\\1 {{K}}'", "octal"],
  ["k = <a>{{K}}</a>", "text of a page"],
  ["k = <a b='x {{K}}'/>", "part of an attribute"],
  ["k = <a b='&amp;{{K}}'/>", "part of an attribute"],
  ["{{K}} = 1", "not the content"],
  ["k = ('{{K}}'", "syntax error"],
  ["k = '{{VITE_K}}'", "copied into the browser's bundle"],
])("JavaScript leaves %s", async (before, why) => {
  expect(await outcome("lib/a.js", before)).toContain(why);
});

test.each([
  ["const k: string = '{{K}}';", "const k: string = process.env.K!;"],
  ["const h = 'a {{K}}';", "const h = `a ${process.env.K!}`;"],
  [
    "export default { k: '{{K}}' } satisfies { k: string };",
    "export default { k: process.env.K! } satisfies { k: string };",
  ],
  ["const o = { k: '{{K}}' } as const;", "const o = { k: process.env.K! } as const;"],
  ["const k = process.env.K ?? '{{K}}';", "const k = process.env.K!;"],
  ["f<string>('{{K}}' as string)", "f<string>(process.env.K! as string)"],
  [
    "class A { constructor(private k: string = '{{K}}') {} }",
    "class A { constructor(private k: string = process.env.K!) {} }",
  ],
])("TypeScript %s", async (before, after) => {
  expect(await outcome("lib/a.ts", before)).toBe(after);
});

test.each([
  ["type T = '{{K}}';", "type"],
  ["let x: '{{K}}' | 'b';", "type"],
  ["type T = `a${string}{{K}}`;", "type"],
  ["interface A { k: '{{K}}' }", "type"],
  ["enum E { A = '{{K}}' }", "enum"],
  ["const k = '{{K}}' as const;", "as const"],
  ["const k = ('{{K}}') as const;", "as const"],
  ["const k = <const>'{{K}}';", "as const"],
])("TypeScript leaves %s", async (before, why) => {
  expect(await outcome("lib/a.ts", before)).toContain(why);
});

test("TypeScript gets brackets where tsconfig.json wants them, also by what it extends", async () => {
  const on = '{ "compilerOptions": { "noPropertyAccessFromIndexSignature": true, }, } // on';
  const source = "k = '{{K}}'";
  const brackets = 'k = process.env["K"]!';
  const dots = "k = process.env.K!";
  expect(await outcome("a/b/c.ts", source, { "a/tsconfig.json": on })).toBe(brackets);
  expect(await outcome("c.mts", source, { "tsconfig.json": on })).toBe(brackets);
  expect(await outcome("a/c.js", source, { "tsconfig.json": on })).toBe("k = process.env.K");
  const base = (to: string): string => `{ "extends": ${to}, "compilerOptions": { "strict": true } }`;
  expect(await outcome("a/c.ts", source, { "a/tsconfig.json": base('"../base"'), "base.json": on })).toBe(
    brackets,
  );
  expect(
    await outcome("a/c.ts", source, { "a/tsconfig.json": base('["../base.json"]'), "base.json": on }),
  ).toBe(brackets);
  expect(
    await outcome("c.ts", source, {
      "tsconfig.json": base('"@x/strict"'),
      "node_modules/@x/strict/tsconfig.json": on,
    }),
  ).toBe(brackets);
  expect(await outcome("a/c.ts", source, { "a/tsconfig.json": "{}", "tsconfig.json": on })).toBe(dots);
  expect(await outcome("c.ts", source, { "tsconfig.json": base('"./tsconfig.json"') })).toBe(dots);
  expect(await outcome("c.ts", source, { "tsconfig.json": base('"../../out"') })).toBe(dots);
  expect(await outcome("c.ts", source, { "tsconfig.json": "{ broken" })).toBe(dots);
});
