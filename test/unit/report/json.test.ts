import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { finding, nameFinding, OPTIONS, report, VALUE } from "./samples.ts";
import json from "../../../src/report/json.ts";
import type { Report } from "../../../src/model/finding.ts";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../../src/report/report.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
}).compile(schema as object);

function render(given: Report): Record<string, unknown> {
  const text = json.render(given, OPTIONS);
  expect(text.endsWith("}\n")).toBe(true);
  expect(text).not.toContain(VALUE);
  const document: unknown = JSON.parse(text);
  validate(document);
  expect(validate.errors).toBeNull();
  return document as Record<string, unknown>;
}

const FULL = report({
  findings: [
    nameFinding({ status: "allowed" }),
    finding({
      container: ["demo-1.0.0.tgz"],
      alsoIn: [["demo-1.0.0-py3-none-any.whl"]],
      included: 'files[0] is "dist"',
    }),
    finding({ severity: "low", status: "baselined" }),
  ],
  skipped: [{ kind: "skipped", id: "s1", path: "lib", container: [], reason: "submodule", digest: null }],
  errors: [
    {
      kind: "error",
      id: "e1",
      path: "b.tgz",
      container: ["a.tgz"],
      code: "archive-corrupt",
      message: "it ends too early",
      digest: null,
    },
  ],
  notes: ["published though git ignores it: dist/x"],
});

test("an empty report and a full one are valid", () => {
  expect(render(report())).toMatchObject({
    schema: 1,
    tool: { name: "stowaway", version: "1.2.3" },
    scope: { kind: "staged", target: "index", mode: "exact" },
    summary: { files: 3, bytes: 1234, findings: 0, blocking: 0, milliseconds: 12, complete: true },
    findings: [],
  });
  expect(render(FULL)["summary"]).toEqual({
    files: 3,
    bytes: 1234,
    findings: 1,
    blocking: 1,
    allowed: 1,
    baselined: 1,
    skipped: 1,
    milliseconds: 12,
    complete: false,
  });
});

test("a finding says what the contract lists", () => {
  expect((render(FULL)["findings"] as unknown[])[0]).toEqual({
    id: "1f2e3d4c",
    rule: "demo-access-token",
    provider: "demo",
    title: "Demo access token",
    severity: "critical",
    confidence: "high",
    path: "package.json",
    container: ["demo-1.0.0.tgz"],
    alsoIn: [["demo-1.0.0-py3-none-any.whl"]],
    commit: null,
    layer: null,
    line: 12,
    column: 24,
    endLine: 12,
    endColumn: 24 + VALUE.length,
    field: "scripts.release",
    redacted: "abcd_…wxyz",
    length: VALUE.length,
    included: 'files[0] is "dist"',
    verification: { state: "unchecked", reason: null, owner: null, scopes: null, expiresAt: null },
    advice: ["Write $DEMO_TOKEN in the script.", "Revoke it: https://example.com/revoke"],
    status: "new",
  });
});

test("a rule over names has length 0 and nothing redacted", () => {
  expect((render(report({ findings: [nameFinding()] }))["findings"] as unknown[])[0]).toMatchObject({
    rule: "file/dotenv",
    line: 1,
    length: 0,
    redacted: "",
    field: null,
  });
});

test("the schema refuses what is not in it", () => {
  const document = { ...render(FULL), extra: 1 };
  expect(validate(document)).toBe(false);
});

test("names and texts of any kind stay valid", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(text, text, fc.array(text), (path, field, notes) => {
      const document = render(report({ findings: [finding({ path, field })], notes }));
      expect(document["notes"]).toEqual(notes);
    }),
  );
});
