import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, runTool } from "../helpers/run.ts";
import { githubToken, sample } from "../helpers/samples.ts";

const schema: unknown = JSON.parse(readFileSync(path.join(PROJECT, "src/report/report.schema.json"), "utf8"));
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema as object);

interface Document {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  readonly errors: readonly Readonly<Record<string, unknown>>[];
}

let repo: Repo;
beforeAll(async () => {
  repo = await makeRepo({ commit: { "gone.txt": "text\n" } });
  repo.write({
    "package.json": JSON.stringify(
      { name: "demo", scripts: { release: `TOKEN=${githubToken(2)} publish` } },
      null,
      2,
    ),
    ".env": `${sample("github-personal-token", 3).secret}\n`,
    "odd \u202ename\n.js": `const token = "${githubToken(4)}";\n`,
    "cut.tgz": Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(40, 7)]),
  });
  await repo.git("rm", "-q", "gone.txt");
  await repo.git("add", "-A");
});
afterAll(() => repo.remove());

function read(text: string): Document {
  const document: unknown = JSON.parse(text);
  validate(document);
  expect(validate.errors).toBeNull();
  return document as Document;
}

test("a real JSON report is valid, complete in itself, and alone on standard output", async () => {
  const { code, stdout, stderr } = await runTool(["--format", "json"], { cwd: repo.dir });
  const { summary, findings, errors } = read(stdout);
  expect(code).toBe(1);
  expect(summary).toMatchObject({ complete: false, allowed: 0, baselined: 0 });
  expect(summary["findings"]).toBe(findings.length);
  expect(findings.map((finding) => finding["path"])).toContain("odd \u202ename\n.js");
  expect(findings.find((finding) => finding["path"] === "package.json")).toMatchObject({
    field: "scripts.release",
    rule: "github-personal-token",
    line: 4,
  });
  expect(errors).toMatchObject([{ path: "cut.tgz" }]);
  expect(stderr).toMatch(
    /\d+ findings \([^)]*\) in \d+ files, \d+ ms; 1 item could not be scanned; commit blocked\n$/,
  );
});

test("the text says the same, worst first, on lines of its own", async () => {
  const { stdout } = await runTool(["--no-color"], { cwd: repo.dir });
  expect(stdout).toContain("--> package.json:4:");
  expect(stdout).toContain(String.raw`--> odd \u202ename\n.js:1:16`);
  expect(stdout).toContain("not scanned: ");
  expect(stdout).toContain("--> cut.tgz");
  expect(stdout).toContain("would enter this commit");
  expect(stdout.indexOf("critical: ")).toBe(0);
});

test("--output writes the same document into a file of the owner's", async () => {
  const { stdout } = await runTool(["--format", "json", "--output", "report.json"], { cwd: repo.dir });
  const file = path.join(repo.dir, "report.json");
  expect(stdout).toBe("");
  expect(read(readFileSync(file, "utf8")).findings.length).toBeGreaterThan(2);
  expect(process.platform === "win32" ? 0o600 : statSync(file).mode & 0o777).toBe(0o600);
});

test("--quiet leaves findings, errors and the closing line", async () => {
  const { stdout, stderr } = await runTool(["--quiet"], { cwd: repo.dir });
  expect(stdout).toContain("not scanned: ");
  expect(stderr).toMatch(/^\d+ findings [^\n]*\n$/);
});
