import { expect, test } from "vitest";
import { outcome } from "./editing.ts";

const inClass = (member: string): string => `class A {\n  ${member}\n}\n`;

test.each([
  ['String k = "{{K}}";', 'String k = System.getenv("K");'],
  ['static final String K = "{{K}}";', 'static final String K = System.getenv("K");'],
  ['String h = "Bearer {{K}}";', 'String h = "Bearer " + System.getenv("K");'],
  ['String h = x + "a {{K}}!";', 'String h = x + ("a " + System.getenv("K") + "!");'],
  [
    'String u = "https://{{U}}:{{K}}@h";',
    'String u = "https://" + System.getenv("U") + ":" + System.getenv("K") + "@h";',
  ],
  ['boolean b = "a {{K}}".equals(x);', 'boolean b = ("a " + System.getenv("K")).equals(x);'],
  ['String f() { return"{{K}}"; }', 'String f() { return System.getenv("K"); }'],
  [
    'String f() { return System.getenv().getOrDefault("X", "{{K}}"); }',
    'String f() { return System.getenv().getOrDefault("X", System.getenv("K")); }',
  ],
  ['String[] a = {"{{K}}", "b"};', 'String[] a = {System.getenv("K"), "b"};'],
  ['void f() { String.format("%s", "{{K}}"); }', 'void f() { String.format("%s", System.getenv("K")); }'],
  [
    'void f() { int n = switch (x) { case 1 -> 2; default -> 3; }; } String k = "{{K}}";',
    'void f() { int n = switch (x) { case 1 -> 2; default -> 3; }; } String k = System.getenv("K");',
  ],
  ['String k = "{{K}}"; class System {}', 'String k = java.lang.System.getenv("K"); class System {}'],
])("Java %s", async (before, after) => {
  expect(await outcome("A.java", inClass(before))).toBe(inClass(after));
});

test.each([
  ["// {{K}}", "comment"],
  ['@Value("{{K}}") String k;', "annotation"],
  ['@Value(value = {"a", "b{{K}}"}) String k;', "annotation"],
  ['void f(@P("{{K}}") int a) {}', "annotation"],
  ['void f() { switch (a) { case "{{K}}": } }', "case"],
  ['static final String K = "{{K}}"; @Value(K) int a;', "used in a case or an annotation"],
  ['static final String K = "{{K}}"; void f() { switch (a) { case K: } }', "used in a case or an annotation"],
  ['String k = """\n  {{K}}""";', "text block"],
  ['void f() { String.format("{{K}} %s", a); }', "format"],
  ['String k = "{{K}} %s".formatted(a);', "format"],
  ['String k = "\\u0041{{K}}" + "\\{{L}}";', "escape"],
  ['void f() { int n = switch (x) { case 1 -> "{{K}}"; }; }', "s"],
  ["String k = {{K}};", "not the content"],
])("Java leaves %s", async (before, why) => {
  expect(await outcome("A.java", inClass(before))).toContain(why);
});

test("Java of an Android app is left", async () => {
  const files = { "app/src/main/AndroidManifest.xml": "<manifest/>" };
  const source = inClass('String k = "{{K}}";');
  expect(await outcome("app/src/main/java/a/A.java", source, files)).toContain("Android");
  expect(await outcome("server/src/main/java/a/A.java", source, files)).toContain("System.getenv");
});
