import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { ConflictError, describeConflicts } from "../../../src/remedy/conflict.ts";
import { openRepository } from "../../../src/remedy/repository.ts";
import { forgetRun, listRuns, planUndo, undo } from "../../../src/remedy/undo.ts";
import { noteOutput } from "../../helpers/ledger.ts";
import { bench, read, snapshot, staged, thereAndBack } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { AFTER, appended, NAME } from "../transaction-of.ts";

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);

async function stowed(): Promise<Bench> {
  const repo = await bench((secret) => ({ "a.js": `1\nkey = ${secret}\n`, "b.js": "b\n" }));
  await repo.stow(["a.js"]);
  return repo;
}

/** Expects that undoing is refused for this path and reason, and changes nothing; gives what is said. */
async function refused(repo: Bench, why: RegExp, file = "a.js"): Promise<string> {
  const before = await snapshot(repo);
  const kept = await repo.stored();
  const error: unknown = await repo.undo().catch((caught: unknown) => caught);
  if (!(error instanceof ConflictError)) throw error;
  expect(error).toMatchObject({ exitCode: 1, path: file });
  expect(error.message).toMatch(why);
  expect(await snapshot(repo)).toBe(before);
  expect(await repo.stored()).toBe(kept);
  const said = [error.message, error.hint, ...describeConflicts(error)].join("\n");
  noteOutput("a conflict", said);
  return said;
}

describe("undo", () => {
  test("twice: the second time there is nothing to undo", async () => {
    const repo = await stowed();
    await repo.undo();
    await expect(repo.undo()).rejects.toMatchObject({ code: "nothing-to-undo", exitCode: 1 });
    await expect(repo.undo(1)).rejects.toThrow(/run 1 was undone already/);
    await expect(repo.undo(7)).rejects.toThrow(/no run 7/);
  });

  test("after an edit: refused, with the three ways, and how to go on", async () => {
    const repo = await stowed();
    repo.write({ "a.js": `0\n1\nkey = ${AFTER}\n` });
    const said = await refused(repo, /edited since/);
    expect(said).toContain(`before: <${NAME}>`);
    expect(said).toContain(`stow:   ${AFTER}`);
    expect(said).toContain("now:    still in line 3");
    expect(said).toContain("stowaway undo 1 --forget");
    repo.write({ "a.js": `1\nkey = ${AFTER}\n` });
    await repo.undo();
    expect(read(repo, "a.js")).toBe(`1\nkey = ${repo.secret}\n`);
  });

  test("with something else staged: refused", async () => {
    const repo = await stowed();
    repo.write({ "a.js": "else\n" });
    await repo.git("add", ".");
    repo.write({ "a.js": `1\nkey = ${AFTER}\n` });
    await refused(repo, /something else staged/);
  });

  test("after a commit: the files come back, and the old text is staged again", async () => {
    const repo = await stowed();
    await repo.git("commit", "-qam", "stowed");
    const plan = await planUndo(repo.open(), async () => repo.store, null);
    expect(plan.staged).toEqual(["a.js"]);
    await repo.undo();
    expect(read(repo, "a.js")).toContain(repo.secret);
    expect(staged(repo, "a.js")).toContain(repo.secret);
    expect((await repo.git("status", "--porcelain")).stdout).toBe("M  a.js\n");
  });

  test("with the file renamed, deleted, a link now, or on another branch: refused", async () => {
    const repo = await stowed();
    renameSync(at(repo, "a.js"), at(repo, "c.js"));
    await refused(repo, /not there any more/);
    renameSync(at(repo, "c.js"), at(repo, "a.js"));
    await repo.git("commit", "-qam", "stowed");
    await repo.git("checkout", "-q", "-b", "other");
    repo.write({ "a.js": "other\n" });
    await repo.git("commit", "-qam", "other");
    await refused(repo, /edited since/);
    await repo.git("checkout", "-q", "main");
    await repo.undo();
  });

  test("with a value that was rotated, or is gone: refused, until it is back", async () => {
    const repo = await stowed();
    await repo.store.replace([{ name: NAME, value: new Secret("another") }]);
    expect(await refused(repo, /another value for GITHUB_TOKEN/)).toContain("stowaway secrets set");
    await repo.store.remove([NAME]);
    await refused(repo, /not in the test store any more/);
    await repo.store.put([{ name: NAME, value: new Secret(repo.secret) }], {});
    await repo.undo();
    expect(read(repo, "a.js")).toContain(repo.secret);
  });

  test("a value that was in the store before stays there", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    await repo.store.put([{ name: NAME, value: new Secret(repo.secret) }], {});
    await repo.stow(["a.js"]);
    await repo.undo();
    expect(await repo.stored()).toBe(repo.secret);
  });

  test("an object that git has thrown away is made again, with the same id", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `1 ${repo.secret}\n` });
    await repo.git("add", ".");
    const before = await snapshot(repo);
    const id = (await repo.git("rev-parse", ":a.js")).stdout.trim();
    await repo.stow(["a.js"]);
    await repo.git("prune", "--expire=now");
    expect((await repo.git("cat-file", "-e", id)).code).toBe(1);
    await repo.undo();
    expect(await snapshot(repo)).toBe(before);
  });

  test("an untracked file's object that git has thrown away is made of the file on the disk again", async () => {
    const repo = await bench(() => ({ x: "" }));
    await repo.git("config", "core.autocrlf", "true");
    repo.write({ ".env": "B=1\n", "crlf.env": "A=1\r\n", "moved.env": `A=${repo.secret}\n` });
    await repo.git("add", ".");
    const paths = [".env", "crlf.env", "moved.env"];
    const before = await snapshot(repo);
    await repo.stow(["moved.env"], { untrack: paths });
    await repo.git("prune", "--expire=now");
    await repo.undo();
    expect(await snapshot(repo)).toBe(before);
    expect((await repo.git("fsck")).code).toBe(0);
    await repo.stow([], { untrack: [".env"] });
    await repo.git("prune", "--expire=now");
    repo.write({ ".env": "B=2\n" });
    await refused(repo, /thrown away/, ".env");
  });

  test("files without values, new folders, and entries that left the index come back too", async () => {
    const repo = await bench((secret) => ({
      "a.js": `${secret}\n`,
      ".gitignore": "dist",
      ".aws/credentials": "plain\n",
    }));
    await repo.git("update-index", "--chmod=+x", ".aws/credentials");
    const opened = repo.open();
    const plain = [
      appended(opened, ".gitignore", "\n.aws/credentials"),
      appended(opened, "deep/er/new.json", "{}"),
    ];
    await thereAndBack(
      repo,
      ["a.js"],
      async () => {
        expect((await repo.git("ls-files")).stdout).toBe(".gitignore\na.js\ndeep/er/new.json\n");
        expect(existsSync(at(repo, ".aws/credentials"))).toBe(true);
        expect(read(repo, ".gitignore")).toBe("dist\n.aws/credentials\n");
        expect(statSync(at(repo, "deep/er/new.json")).mode & 0o777).toBe(0o644);
      },
      { plain, untrack: [".aws/credentials"] },
    );
    expect(existsSync(at(repo, "deep"))).toBe(false);
  });

  test("an entry that was only intended to be added is so again", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ ".env": "PORT=1\n", "a.js": `${repo.secret}\n` });
    await repo.git("add", "-N", ".env");
    await repo.git("add", "a.js");
    await thereAndBack(
      repo,
      ["a.js"],
      async () => expect((await repo.git("ls-files")).stdout).toBe("a.js\nx\n"),
      {
        untrack: [".env"],
      },
    );
  });

  test("a later run that changed the same file has to be undone first", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, list: "1\n" }));
    await repo.stow(["a.js"], { plain: [appended(repo.open(), "list", "2")] });
    await repo.stow([], { plain: [appended(repo.open(), "list", "3")] });
    await expect(repo.undo(1)).rejects.toMatchObject({
      code: "later-run",
      hint: expect.stringContaining("undo 2"),
    });
    expect(listRuns(repo.open()).map(({ id, state }) => [id, state])).toEqual([
      [2, "applied"],
      [1, "applied"],
    ]);
    await repo.undo();
    await repo.undo();
    expect(read(repo, "list")).toBe("1\n");
    expect(await repo.stored()).toBe(undefined);
  });

  test("a run that is forgotten changes nothing, and is in nobody's way", async () => {
    const repo = await stowed();
    const before = await snapshot(repo);
    await forgetRun(repo.open(), 1);
    expect(await snapshot(repo)).toBe(before);
    expect(await repo.stored()).toBe(repo.secret);
    await expect(repo.undo()).rejects.toMatchObject({ code: "nothing-to-undo" });
  });

  test("with git at work: refused, and its lock is left alone", async () => {
    const repo = await stowed();
    writeFileSync(at(repo, ".git/index.lock"), "");
    const before = await snapshot(repo);
    await expect(repo.undo()).rejects.toMatchObject({
      code: "index-locked",
      path: at(repo, ".git/index.lock"),
    });
    expect(await snapshot(repo)).toBe(before);
    expect(listRuns(repo.open())[0]?.state).toBe("applied");
    rmSync(at(repo, ".git/index.lock"));
    await repo.undo();
  });

  test("in a repository that was moved meanwhile", async () => {
    const repo = await stowed();
    const elsewhere = `${repo.dir}-moved`;
    renameSync(repo.dir, elsewhere);
    await undo(openRepository({ cwd: elsewhere, env: repo.env }), async () => repo.store);
    renameSync(elsewhere, repo.dir);
    expect(staged(repo, "a.js")).toContain(repo.secret);
    expect(read(repo, "a.js")).toContain(repo.secret);
  });
});
