import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MANIFEST_FILE } from "../../../src/model/manifest.ts";
import { findUpwards, peekManifest, readManifest } from "../../../src/vault/manifest-file.ts";
import { scratch } from "../../helpers/run.ts";

let top: string;
beforeEach(() => {
  top = scratch();
  mkdirSync(path.join(top, "a/b"), { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const ID = "0123456789abcdef".repeat(2);
function write(folder: string, name: string, before = ""): void {
  const text = JSON.stringify({ version: 1, projectId: ID, secrets: { [name]: { from: ["keychain"] } } });
  writeFileSync(path.join(top, folder, MANIFEST_FILE), before + text);
}
const peek = async (folder: string, env = {}): Promise<string[] | null | undefined> => {
  const manifest = await peekManifest({ cwd: path.join(top, folder), env });
  return manifest === null || manifest === undefined ? manifest : Object.keys(manifest.secrets);
};

test("in a repository it is that at its top, and no other", async () => {
  mkdirSync(path.join(top, "a/.git"));
  write(".", "OUTER");
  write("a", "TOP");
  write("a/b", "INNER");
  expect(await peek("a/b")).toEqual(["TOP"]);
  expect(await peek("a")).toEqual(["TOP"]);
  rmSync(path.join(top, "a", MANIFEST_FILE));
  expect(await peek("a/b")).toBeNull();
});

test("a linked worktree's .git is a file", async () => {
  writeFileSync(path.join(top, "a/.git"), "gitdir: /elsewhere\n");
  write("a", "TOP");
  expect(await peek("a/b")).toEqual(["TOP"]);
});

test("without a repository it is the nearest one", async () => {
  write(".", "OUTER");
  expect(await peek("a/b")).toEqual(["OUTER"]);
  write("a", "NEARER");
  expect(await peek("a/b")).toEqual(["NEARER"]);
  expect((await findUpwards(path.join(top, "a/b")))?.folder).toBe(path.join(top, "a"));
});

test.each(["GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES"])("with %s only git knows", async (name) => {
  write(".", "OUTER");
  expect(await peek(".", { [name]: "x" })).toBeUndefined();
});

test("comments are read, what is broken is named with its place, a link is not followed", async () => {
  write(".", "NAME", "// a comment\n");
  expect(Object.keys((await readManifest(top))?.manifest.secrets ?? {})).toEqual(["NAME"]);
  writeFileSync(
    path.join(top, MANIFEST_FILE),
    `{\n  "version": 1,\n  "projectId": "${ID}",\n  "secret": {}\n}`,
  );
  await expect(readManifest(top)).rejects.toThrow(/^line \d+, column \d+: /);
  writeFileSync(path.join(top, MANIFEST_FILE), "{");
  await expect(readManifest(top)).rejects.toMatchObject({ exitCode: 2, code: "manifest-invalid" });
  writeFileSync(path.join(top, MANIFEST_FILE), " ".repeat(2 ** 20 + 1));
  await expect(readManifest(top)).rejects.toThrow("this file is too large");
  rmSync(path.join(top, MANIFEST_FILE));
  expect(await readManifest(top)).toBeNull();
  symlinkSync("elsewhere", path.join(top, MANIFEST_FILE));
  await expect(readManifest(top)).rejects.toMatchObject({ exitCode: 2, code: "manifest-invalid" });
});
