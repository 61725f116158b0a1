import { expect, test } from "vitest";
import { appendLine, keepFileOut, packOut } from "../../../src/remedy/pack-out.ts";

test.each([
  [null, "x", "x\n"],
  ["", "x", "x\n"],
  ["a", "x", "a\nx\n"],
  ["a\r\nb\r\n", "x", "a\r\nb\r\nx\r\n"],
  ["a\nx\n", "x", null],
] as const)("appends a line to %j", (text, line, expected) => {
  expect(appendLine(text, line)).toBe(expected);
});

const MANIFEST = '{\n  "name": "demo",\n  "files": ["*"]\n}\n';

test.each([
  ['files[0] "*"', "package.json", MANIFEST, '"!conf/.env"'],
  ["no .npmignore switches .gitignore off", ".npmignore", "a\n", "/conf/.env"],
  ['no "files" and not in .gitignore', ".gitignore", null, "/conf/.env"],
  ["MANIFEST.in line 3", "MANIFEST.in", "graft .\n", "exclude conf/.env"],
] as const)("keeps a file out that is in by %s", async (reason, file, text, added) => {
  const change = packOut("pkg", "conf/.env", reason.replace("no .npmignore", ".npmignore"));
  expect(change?.path).toBe(`pkg/${file}`);
  expect(await change?.change(text)).toContain(added);
});

test("a file that is named itself is no longer named", async () => {
  const manifest = '{\n  "files": ["src", "./.env"],\n  "name": "demo"\n}\n';
  const change = packOut("", ".env", 'files[1] "./.env"');
  expect(JSON.parse((await change?.change(manifest)) ?? "")).toEqual({ files: ["src"], name: "demo" });
});

test("where only a person can tell, there is no change", () => {
  expect(packOut("", ".env", "always included")).toBeNull();
  expect(packOut("", ".env", null)).toBeNull();
});

test("a new file that git ignores: what must be told besides", () => {
  const given: Record<string, string> = {
    ".npmignore": "x\n",
    "package.json": MANIFEST,
    Dockerfile: "FROM x\n",
  };
  const changes = keepFileOut("", ".env.local", (name) => given[name] ?? null);
  expect(changes.map(({ path }) => path)).toEqual([".npmignore", "package.json", ".dockerignore"]);
});

test("never a new .npmignore: it would publish what .gitignore keeps out", () => {
  expect(keepFileOut("", ".env.local", () => null)).toEqual([]);
});
