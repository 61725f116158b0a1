import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvFiles } from "../../../src/run/env-file.ts";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";

let repo: Repo;
beforeAll(async () => {
  repo = await makeRepo({ commit: { ".env": "A=tracked\n", "sub/conf.env": "A=tracked\n" } });
  repo.write({
    ".env.local": "A=one\nB=two\n",
    "sub/.env.more": "B=three\nPATH=/hostile\nNODE_OPTIONS=--hostile\n",
    "intent.env": "A=x\n",
  });
  symlinkSync("../.env", path.join(repo.dir, "sub/link.env"));
  mkdirSync(path.join(repo.dir, "folder.env"));
  await repo.git("add", "-N", "intent.env");
});
afterAll(() => repo.remove());

const env = { PATH: process.env["PATH"] };
function read(files: readonly string[], only: readonly string[] = [], place = { cwd: repo.dir, env: {} }) {
  const named = files.map((file) => ({ file, readByNode: false }));
  const { values, refused } = readEnvFiles(named, only, { ...place, env: { ...env, ...place.env } });
  return { values: Object.fromEntries([...values].map(([name, value]) => [name, value.expose()])), refused };
}

test("the later file counts; names that decide what programs do are left out unless they are asked for", () => {
  expect(read([".env.local", "sub/.env.more"])).toEqual({
    values: { A: "one", B: "three" },
    refused: ["PATH", "NODE_OPTIONS"],
  });
  expect(read(["sub/.env.more"], ["NODE_OPTIONS"])).toEqual({
    values: { NODE_OPTIONS: "--hostile" },
    refused: [],
  });
});

test.each([".env", ".ENV", "./sub/../.env", "sub/conf.env", "sub/link.env", "intent.env"])(
  "%s is tracked",
  (file) => {
    // On a disk that tells cases apart there is no such file.
    expect(() => read([file])).toThrow(/git tracks this file|is not there/);
    expect(() => read([file])).toThrow(expect.objectContaining({ exitCode: 2, path: file }));
  },
);

test("it is tracked too where only the environment says so, as in a hook", async () => {
  expect(() => read(["conf.env"], [], { cwd: path.join(repo.dir, "sub"), env: { GIT_DIR: ".git" } })).toThrow(
    "git tracks this file",
  );
  const outside = { GIT_DIR: path.join(repo.dir, ".git"), GIT_WORK_TREE: repo.dir };
  expect(() => read([path.join(repo.dir, ".env")], [], { cwd: repo.dir, env: outside })).toThrow(
    "git tracks this file",
  );
  expect(read([path.join(repo.dir, ".env.local")], [], { cwd: repo.dir, env: outside }).values).toMatchObject(
    { A: "one" },
  );
});

test("what cannot be read is said", () => {
  expect(() => read(["missing.env"])).toThrow(expect.objectContaining({ exitCode: 2, code: "no-env-file" }));
  expect(() => read(["folder.env"])).toThrow(
    expect.objectContaining({ exitCode: 3, code: "unreadable-env-file" }),
  );
});

test.skipIf(process.platform === "win32")(
  "a pipe that Node has emptied is not taken for an empty file",
  () => {
    const file = path.join(repo.dir, "pipe.env");
    execFileSync("sh", ["-c", `mkfifo "$0"`, file]);
    const place = { cwd: repo.dir, env };
    expect(() => readEnvFiles([{ file, readByNode: true }], [], place)).toThrow(
      expect.objectContaining({ exitCode: 2, code: "read-env-file" }),
    );
  },
);
