import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { KnownError } from "../../../src/model/errors.ts";
import { bench, noteState, snapshot } from "../bench.ts";
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
