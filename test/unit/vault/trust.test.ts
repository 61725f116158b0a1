import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { realpathSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";
import { scratch, scrubbed } from "../../helpers/run.ts";
import { findProject } from "../../../src/vault/project.ts";
import { bind, isBound, unbind } from "../../../src/vault/trust.ts";

const ID = "00112233445566778899aabbccddeeff";
const MANIFEST = `{"version":1,"projectId":"${ID}","secrets":{"A":{"from":["keychain"]}}}\n`;
const made: { remove(): void }[] = [];
afterEach(() => made.splice(0).forEach((each) => each.remove()));

async function repository(files: Record<string, string> = {}): Promise<Repo> {
  const repo = await makeRepo({ commit: { "stowaway.secrets.json": MANIFEST, ...files } });
  made.push(repo);
  return repo;
}

function folder(): string {
  const dir = realpathSync(scratch());
  made.push({ remove: () => rmSync(dir, { recursive: true, force: true }) });
  return dir;
}

function place(cwd: string, home: string, platform: NodeJS.Platform = "linux") {
  return { cwd, env: scrubbed(home), platform };
}

async function bindHere(cwd: string, home: string, platform: NodeJS.Platform = "linux"): Promise<void> {
  const project = await findProject(place(cwd, home, platform));
  await bind({
    ...project,
    commonDir: project.commonDir ?? "",
    projectId: project.manifest?.projectId ?? "",
  });
}

test("a clone is bound for its user, from any folder and worktree of it, until that is taken back", async () => {
  const [repo, home, stranger] = [await repository({ "sub/a.txt": "a" }), folder(), folder()];
  expect(await findProject(place(repo.dir, home))).toMatchObject({
    top: realpathSync(repo.dir),
    bound: false,
    manifest: { projectId: ID },
    manifestText: MANIFEST,
  });
  await bindHere(repo.dir, home);
  await bindHere(repo.dir, home);
  const linked = path.join(folder(), "linked");
  await repo.git("worktree", "add", "-q", linked);
  expect((await findProject(place(path.join(repo.dir, "sub"), home))).bound).toBe(true);
  expect((await findProject(place(linked, home))).bound).toBe(true);
  expect((await findProject(place(repo.dir, stranger))).bound).toBe(false);
  const project = await findProject(place(repo.dir, home));
  await unbind({ ...project, commonDir: project.commonDir ?? "", projectId: ID });
  await unbind({ ...project, commonDir: project.commonDir ?? "", projectId: ID });
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);
});

test("a copied manifest, a copied repository and another clone at the same place are not bound", async () => {
  const [repo, other, home] = [await repository(), await repository(), folder()];
  await bindHere(repo.dir, home);
  expect((await findProject(place(other.dir, home))).bound).toBe(false);
  // The attacker's copy, with the git directory and its token.
  const copy = path.join(folder(), "copy");
  cpSync(repo.dir, copy, { recursive: true });
  expect((await findProject(place(copy, home))).bound).toBe(false);
  rmSync(repo.dir, { recursive: true });
  cpSync(other.dir, repo.dir, { recursive: true });
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);
  await bindHere(repo.dir, home);
  expect((await findProject(place(repo.dir, home))).bound).toBe(true);
});

test("two processes that bind at once agree on the token, and what is broken is made anew", async () => {
  const [repo, home] = [await repository(), folder()];
  const project = await findProject(place(repo.dir, home));
  const clone = { ...project, commonDir: project.commonDir ?? "", projectId: ID };
  await Promise.all(Array.from({ length: 8 }, async () => await bind(clone)));
  expect(await isBound(clone)).toBe(true);
  const token = path.join(clone.commonDir, "stowaway/clone");
  expect(statSync(token).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(token))).toEqual(["clone"]);
  writeFileSync(token, "short");
  expect(await isBound(clone)).toBe(false);
  await bind(clone);
  expect(await isBound(clone)).toBe(true);
});

test("the record is the user's own, where the platform keeps such things, and holds no token", async () => {
  const [repo, home] = [await repository(), folder()];
  await bindHere(repo.dir, home);
  const records = path.join(home, ".local/state/stowaway/trust");
  const [record = ""] = readdirSync(records);
  expect(statSync(path.join(records, record)).mode & 0o777).toBe(0o600);
  expect(statSync(records).mode & 0o777).toBe(0o700);
  const token = readFileSync(path.join(repo.dir, ".git/stowaway/clone"), "utf8").trim();
  expect(readFileSync(path.join(records, record), "utf8")).not.toContain(token);
  writeFileSync(path.join(records, record), "{");
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);

  await bindHere(repo.dir, home, "darwin");
  expect(readdirSync(path.join(home, "Library/Application Support/stowaway/trust"))).toHaveLength(1);
  const state = path.join(home, "state");
  const env = { ...scrubbed(home), XDG_STATE_HOME: state };
  const project = await findProject({ cwd: repo.dir, env, platform: "linux" });
  expect(project.bound).toBe(false);
  await bind({ ...project, commonDir: project.commonDir ?? "", projectId: ID });
  expect(readdirSync(path.join(state, "stowaway/trust"))).toHaveLength(1);
  expect((await findProject({ cwd: repo.dir, env, platform: "linux" })).bound).toBe(true);
});

test("the repository's top decides on the manifest; without git the nearest folder upwards, never bound", async () => {
  const [repo, home] = [await repository({ "sub/stowaway.secrets.json": "broken" }), folder()];
  expect((await findProject(place(path.join(repo.dir, "sub"), home))).manifestPath).toBe(
    path.join(realpathSync(repo.dir), "stowaway.secrets.json"),
  );
  const plain = folder();
  mkdirSync(path.join(plain, "a/b"), { recursive: true });
  const without = await findProject(place(path.join(plain, "a/b"), home));
  expect(without).toMatchObject({
    top: path.join(plain, "a/b"),
    commonDir: null,
    manifest: null,
    bound: false,
  });
  writeFileSync(path.join(plain, "stowaway.secrets.json"), MANIFEST);
  const found = await findProject(place(path.join(plain, "a/b"), home));
  expect(found).toMatchObject({ top: plain, commonDir: null, manifest: { projectId: ID }, bound: false });
});

test("a manifest that is a link, a folder or too large is refused", async () => {
  const [repo, home] = [await repository(), folder()];
  const manifest = path.join(repo.dir, "stowaway.secrets.json");
  const refused = async (): Promise<string> =>
    await findProject(place(repo.dir, home)).then(
      () => "read",
      (error: unknown) => (error as Error).message,
    );
  rmSync(manifest);
  symlinkSync("/etc/passwd", manifest);
  expect(await refused()).toMatch(/this is a link/);
  rmSync(manifest);
  mkdirSync(manifest);
  expect(await refused()).toMatch(/no regular file/);
  rmSync(manifest, { recursive: true });
  writeFileSync(manifest, " ".repeat(1024 ** 2 + 1));
  expect(await refused()).toMatch(/too large/);
});
