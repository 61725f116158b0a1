import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findConfig } from "../../../src/config/find.ts";
import { readConfig } from "../../../src/config/read.ts";

let top: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "stowaway-config-")));
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

/** @param files content by path */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(top, name, ".."), { recursive: true });
    writeFileSync(join(top, name), content);
  }
}

test("the nearest file counts, of whatever kind", async () => {
  write({
    "stowaway.config.json": '{"failOn":"low"}',
    "a/package.json": '{"stowaway":{"failOn":"high"}}',
    "a/b/package.json": '{"name":"b","devDependencies":{"stowaway":"1"}}',
    "a/b/c/pyproject.toml": '[tool.stowaway]\nfailOn = "critical"\n',
  });
  expect(await readConfig(join(top, "a/b/c"), top)).toEqual({
    path: "pyproject.toml",
    config: { failOn: "critical" },
  });
  expect(await readConfig(join(top, "a/b"), top)).toEqual({
    path: "../package.json",
    config: { failOn: "high" },
  });
  expect(await readConfig(top, top)).toEqual({ path: "stowaway.config.json", config: { failOn: "low" } });
});

test("nothing is read above the top, and nothing found is no error", async () => {
  write({ "stowaway.config.json": "{", "a/b/x": "" });
  expect(await readConfig(join(top, "a/b"), join(top, "a"))).toBeNull();
  expect(await readConfig(join(top, "a"), join(top, "a/b"))).toBeNull();
});

test("two configurations in one folder are refused", async () => {
  write({ "stowaway.config.json": "{}", "package.json": '{"stowaway":{}}' });
  await expect(readConfig(top, top)).rejects.toMatchObject({ code: "config-twice", exitCode: 2 });
});

test("--config names the one file that counts", async () => {
  write({ "stowaway.config.json": "{", "other.json": '{"failOn":"low"}', "package.json": "{}" });
  expect(await readConfig(top, top, "other.json")).toEqual({ path: "other.json", config: { failOn: "low" } });
  await expect(readConfig(top, top, "none.json")).rejects.toMatchObject({
    code: "config-missing",
    path: "none.json",
  });
  await expect(readConfig(top, top, "package.json")).rejects.toMatchObject({ code: "config-missing" });
});

test("a folder in its place is said", async () => {
  mkdirSync(join(top, "stowaway.config.json"));
  await expect(readConfig(top, top)).rejects.toMatchObject({ code: "config-unreadable", exitCode: 2 });
});

test.skipIf(process.platform === "win32")("a pipe is not waited for", async () => {
  execFileSync("sh", ["-c", 'mkfifo "$0"', join(top, "stowaway.config.json")]);
  await expect(readConfig(top, top)).rejects.toMatchObject({ code: "config-unreadable" });
});

test("a key written with escapes is found", async () => {
  write({ "package.json": String.raw`{"\u0073towaway":{"failOn":"low"}}` });
  expect(await readConfig(top, top)).toMatchObject({ config: { failOn: "low" } });
});

test("files come from where the caller reads them", async () => {
  const files = new Map([["a/stowaway.config.json", '{"failOn":"low"}']]);
  const read = async (path: string): Promise<string | null> => files.get(path) ?? null;
  expect(await findConfig(["a/b/", "a/", ""], read)).toEqual({
    path: "a/stowaway.config.json",
    config: { failOn: "low" },
  });
  expect(await findConfig([""], read)).toBeNull();
});
