import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { bindHere, cloneOf, folder, ID, MANIFEST, place, removeAll, repository } from "./clones.ts";
import { scrubbed } from "../../helpers/run.ts";
import { userFolder } from "../../../src/host/home.ts";
import { findProject } from "../../../src/vault/project.ts";
import { bind, isBound, otherClones, unbind } from "../../../src/vault/trust.ts";

afterEach(removeAll);

test("a clone is bound for its user, from any folder and worktree of it, until that is taken back", async () => {
  const [repo, home, stranger] = [await repository({ "sub/a.txt": "a" }), folder(), folder()];
  expect(await findProject(place(repo.dir, home))).toMatchObject({
    top: realpathSync(repo.dir),
    bound: false,
    manifest: { projectId: ID },
    manifestText: MANIFEST,
  });
  await bindHere(place(repo.dir, home));
  await bindHere(place(repo.dir, home));
  const linked = path.join(folder(), "linked");
  await repo.git("worktree", "add", "-q", linked);
  expect((await findProject(place(path.join(repo.dir, "sub"), home))).bound).toBe(true);
  expect((await findProject(place(linked, home))).bound).toBe(true);
  expect((await findProject(place(repo.dir, stranger))).bound).toBe(false);
  const project = await findProject(place(repo.dir, home));
  await unbind(cloneOf(project));
  await unbind(cloneOf(project));
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);
});

test("a copied manifest, a copied repository and another clone at the same place are not bound", async () => {
  const [repo, other, home] = [await repository(), await repository(), folder()];
  await bindHere(place(repo.dir, home));
  expect((await findProject(place(other.dir, home))).bound).toBe(false);
  // The attacker's copy, with the git directory and its token.
  const copy = path.join(folder(), "copy");
  cpSync(repo.dir, copy, { recursive: true });
  expect((await findProject(place(copy, home))).bound).toBe(false);
  rmSync(repo.dir, { recursive: true });
  cpSync(other.dir, repo.dir, { recursive: true });
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);
  await bindHere(place(repo.dir, home));
  expect((await findProject(place(repo.dir, home))).bound).toBe(true);
});

test("other clones of the same project are known while they are there", async () => {
  const [repo, second, home] = [await repository(), await repository(), folder()];
  const clonesBeside = async (dir: string): Promise<readonly string[]> => {
    const project = await findProject(place(dir, home));
    return await otherClones(cloneOf(project));
  };
  expect(await clonesBeside(second.dir)).toEqual([]);
  await bindHere(place(repo.dir, home));
  expect(await clonesBeside(repo.dir)).toEqual([]);
  expect(await clonesBeside(second.dir)).toEqual([realpathSync(repo.dir)]);
  rmSync(repo.dir, { recursive: true });
  expect(await clonesBeside(second.dir)).toEqual([]);
});

test("a HOME that holds nothing, or a relative path, puts no record into the work tree", async () => {
  const [repo, state] = [await repository(), folder()];
  const before = readdirSync(repo.dir);
  for (const HOME of ["", "home", "./"]) {
    const env = { ...scrubbed(folder()), HOME, XDG_STATE_HOME: "state" };
    const project = await findProject({ cwd: repo.dir, env, platform: "linux" });
    expect(project.bound).toBe(false);
  }
  expect(userFolder("state", { env: { HOME: "" }, platform: "linux" })).toBe(
    path.join(userInfo().homedir, ".local/state"),
  );
  expect(userFolder("state", { env: { HOME: "x", XDG_STATE_HOME: state }, platform: "linux" })).toBe(state);
  expect(userFolder("cache", { env: { HOME: state, XDG_CACHE_HOME: "x" }, platform: "linux" })).toBe(
    path.join(state, ".cache"),
  );
  const windows = { USERPROFILE: String.raw`C:\Users\Ada`, LOCALAPPDATA: "x" };
  expect(userFolder("state", { env: windows, platform: "win32" })).toBe(
    String.raw`C:\Users\Ada\AppData\Local`,
  );
  expect(readdirSync(repo.dir)).toEqual(before);
});

test("our folder in the git directory is closed to others; a link or another's is refused", async () => {
  const [repo, home] = [await repository(), folder()];
  const own = path.join(repo.dir, ".git/stowaway");
  mkdirSync(own);
  chmodSync(own, 0o777);
  await bindHere(place(repo.dir, home));
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const refused = async (): Promise<string> =>
    await bindHere(place(repo.dir, home)).then(
      () => "done",
      (error: unknown) => (error as Error).message,
    );
  if (process.getuid?.() === 0) {
    chownSync(own, 12_345, 12_345);
    expect(await refused()).toMatch(/somebody else's/);
  }
  rmSync(own, { recursive: true });
  const target = folder();
  chmodSync(target, 0o755);
  symlinkSync(target, own);
  expect(await refused()).toMatch(/this is a link/);
  expect(statSync(target).mode & 0o777).toBe(0o755);
  expect(readdirSync(target)).toEqual([]);
});

test("two processes that bind at once agree on the token, and what is broken is made anew", async () => {
  const [repo, home] = [await repository(), folder()];
  const project = await findProject(place(repo.dir, home));
  const clone = cloneOf(project);
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
  await bindHere(place(repo.dir, home));
  const records = path.join(home, ".local/state/stowaway/trust");
  const [record = ""] = readdirSync(records);
  expect(statSync(path.join(records, record)).mode & 0o777).toBe(0o600);
  expect(statSync(records).mode & 0o777).toBe(0o700);
  const token = readFileSync(path.join(repo.dir, ".git/stowaway/clone"), "utf8").trim();
  expect(readFileSync(path.join(records, record), "utf8")).not.toContain(token);
  writeFileSync(path.join(records, record), "{");
  expect((await findProject(place(repo.dir, home))).bound).toBe(false);

  await bindHere({ ...place(repo.dir, home), platform: "darwin" });
  expect(readdirSync(path.join(home, "Library/Application Support/stowaway/trust"))).toHaveLength(1);
  const state = path.join(home, "state");
  const env = { ...scrubbed(home), XDG_STATE_HOME: state };
  const project = await findProject({ cwd: repo.dir, env, platform: "linux" });
  expect(project.bound).toBe(false);
  await bind(cloneOf(project));
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
