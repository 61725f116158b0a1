import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findHeld, scrub } from "../../../src/remedy/scrub.ts";
import { bench, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";

/** The secret is staged and stowed; gives the id of the object that still holds it. */
async function stowed(): Promise<{ repo: Bench; id: string; before: string }> {
  const repo = await bench(() => ({ "a.js": "1\n" }));
  repo.write({ "a.js": `1 ${repo.secret}\n` });
  await repo.git("add", ".");
  const id = (await repo.git("rev-parse", ":a.js")).stdout.trim();
  const before = await snapshot(repo);
  await repo.stow(["a.js"]);
  return { repo, id, before };
}

const states = async (repo: Bench): Promise<string[]> =>
  (await findHeld(repo.open())).map(({ state }) => state);
const has = async (repo: Bench, id: string): Promise<boolean> =>
  (await repo.git("cat-file", "-e", id)).code === 0;

describe("scrub", () => {
  test("deletes exactly the object that still holds the value; undo makes it again", async () => {
    const { repo, id, before } = await stowed();
    const dangling = execFileSync("git", ["hash-object", "-w", "--stdin"], {
      cwd: repo.dir,
      input: "mine",
      encoding: "utf8",
    });
    expect(await findHeld(repo.open())).toEqual([{ oid: id, paths: ["a.js"], state: "loose" }]);
    expect((await scrub(repo.open())).map(({ oid }) => oid)).toEqual([id]);
    expect(await has(repo, id)).toBe(false);
    expect(await has(repo, dangling.trim())).toBe(true);
    expect(await states(repo)).toEqual(["gone"]);
    expect((await repo.git("fsck", "--no-dangling")).code).toBe(0);
    await repo.undo();
    expect(await snapshot(repo)).toBe(before);
    expect(await findHeld(repo.open())).toEqual([]);
  });

  const keepers: readonly (readonly [string, (repo: Bench, id: string) => Promise<unknown>])[] = [
    ["a tag on the blob", async (repo, id) => await repo.git("tag", "kept", id)],
    [
      "another worktree's index",
      async (repo, id) => {
        await repo.git("worktree", "add", "-q", "-b", "linked", ".linked");
        const cwd = path.join(repo.dir, ".linked");
        execFileSync("git", ["update-index", "--add", "--cacheinfo", `100644,${id},b.js`], { cwd });
      },
    ],
    [
      "another worktree's detached HEAD",
      async (repo, id) => {
        await repo.git("worktree", "add", "-q", "--detach", ".linked");
        const cwd = path.join(repo.dir, ".linked");
        execFileSync("git", ["update-index", "--add", "--cacheinfo", `100644,${id},b.js`], { cwd });
        execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"], { cwd });
        execFileSync("git", ["rm", "-q", "b.js"], { cwd });
      },
    ],
    [
      "an entry of another path",
      async (repo, id) => await repo.git("update-index", "--add", "--cacheinfo", `100644,${id},b.js`),
    ],
    [
      "a commit that only MERGE_HEAD names",
      async (repo, id) => {
        execFileSync("git", ["update-index", "--add", "--cacheinfo", `100644,${id},b.js`], { cwd: repo.dir });
        const tree = execFileSync("git", ["write-tree"], { cwd: repo.dir, encoding: "utf8" }).trim();
        const env = { ...repo.env, PATH: process.env["PATH"] ?? "" };
        const commit = execFileSync("git", ["commit-tree", "-m", "x", tree], {
          cwd: repo.dir,
          env,
          encoding: "utf8",
        });
        execFileSync("git", ["rm", "-q", "--cached", "b.js"], { cwd: repo.dir });
        repo.write({ ".git/MERGE_HEAD": commit });
      },
    ],
  ];
  test.each(keepers)("keeps what %s refers to", async (_, keep) => {
    const { repo, id } = await stowed();
    await keep(repo, id);
    expect(await states(repo)).toEqual(["reachable"]);
    expect(await scrub(repo.open())).toEqual([]);
    expect(await has(repo, id)).toBe(true);
  });

  test("keeps what a commit, a stash or the reflog has", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    await repo.stow(["a.js"]);
    expect(await states(repo)).toEqual(["reachable"]);
    await repo.git("commit", "-qam", "stowed");
    await repo.git("commit", "-q", "--amend", "-m", "other");
    await repo.git("update-ref", "-d", "refs/heads/none");
    expect(await states(repo)).toEqual(["reachable"]);

    const stash = await bench(() => ({ "a.js": "1\n" }));
    stash.write({ "a.js": `${stash.secret}\n` });
    await stash.git("stash");
    await stash.git("stash", "apply", "--index");
    await stash.git("add", ".");
    await stash.stow(["a.js"]);
    expect(await states(stash)).toEqual(["reachable"]);
  });

  test("says of one in a pack that it stays", async () => {
    const { repo, id } = await stowed();
    const packed = execFileSync("git", ["pack-objects", "-q", ".git/objects/pack/pack"], {
      cwd: repo.dir,
      input: `${id}\n`,
    });
    expect(packed.length).toBeGreaterThan(0);
    expect(await states(repo)).toEqual(["packed"]);
    expect(await scrub(repo.open())).toEqual([]);
    expect(await has(repo, id)).toBe(true);
  });

  test("deletes nothing where git cannot walk all of the history", async () => {
    const { repo, id } = await stowed();
    const tree = (await repo.git("rev-parse", "HEAD^{tree}")).stdout.trim();
    rmSync(path.join(repo.dir, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    await expect(scrub(repo.open())).rejects.toMatchObject({ exitCode: 3 });
    expect(existsSync(path.join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2)))).toBe(true);
  });
});
