import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const K = 'System.Environment.GetEnvironmentVariable("K")';

test.each([
  ['var k = "{{K}}";', `var k = ${K};`],
  ['var k = @"{{K}}";', `var k = ${K};`],
  ['var k = """{{K}}""";', `var k = ${K};`],
  ['return"{{K}}";', `return ${K};`],
  ['var h = "Bearer {{K}}";', `var h = "Bearer " + ${K};`],
  ['var h = x + "a {{K}}!";', `var h = x + ("a " + ${K} + "!");`],
  ['var h = @"a\\""{{K}}";', `var h = @"a\\""" + ${K};`],
  ['var h = $"a {x:N2} {{K}}";', `var h = $"a {x:N2} {${K}}";`],
  ['var h = $@"a\\ {x["b"]} {{K}}";', `var h = $@"a\\ {x["b"]} {${K}}";`],
  ['f("{{K}}", \'"\', "a");', `f(${K}, '"', "a");`],
  ['d["{{K}}"] = "{{K}}";', `d[${K}] = ${K};`],
  ['var a = new[] { "{{K}}" };', `var a = new[] { ${K} };`],
  ['string[] a = ["{{K}}"];', `string[] a = [${K}];`],
  ['for (string k = "{{K}}"; ; ) {}', `for (string k = ${K}; ; ) {}`],
  ['#region it\'s "\nvar k = "{{K}}";\n#endregion', `#region it's "\nvar k = ${K};\n#endregion`],
  [
    'var k = System.Environment.GetEnvironmentVariable("X") ?? "{{K}}";',
    `var k = System.Environment.GetEnvironmentVariable("X") ?? ${K};`,
  ],
])("C# %s", async (before, after) => {
  expect(await outcome("a.cs", before)).toBe(after);
});

test("C# takes the short name where it is certain", async () => {
  expect(await outcome("a.cs", 'using System;\nvar k = "{{K}}";')).toBe(
    'using System;\nvar k = Environment.GetEnvironmentVariable("K");',
  );
  const property = "using System;\nIHost Environment { get; }\n";
  expect(await outcome("a.cs", `${property}var k = "{{K}}";`)).toBe(`${property}var k = ${K};`);
  expect(await outcome("a.cs", 'using System.IO;\nvar k = "{{K}}";')).toBe(`using System.IO;\nvar k = ${K};`);
});

test.each([
  ["// {{K}}", "comment"],
  ["/* {{K}} */", "comment"],
  ["#region {{K}}", "comment"],
  ['const string A = "a" + "{{K}}";', "const"],
  ['[Route("{{K}}")] class A {}', "attribute"],
  ['class A { [A][Route(Name = "{{K}}")] void F() {} }', "attribute"],
  ['void F([P("{{K}}")] string a) {}', "attribute"],
  ['switch (a) { case "{{K}}": break; }', "pattern"],
  ['var b = a switch { "{{K}}" => 1 };', "pattern"],
  ['if (a is "{{K}}") {}', "pattern"],
  ['void F(string k = "{{K}}") {}', "default of a parameter"],
  ['void F(string? k = "{{K}}") {}', "default of a parameter"],
  ['var k = "{{K}}"u8;', "bytes"],
  ['var k = """a {{K}}""";', "raw"],
  ['var k = string.Format("{{K}} {0}", a);', "format"],
  ['var k = "\\{{K}}";', "escape"],
  ['var k = $"{{{K}}}";', "escape or an interpolation"],
  ["var k = {{K}};", "not the content"],
  ['var k = (\n"a\n"{{K}}"', "not closed"],
])("C# leaves %s", async (before, why) => {
  expect(await outcome("a.cs", before)).toContain(why);
});
