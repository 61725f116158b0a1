import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finish, HOOK_VALUES } from "../../../src/commands/finish.ts";
import type { Report } from "../../../src/model/finding.ts";
import { DEFAULT_SETTINGS } from "../../../src/model/settings.ts";
import { memoryHost } from "../host/memory-host.ts";
import { finding, nameFinding, report } from "../report/samples.ts";

const BLOCKED = report({ findings: [finding()], notes: ["a note"] });
const BROKEN: Report = report({
  errors: [
    {
      kind: "error",
      id: "e",
      path: "p",
      container: [],
      code: "unreadable",
      message: "it is locked",
      digest: null,
    },
  ],
});

async function run(given: Report, values: Partial<typeof HOOK_VALUES> = {}, cwd = "/") {
  const host = memoryHost({ cwd });
  const code = await finish(given, {
    values: { ...HOOK_VALUES, ...values },
    host,
    settings: DEFAULT_SETTINGS,
  });
  return { code, ...host.written };
}

test("findings go to standard output, the rest to standard error", async () => {
  const { code, stdout, stderr } = await run(BLOCKED);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^critical: Demo access token/);
  expect(stderr).toMatch(
    /^note: a note\nhint: to move it[^]*\nhint: no secret\? [^]*\n1 finding \(1 critical\) in 3 files, 12 ms; commit blocked\n$/,
  );
});

test.each([
  ["nothing", report(), 0],
  ["a low finding", report({ findings: [nameFinding()] }), 0],
  ["an accepted finding", report({ findings: [finding({ status: "allowed" })] }), 0],
  ["something unread", BROKEN, 3],
  ["something unread and a finding", { ...BROKEN, findings: [finding()] }, 1],
])("%s answers as the contract says", async (_, given, code) => {
  expect((await run(given)).code).toBe(code);
});

test("--exit-code replaces 1, and nothing else", async () => {
  expect((await run(BLOCKED, { "exit-code": 7 })).code).toBe(7);
  expect((await run(BROKEN, { "exit-code": 7 })).code).toBe(3);
  expect((await run(report(), { "exit-code": 7 })).code).toBe(0);
  const { code, stderr } = await run(BLOCKED, { "exit-code": 0 });
  expect(code).toBe(0);
  expect(stderr).not.toContain("blocked");
});

test("--quiet leaves the findings and the closing line", async () => {
  const { stdout, stderr } = await run(BLOCKED, { quiet: true });
  expect(stdout).toContain("Demo access token");
  expect(stderr).toBe("1 finding (1 critical) in 3 files, 12 ms; commit blocked\n");
});

test("JSON is one document and nothing else on standard output", async () => {
  const { stdout, stderr } = await run(BLOCKED, { format: "json" });
  expect(JSON.parse(stdout)).toMatchObject({ summary: { findings: 1 }, notes: ["a note"] });
  expect(stderr).toBe("1 finding (1 critical) in 3 files, 12 ms; commit blocked\n");
});

test("--output takes the report off standard output", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stowaway-finish-"));
  try {
    const { stdout } = await run(BLOCKED, { format: "json", output: "report.json" }, folder);
    expect(stdout).toBe("");
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).toMatchObject({ schema: 1 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect((await run(BLOCKED, { output: "-" })).stdout).toContain("Demo access token");
});
