import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { bindHere, folder, ID, isBoundHere, MANIFEST, place, removeAll, repository } from "./clones.ts";
import { findProject } from "../../../src/vault/project.ts";

afterEach(removeAll);

test.each([
  ["a file .git", (evil: string, git: string) => writeFileSync(path.join(evil, ".git"), `gitdir: ${git}\n`)],
  [
    "a relative file .git",
    (evil: string, git: string) =>
      writeFileSync(path.join(evil, ".git"), `gitdir: ${path.relative(evil, git)}\n`),
  ],
  ["a link .git", (evil: string, git: string) => symlinkSync(git, path.join(evil, ".git"))],
  [
    "a file commondir",
    (evil: string, git: string) => {
      mkdirSync(path.join(evil, ".git"));
      writeFileSync(path.join(evil, ".git/HEAD"), "ref: refs/heads/main\n");
      writeFileSync(path.join(evil, ".git/commondir"), `${git}\n`);
    },
  ],
])("a folder that leads to a trusted clone by %s is not bound", async (_, lead) => {
  const [repo, home, evil] = [await repository(), folder(), folder()];
  await bindHere(place(repo.dir, home));
  writeFileSync(path.join(evil, "stowaway.secrets.json"), MANIFEST);
  lead(evil, path.join(realpathSync(repo.dir), ".git"));
  expect(await findProject(place(evil, home))).toMatchObject({
    top: evil,
    commonDir: path.join(realpathSync(repo.dir), ".git"),
    manifest: { projectId: ID },
    bound: false,
  });
  expect(await isBoundHere(place(repo.dir, home))).toBe(true);
});

test("a copied linked worktree, or what leads to one, is not bound; a moved one is, once git knows", async () => {
  const [repo, home] = [await repository(), folder()];
  await bindHere(place(repo.dir, home));
  const [linked, copy, evil] = [path.join(folder(), "linked"), path.join(folder(), "copy"), folder()];
  await repo.git("worktree", "add", "-q", linked);
  cpSync(linked, copy, { recursive: true });
  writeFileSync(path.join(evil, "stowaway.secrets.json"), MANIFEST);
  symlinkSync(path.join(linked, ".git"), path.join(evil, ".git"));
  for (const each of [copy, evil]) expect((await findProject(place(each, home))).bound).toBe(false);
  rmSync(linked, { recursive: true });
  expect(await isBoundHere(place(copy, home))).toBe(false);
  await repo.git("worktree", "repair", copy);
  expect(await isBoundHere(place(copy, home))).toBe(true);
});

test("what git exports to the hooks of a linked worktree binds that one, and no other folder", async () => {
  const [repo, foreign, home] = [await repository(), await repository(), folder()];
  await bindHere(place(repo.dir, home));
  const linked = path.join(folder(), "linked");
  await repo.git("worktree", "add", "-q", linked);
  const gitDir = path.join(realpathSync(repo.dir), ".git/worktrees/linked");
  const hook = { GIT_DIR: gitDir, GIT_INDEX_FILE: path.join(gitDir, "index"), GIT_PREFIX: "" };
  expect(await isBoundHere(place(linked, home, hook))).toBe(true);
  expect(await isBoundHere(place(foreign.dir, home, hook))).toBe(false);
  // The work tree is the trusted one; the program to be run would be the foreign one's.
  const both = { ...hook, GIT_WORK_TREE: linked };
  expect(await isBoundHere(place(linked, home, both))).toBe(true);
  expect(await findProject(place(foreign.dir, home, both))).toMatchObject({
    top: linked,
    inside: false,
    bound: false,
  });
  const main = { GIT_DIR: path.join(realpathSync(repo.dir), ".git") };
  expect(await isBoundHere(place(foreign.dir, home, main))).toBe(false);
  expect(await isBoundHere(place(repo.dir, home, { GIT_DIR: ".git", GIT_INDEX_FILE: ".git/index" }))).toBe(
    true,
  );
});

test("a sub-module is bound by itself, and not for a folder that leads to it", async () => {
  const [repo, inner, home, evil] = [await repository(), await repository(), folder(), folder()];
  await repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.dir, "sub");
  const sub = path.join(realpathSync(repo.dir), "sub");
  await bindHere(place(repo.dir, home));
  expect(await isBoundHere(place(sub, home))).toBe(false);
  await bindHere(place(sub, home));
  expect(await isBoundHere(place(sub, home))).toBe(true);
  // Its git directory says where the work tree is, whoever leads git there.
  writeFileSync(
    path.join(evil, ".git"),
    `gitdir: ${path.join(realpathSync(repo.dir), ".git/modules/sub")}\n`,
  );
  writeFileSync(path.join(evil, "stowaway.secrets.json"), MANIFEST);
  expect(await findProject(place(evil, home))).toMatchObject({ top: sub, inside: false, bound: false });
});

test("a git directory elsewhere counts for the work tree in which it was bound", async () => {
  const [home, top, other] = [folder(), folder(), folder()];
  const separate = path.join(folder(), "separate.git");
  const repo = await repository();
  await repo.git("init", "-q", `--separate-git-dir=${separate}`);
  await bindHere(place(repo.dir, home));
  expect(await isBoundHere(place(repo.dir, home))).toBe(true);
  cpSync(repo.dir, path.join(other, "copy"), { recursive: true });
  expect(await isBoundHere(place(path.join(other, "copy"), home))).toBe(false);
  const linked = path.join(folder(), "linked");
  await repo.git("worktree", "add", "-q", linked);
  expect(await isBoundHere(place(linked, home))).toBe(true);

  // As those who keep their dotfiles in git have it.
  const dotfiles = { GIT_DIR: path.join(top, ".dotfiles"), GIT_WORK_TREE: top };
  await repo.git("init", "-q", "--bare", dotfiles.GIT_DIR);
  mkdirSync(path.join(top, ".config"));
  writeFileSync(path.join(top, "stowaway.secrets.json"), MANIFEST);
  await bindHere(place(top, home, dotfiles));
  expect(await isBoundHere(place(top, home, dotfiles))).toBe(true);
  expect(await isBoundHere(place(path.join(top, ".config"), home, dotfiles))).toBe(true);
  cpSync(repo.dir, path.join(top, "foreign"), { recursive: true });
  expect(await isBoundHere(place(path.join(top, "foreign"), home, dotfiles))).toBe(false);
  writeFileSync(path.join(other, "stowaway.secrets.json"), MANIFEST);
  expect(await isBoundHere(place(other, home, { ...dotfiles, GIT_WORK_TREE: other }))).toBe(false);
});
