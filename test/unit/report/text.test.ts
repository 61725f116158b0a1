import fc from "fast-check";
import { expect, test } from "vitest";
import { finding, nameFinding, OPTIONS, report, VALUE } from "./samples.ts";
import type { Finding, Report, Scope } from "../../../src/model/finding.ts";
import text from "../../../src/report/text.ts";
import { textWidth } from "../../../src/report/width.ts";

const PACK: Scope = { kind: "pack", target: ".", mode: "exact" };

function render(...findings: Finding[]): string {
  return text.render(report({ findings }), OPTIONS);
}

test("a finding in a commit", () => {
  expect(render(finding())).toBe(`critical: Demo access token (demo-access-token)
  --> package.json:12:24 (scripts.release)
   |
12 | "release": "TOKEN=abcd_…wxyz npm publish",
   |                   ^^^^^^^^^^ 38 characters, confidence high
   = would enter this commit
   = priority 1, effort low, CI fail, id 1f2e3d4c
   = next: Write $DEMO_TOKEN in the script.
   = then: Revoke it: https://example.com/revoke

`);
});

test("a finding in a package says where it would go and why", () => {
  const packed = finding({
    container: ["demo-1.0.0.tgz"],
    alsoIn: [["demo-1.0.0-py3-none-any.whl"]],
    included: 'files[0] "dist"',
    field: null,
  });
  const lines = text.render(report({ scope: PACK, findings: [packed] }), OPTIONS).split("\n");
  expect(lines).toContain("  --> package.json:12:24 in demo-1.0.0.tgz");
  expect(lines).toContain('   = would be published in demo-1.0.0.tgz, because files[0] is "dist"');
  expect(lines).toContain("   = also in demo-1.0.0-py3-none-any.whl");
});

test("other reasons are quoted as the packer gives them", () => {
  const packed = finding({ container: ["demo.tgz"], included: "MANIFEST.in line 3" });
  expect(text.render(report({ scope: PACK, findings: [packed] }), OPTIONS)).toContain(
    "   = would be published in demo.tgz, because: MANIFEST.in line 3\n",
  );
});

test("a file that is risky by its name has no frame and no position", () => {
  expect(render(nameFinding())).toBe(`low: dotenv file (file/dotenv)
  --> .env
   = would enter this commit
   = priority 3, effort medium, CI warn, id 99aa88bb
   = next: Keep the file out of the commit.

`);
});

test("a finding without text to show still says what was found", () => {
  expect(render(finding({ frame: null }))).toContain("   = abcd_…wxyz, 38 characters, confidence high\n");
});

test("the same advice is given once", () => {
  const out = render(finding(), finding({ line: 13 }));
  expect(out.match(/Revoke it/g)).toHaveLength(1);
  expect(out).toContain("   = next: the same steps as above\n");
});

test("accepted findings are not shown", () => {
  expect(render(finding({ status: "allowed" }), finding({ status: "baselined" }))).toBe("");
});

test("what could not be scanned is part of the report", () => {
  const errors: Report["errors"] = [
    {
      kind: "error",
      id: "e1",
      path: "inner.zip",
      container: ["demo.tgz"],
      code: "archive-corrupt",
      message: "the archive ends too early",
      hint: "Build it again.",
      digest: null,
    },
  ];
  expect(text.render(report({ errors }), OPTIONS))
    .toBe(`not scanned: the archive ends too early (archive-corrupt)
  --> inner.zip in demo.tgz
   = next: Build it again.

`);
});

test("beside it: notes, and what was skipped by reason", () => {
  const skipped = ["a", "b", "c", "d", "e"].map((path) => ({
    kind: "skipped" as const,
    id: path,
    path,
    container: [],
    reason: "deleted",
    digest: null,
  }));
  expect(text.aside(report({ notes: ["made by a static list"], skipped }), OPTIONS)).toBe(
    "note: made by a static list\nskipped: a, b, c and 2 more (--format json names all): deleted\n",
  );
});

test("colours change nothing but the looks", () => {
  const given = report({ findings: [finding(), nameFinding()], notes: ["a note"] });
  const marked = text.render(given, { ...OPTIONS, paint: (_, plain) => `<${plain}>` });
  expect(marked.replaceAll(/[<>]/g, "").replaceAll("--", "-->")).toBe(text.render(given, OPTIONS));
});

test("hostile names and texts stay on their lines, show no value and fit", () => {
  const part = fc.string({ unit: "binary", maxLength: 30 });
  fc.assert(
    fc.property(part, part, part, fc.array(part, { maxLength: 3 }), (path, field, before, advice) => {
      const frame = { text: `${before}***`, start: before.length, length: 3 };
      const out = render(finding({ path, field, container: [path], frame, advice }));
      expect(out).not.toMatch(/[^\P{Cc}\n]/u);
      expect(out).not.toContain(VALUE);
      const lines = out.split("\n");
      // Header, place, frame and standing, then a line or more for each advice; the rest would be injected.
      expect(lines.length).toBeLessThan(14 + advice.join("").length);
      expect(lines.slice(2, 5).every((line) => textWidth(line) <= 80)).toBe(true);
    }),
  );
});

test("a long report ends with a line for each finding", () => {
  const many = Array.from({ length: 6 }, (_, index) =>
    finding({ path: `src/f${index}.js`, line: index + 1 }),
  );
  const lines = render(...many)
    .trimEnd()
    .split("\n");
  expect(lines.slice(-7)).toEqual([
    "all findings",
    ...many.map(({ path, line }) => `  critical ${path}:${line} demo-access-token`),
  ]);
  expect(render(...many.slice(1))).not.toContain("all findings");
});

test("what could not be scanned names a way out", () => {
  const error = {
    kind: "error",
    id: "e1",
    path: "b.7z",
    container: [],
    code: "x",
    message: "it is locked",
    digest: null,
  } as const;
  expect(text.render(report({ errors: [error] }), OPTIONS)).toContain("= next: take it out of the commit");
  expect(text.render(report({ errors: [{ ...error, hint: "Open it." }] }), OPTIONS)).toContain(
    "= next: Open it.",
  );
});

test("who thinks that it is no secret is told how to say so", () => {
  expect(text.aside(report({ findings: [finding()] }), OPTIONS)).toContain("stowaway:allow");
  expect(text.aside(report({ findings: [nameFinding()] }), OPTIONS)).toBe("");
});
