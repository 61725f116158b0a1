import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

test.each([
  ['val k = "{{K}}"', 'val k = System.getenv("K")'],
  ['val k = """{{K}}"""', 'val k = System.getenv("K")'],
  ['val h = "Bearer {{K}}"', 'val h = "Bearer ${System.getenv("K")}"'],
  ['val h = "$a ${b["{{L}}"]} {{K}}"', 'val h = "$a ${b[System.getenv("L")]} ${System.getenv("K")}"'],
  ['val h = """a "b" {{K}}"""', 'val h = """a "b" ${System.getenv("K")}"""'],
  ['val c = \'"\'; val k = "{{K}}"', 'val c = \'"\'; val k = System.getenv("K")'],
  ['fun `it\'s "`() = "{{K}}"', 'fun `it\'s "`() = System.getenv("K")'],
  ['/* /* " */ " */ val k = "{{K}}"', '/* /* " */ " */ val k = System.getenv("K")'],
  ['val k = System.getenv("X") ?: "{{K}}"', 'val k = System.getenv("X") ?: System.getenv("K")'],
  ['fun f(k: String = "{{K}}") {}', 'fun f(k: String = System.getenv("K")) {}'],
  ['@A("b") val k = "{{K}}"', '@A("b") val k = System.getenv("K")'],
  ['const val A = "b"\nval k = "{{K}}"', 'const val A = "b"\nval k = System.getenv("K")'],
  ['object System\nval k = "{{K}}"', 'object System\nval k = java.lang.System.getenv("K")'],
])("Kotlin %s", async (before, after) => {
  expect(await outcome("a.kt", before)).toBe(after);
});

test.each([
  ["// {{K}}", "comment"],
  ["/* {{K}} */", "comment"],
  ['const val K = "{{K}}"', "const val"],
  ['const val K: String = "a" + "{{K}}"', "const val"],
  ['@Value("{{K}}") val k: String', "annotation"],
  ['@file:A(b = ["{{K}}"])', "annotation"],
  ['val k = "{{K}} %s".format(a)', "format"],
  ['val k = String.format("{{K}} %s", a)', "format"],
  ['val k = $$"""a {{K}}"""', "interpolation of its own form"],
  ['val k = "\\{{K}}"', "escape"],
  ['val k = "${{K}}"', "escape or an interpolation"],
  ['val k = ("{{K}}', "not closed"],
])("Kotlin leaves %s", async (before, why) => {
  expect(await outcome("a.kts", before)).toContain(why);
});

test("Kotlin that is built for other platforms is left", async () => {
  expect(await outcome("lib/src/commonMain/kotlin/a.kt", 'val k = "{{K}}"')).toContain("platforms");
  const files = { "app/src/main/AndroidManifest.xml": "<manifest/>" };
  expect(await outcome("app/src/main/kotlin/a.kt", 'val k = "{{K}}"', files)).toContain("Android");
});
