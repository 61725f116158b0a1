import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { memberFolders, packsMembers, workspaceRootOf } from "../../../../src/source/pack/npm-workspace.ts";
import { scratch } from "../../../helpers/run.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

function make(workspaces: unknown, folders: readonly string[]): void {
  root = realpathSync(scratch());
  writeFileSync(path.join(root, "package.json"), JSON.stringify({ workspaces }));
  for (const folder of folders) {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, "package.json"), "{}");
  }
}

const FOLDERS = ["packages/a", "packages/b", "packages/b/deep", "node_modules/c", "other"];

test.each<readonly [unknown, readonly string[]]>([
  [["packages/*"], ["packages/a", "packages/b"]],
  [["./packages/a/"], ["packages/a"]],
  [
    ["packages/**", "!packages/b"],
    ["packages/a", "packages/b/deep"],
  ],
  [{ packages: ["other"] }, ["other"]],
  ["packages/*", []],
  [null, []],
  [[1, {}], []],
])("members of %j", async (workspaces, members) => {
  make(workspaces, FOLDERS);
  expect((await memberFolders(root)).map((folder) => path.relative(root, folder))).toEqual(members);
  for (const folder of FOLDERS)
    expect(await workspaceRootOf(path.join(root, folder))).toBe(members.includes(folder) ? root : null);
});

test.each([
  ["workspaces=true\n", true],
  [" workspace = packages/a\n", true],
  ["workspace[]=packages/a\n", true],
  ["# workspaces=true\n", false],
  ["include-workspace-root=true\n", false],
])("an .npmrc %j", async (text, expected) => {
  make([], []);
  writeFileSync(path.join(root, ".npmrc"), text);
  expect(await packsMembers(root)).toBe(expected);
});
