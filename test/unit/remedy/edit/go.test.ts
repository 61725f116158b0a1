import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const HEAD = 'package main\n\nimport "os"\n\n';

test.each([
  ['var k = "{{K}}"\n', 'var k = os.Getenv("K")\n'],
  ["var k = `{{K}}`\n", 'var k = os.Getenv("K")\n'],
  ['var k string = "{{K}}"\n', 'var k string = os.Getenv("K")\n'],
  ['var k Token = "{{K}}"\n', 'var k Token = Token(os.Getenv("K"))\n'],
  ['var k = []byte("{{K}}")\n', 'var k = []byte(os.Getenv("K"))\n'],
  ['var h = "Bearer {{K}}"\n', 'var h = "Bearer " + os.Getenv("K")\n'],
  ["var h = `a\\ {{K}}\n`\n", 'var h = `a\\ ` + os.Getenv("K") + `\n`\n'],
  ['var h = x + "a {{K}}"\n', 'var h = x + ("a " + os.Getenv("K"))\n'],
  [
    'var u = "https://{{U}}:{{K}}@h"\n',
    'var u = "https://" + os.Getenv("U") + ":" + os.Getenv("K") + "@h"\n',
  ],
  ['var u = f("a{{U}}") + g(1, "a{{K}}")\n', 'var u = f("a"+os.Getenv("U")) + g(1, "a"+os.Getenv("K"))\n'],
  [
    'func f() { a, b := "a{{U}}", 1; g("a{{K}}").h(1, b) }\n',
    'func f() { a, b := "a"+os.Getenv("U"), 1; g("a"+os.Getenv("K")).h(1, b) }\n',
  ],
  ['func f() { a, b := g("a{{U}}") }\n', 'func f() { a, b := g("a" + os.Getenv("U")) }\n'],
  ['var u = "{{U}}{{K}}"\n', 'var u = os.Getenv("U") + os.Getenv("K")\n'],
  [
    'var m = map[string]string{"{{K}}": "a{{L}}"}\n',
    'var m = map[string]string{os.Getenv("K"): "a" + os.Getenv("L")}\n',
  ],
  ['func f() { fmt.Printf("%s\\n", "{{K}}") }\n', 'func f() { fmt.Printf("%s\\n", os.Getenv("K")) }\n'],
  ['func f() string { return"{{K}}" }\n', 'func f() string { return os.Getenv("K") }\n'],
])("Go %s", async (before, after) => {
  expect(await outcome("a.go", HEAD + before)).toBe(HEAD + after);
});

const REST = '\nvar k = "{{K}}"\n';
const DONE = '\nvar k = os.Getenv("K")\n';

test.each([
  ["package a\n", 'package a\n\nimport "os"\n'],
  ["// +build x\n\npackage a // c\n", '// +build x\n\npackage a // c\n\nimport "os"\n'],
  ["package a\r\n", 'package a\r\n\r\nimport "os"\r\n'],
  ['package a\n\nimport "fmt"\n', 'package a\n\nimport "fmt"\nimport "os"\n'],
  ['package a\n\nimport "strings"\n', 'package a\n\nimport "os"\nimport "strings"\n'],
  [
    'package a\n\nimport (\n\t"fmt"\n\t"strings"\n)\n',
    'package a\n\nimport (\n\t"fmt"\n\t"os"\n\t"strings"\n)\n',
  ],
  ['package a\n\nimport (\n\t"fmt" // c\n)\n', 'package a\n\nimport (\n\t"fmt" // c\n\t"os"\n)\n'],
  [
    'package a\n\nimport (\n\t"fmt"\n\n\t"x.org/y"\n)\n',
    'package a\n\nimport (\n\t"fmt"\n\t"os"\n\n\t"x.org/y"\n)\n',
  ],
  ['package a\n\nimport (\n\t"x.org/y"\n)\n', 'package a\n\nimport (\n\t"os"\n\n\t"x.org/y"\n)\n'],
  ["package a\n\nimport ()\n", 'package a\n\nimport (\n\t"os"\n)\n'],
  ['package a\n\nimport "C"\n', 'package a\n\nimport "os"\n\nimport "C"\n'],
  ['package a\n\nimport _ "os"\n', 'package a\n\nimport "os"\n\nimport _ "os"\n'],
  ['package a\n\nimport "os/exec"\n', 'package a\n\nimport "os"\nimport "os/exec"\n'],
])("Go imports os: %j", async (before, after) => {
  expect(await outcome("a.go", before + REST)).toBe(after + DONE);
});

test("Go uses the name that os has", async () => {
  expect(await outcome("a.go", `package a\n\nimport o "os"\n${REST}`)).toBe(
    'package a\n\nimport o "os"\n\nvar k = o.Getenv("K")\n',
  );
});

test.each([
  ["// {{K}}\n", "comment"],
  ['const k = "{{K}}"\n', "const"],
  ['const (\n\ta = 1\n\tk = "a {{K}}"\n)\n', "const"],
  ['func f() { switch k { case "{{K}}": } }\n', "case"],
  ['type T struct { A string `json:"{{K}}"` }\n', "tag"],
  ['func f() { fmt.Printf("{{K}} %s", a) }\n', "format"],
  ['var k = "\\{{K}}"\n', "escape"],
  ['func f(os string) { g("{{K}}") }\n', "something else"],
  ['func f() { os := 1; g("{{K}}", os) }\n', "something else"],
  ['var k Token = "a {{K}}"\n', "type Token"],
  ['func f() { "{{K}}" }\n', "without effect"],
  ['var k = ("{{K}}"\n', "syntax error"],
  ["var k = {{K}}\n", "not the content"],
])("Go leaves %s", async (before, why) => {
  expect(await outcome("a.go", `package main\n${before}`)).toContain(why);
});

test("Go leaves an import, and another package of that name", async () => {
  expect(await outcome("a.go", 'package a\nimport "x.org/{{K}}"\n')).toContain("imported");
  expect(await outcome("a.go", 'package a\nimport "x.org/os"\nvar k = "{{K}}"\n')).toContain(
    "something else",
  );
});
