import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { KnownError } from "../../../src/model/errors.ts";
import { readRuns, saveRun } from "../../../src/remedy/journal.ts";
import { recover } from "../../../src/remedy/recover.ts";
import { undo } from "../../../src/remedy/undo.ts";
import { userKey } from "../../../src/remedy/user-key.ts";
import { bench, noteState, read, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { appended } from "../transaction-of.ts";

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);
const prepared = async (): Promise<Bench> =>
  await bench((secret) => ({ "a.js": `${secret}\n`, "dir/b.js": `${secret}\n`, ".gitignore": "x\n" }));

test("the journal: for the owner alone, without a value or a digest of one", async () => {
  const repo = await prepared();
  await repo.stow(["a.js", "dir/b.js"], { plain: [appended(repo.open(), ".gitignore", "dist")] });
  const folder = at(repo, ".git/stowaway");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  const text = readFileSync(path.join(folder, "1.json"), "latin1");
  const blob = (await repo.git("rev-parse", "HEAD:a.js")).stdout.trim();
  expect(text).not.toContain(repo.secret);
  expect(text).not.toContain(blob);
  expect(text).not.toContain(Buffer.from(repo.secret).toString("base64").slice(0, 20));
  noteState(repo);
});

test("a damaged journal, or one of another key, stops everything and changes nothing", async () => {
  const repo = await prepared();
  await repo.stow(["a.js"]);
  const file = at(repo, ".git/stowaway/1.json");
  const text = readFileSync(file, "utf8");
  const before = await snapshot(repo);
  writeFileSync(file, text.slice(0, 200));
  await expect(repo.undo()).rejects.toMatchObject({ code: "journal-damaged" });
  writeFileSync(file, text);
  const key = readFileSync(at(repo, ".git/stowaway/key"));
  writeFileSync(at(repo, ".git/stowaway/key"), key.toReversed());
  await expect(repo.undo()).rejects.toBeInstanceOf(KnownError);
  expect(await snapshot(repo)).toBe(before);
  writeFileSync(at(repo, ".git/stowaway/key"), key);
  await repo.undo();
});

test("a journal that came with a copy of the repository is not followed, be it finished or not", async () => {
  const repo = await prepared();
  await repo.stow(["a.js"], { plain: [appended(repo.open(), "deep/new.json", "{}")] });
  const before = await snapshot(repo);
  const other = { HOME: path.join(repo.env["HOME"] ?? "", "other") };
  const store = async () => repo.store;
  await expect(undo(repo.open(other), store)).rejects.toMatchObject({ code: "journal-foreign", exitCode: 3 });
  // Another user, who has a key of his own.
  userKey({ ...repo.env, ...other }, true);
  await expect(undo(repo.open(other), store)).rejects.toMatchObject({ code: "journal-foreign" });
  const file = at(repo, ".git/stowaway/1.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace('"state":"applied"', '"state":"prepared"'));
  await expect(recover(repo.open(), store)).rejects.toMatchObject({ code: "journal-foreign" });
  writeFileSync(file, text.replace("deep/new.json", "dir/new.json"));
  await expect(repo.undo()).rejects.toMatchObject({ code: "journal-foreign" });
  expect(await snapshot(repo)).toBe(before);
  writeFileSync(file, text);
  await repo.undo();
});

test.each([
  ["a folder outside", (name: string) => ({ folders: [`../${name}`] })],
  ["a folder of git's own", () => ({ folders: [".git/empty"] })],
  [
    "a store outside",
    (name: string) => ({ store: { kind: "dotenv", label: "x", origin: `dotenv:../${name}/.env` } }),
  ],
  ["a path outside", (name: string) => ({ untracked: [`../${name}/x`] })],
  ["no list", () => ({ files: {} })],
  ["another state", () => ({ state: "half" })],
] as const)("a journal with %s is none of ours, whatever its seal says", async (_, change) => {
  const repo = await prepared();
  await repo.stow(["a.js"]);
  const opened = repo.open();
  const [run] = readRuns(opened);
  if (run === undefined) throw new Error("there is no run");
  const empty = `${repo.dir}-empty`;
  mkdirSync(empty);
  saveRun(opened, { ...run, state: "prepared", ...(change(path.basename(empty)) as object) });
  await expect(repo.undo()).rejects.toMatchObject({ code: "journal-damaged" });
  expect(existsSync(empty)).toBe(true);
  rmdirSync(empty);
});

test("an index outside of the repository is written only where git uses it", async () => {
  const repo = await prepared();
  const index = path.join(path.dirname(repo.storeFile), "index");
  copyFileSync(at(repo, ".git/index"), index);
  const bytes = readFileSync(index);
  await repo.stow(["a.js"], { env: { GIT_INDEX_FILE: index } });
  const stowed = readFileSync(index);
  expect(stowed.equals(bytes)).toBe(false);
  await expect(repo.undo()).rejects.toMatchObject({ code: "other-index", path: index });
  expect(readFileSync(index).equals(stowed)).toBe(true);
  await undo(repo.open({ GIT_INDEX_FILE: index }), async () => repo.store);
  expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
});

test("where a folder that a run made was, another branch may have a link", async () => {
  const repo = await prepared();
  await repo.stow(["a.js"], { plain: [appended(repo.open(), "deep/er/new.json", "{}")] });
  const opened = repo.open();
  const [run] = readRuns(opened);
  if (run === undefined) throw new Error("there is no run");
  const target = path.join(path.dirname(repo.storeFile), "target");
  mkdirSync(path.join(target, "er"), { recursive: true });
  await repo.git("rm", "-q", "-f", "deep/er/new.json");
  symlinkSync(target, at(repo, "deep"));
  saveRun(opened, { ...run, plain: [], indexes: [] });
  await undo(opened, async () => repo.store);
  expect(existsSync(path.join(target, "er"))).toBe(true);
});
