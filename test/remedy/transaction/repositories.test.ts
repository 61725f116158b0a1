import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openRepository } from "../../../src/remedy/repository.ts";
import { readAllSides, readSides } from "../../../src/remedy/sides.ts";
import { bench, quietGit, read, staged, thereAndBack } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { AFTER, appended } from "../transaction-of.ts";

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);

describe("what is refused", () => {
  test.each([
    ["a symbolic link", /symbolic link/, (repo: Bench) => symlinkSync(repo.secret, at(repo, "a.js"))],
    ["a folder", /folder/, (repo: Bench) => mkdirSync(at(repo, "a.js"))],
    [
      "a link on the way",
      /on the way/,
      (repo: Bench) => {
        repo.write({ "real/a.js": repo.secret });
        symlinkSync("real", at(repo, "link"));
      },
      "link/a.js",
    ],
    ["git's own folder", /git's own/, () => undefined, ".git/config"],
    ["a path outside", /outside/, () => undefined, "../a.js"],
  ] as const)("%s", async (_, problem, make, name: string = "a.js") => {
    const repo = await bench(() => ({ x: "" }));
    make(repo);
    expect(readSides(repo.open(), name)).toMatchObject({
      worktree: null,
      index: null,
      problem: expect.stringMatching(problem),
    });
  });

  test("a path with a conflict", async () => {
    const repo = await bench(() => ({ "a.js": "1\n" }));
    await repo.git("checkout", "-q", "-b", "other");
    repo.write({ "a.js": "2\n" });
    await repo.git("commit", "-qam", "2");
    await repo.git("checkout", "-q", "main");
    repo.write({ "a.js": `${repo.secret}\n` });
    await repo.git("commit", "-qam", "3");
    await repo.git("merge", "-q", "other");
    expect(readSides(repo.open(), "a.js").problem).toMatch(/conflict/);
  });

  test("a file in a submodule, and the submodule itself", async () => {
    const inner = await bench(() => ({ "a.js": "1\n" }));
    const repo = await bench(() => ({ x: "" }));
    await repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.dir, "lib");
    expect(readSides(repo.open(), "lib/a.js").problem).toMatch(/another repository/);
    expect(readSides(repo.open(), "lib").problem).toMatch(/submodule/);
  });
});

describe("repositories", () => {
  test("without a commit", async () => {
    const repo = await bench();
    repo.write({ "a.js": `${repo.secret}\n` });
    await repo.git("add", ".");
    await thereAndBack(repo, ["a.js"], async () => expect(staged(repo, "a.js")).toBe(`${AFTER}\n`));
  });

  test("with a detached HEAD, in a merge", async () => {
    const repo = await bench(() => ({ "a.js": "1\n" }));
    await repo.git("checkout", "-q", "-b", "other");
    repo.write({ "b.js": "2\n" });
    await repo.git("add", ".");
    await repo.git("commit", "-qm", "2");
    await repo.git("checkout", "-q", "--detach", "main");
    repo.write({ "c.js": "3\n" });
    await repo.git("add", ".");
    await repo.git("commit", "-qm", "3");
    await repo.git("merge", "--no-commit", "--no-ff", "other");
    repo.write({ "b.js": `${repo.secret}\n` });
    await repo.git("add", ".");
    await thereAndBack(repo, ["b.js"], async () => {
      expect(staged(repo, "b.js")).toBe(`${AFTER}\n`);
      expect((await repo.git("rev-parse", "-q", "--verify", "MERGE_HEAD")).code).toBe(0);
    });
  });

  test.each([
    ["a split index", ["update-index", "--split-index"]],
    ["an index of version 4", ["update-index", "--index-version", "4"]],
  ])("with %s", async (_, command) => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "dir/b.js": `${secret}\n` }));
    await repo.git(...command);
    await thereAndBack(repo, ["a.js", "dir/b.js"], async () =>
      expect(staged(repo, "dir/b.js")).toBe(`${AFTER}\n`),
    );
    expect((await repo.git("fsck")).code).toBe(0);
  });

  test("with SHA-256 objects: entries that come and entries that go", async () => {
    const repo = await bench();
    rmSync(at(repo, ".git"), { recursive: true });
    await repo.git("init", "-q", "--object-format=sha256");
    repo.write({ "a.js": `${repo.secret}\n`, ".env": "1\n" });
    await repo.git("add", ".");
    const plain = [appended(repo.open(), ".gitignore", ".env")];
    await thereAndBack(repo, ["a.js"], async () => expect(staged(repo, "a.js")).toBe(`${AFTER}\n`), {
      plain,
      untrack: [".env"],
    });
  });

  test("many files are read in one go, and each is as it is by itself", async () => {
    const repo = await bench((secret) => ({
      "a.js": `${secret}\n`,
      "b.bin": Buffer.from([0, 255, 10]),
      c: "",
    }));
    await repo.git(
      "update-index",
      "--add",
      "--cacheinfo",
      "160000,5be1d5e2b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5,sub",
    );
    repo.write({ "a.js": "else\n", new: "1\n", ".gitattributes": "b.bin ident\n" });
    symlinkSync("a.js", at(repo, "link"));
    await repo.git("add", "-N", "new");
    const opened = repo.open();
    const paths = ["a.js", "b.bin", "c", "sub", "new", "link", "gone", "../out", ".git/config"];
    const all = readAllSides(opened, paths);
    expect([...all.keys()]).toEqual(paths);
    for (const shown of paths) expect(all.get(shown)).toEqual(readSides(opened, shown));
    expect(all.get("b.bin")).toMatchObject({ filtered: true, index: { bytes: Buffer.from([0, 255, 10]) } });
    expect(all.get("a.js")).toMatchObject({ filtered: false, worktree: { bytes: Buffer.from("else\n") } });
    expect(all.get("gone")).toEqual({ worktree: null, index: null, filtered: false, problem: null });
  });

  test("of an object that is not there, git's own words say which", async () => {
    const repo = await bench(() => ({ "a.js": "1\n", "b.js": "2\n" }));
    const id = quietGit(repo, "rev-parse", ":b.js").trim();
    rmSync(at(repo, `.git/objects/${id.slice(0, 2)}/${id.slice(2)}`));
    expect(() => readAllSides(repo.open(), ["a.js", "b.js"])).toThrow(/cat-file/);
  });

  test("apart from its work tree, and asked from a subfolder", async () => {
    const repo = await bench((secret) => ({ "dir/a.js": `${secret}\n` }));
    const store = `${repo.dir}-git`;
    renameSync(at(repo, ".git"), store);
    const env = { ...repo.env, GIT_DIR: store, GIT_WORK_TREE: repo.dir };
    const opened = openRepository({ cwd: at(repo, "dir"), env });
    expect(opened).toMatchObject({ top: repo.dir, stateDir: path.join(store, "stowaway") });
    await repo.stow(["dir/a.js"], { env: { GIT_DIR: store, GIT_WORK_TREE: repo.dir } });
    expect(read(repo, "dir/a.js")).toBe(`${AFTER}\n`);
    rmSync(store, { recursive: true });
  });

  test("a linked worktree has a journal of its own", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    const linked = `${repo.dir}-linked`;
    await repo.git("worktree", "add", "-q", linked);
    const there: Bench = { ...repo, dir: linked };
    const opened = openRepository({ cwd: linked, env: repo.env });
    expect(opened.stateDir).toBe(at(repo, `.git/worktrees/${path.basename(linked)}/stowaway`));
    expect(opened.commonDir).toBe(at(repo, ".git"));
    expect(read(there, "a.js")).toBe(`${repo.secret}\n`);
    rmSync(linked, { recursive: true });
  });

  test("a bare one and none at all are said clearly", async () => {
    const repo = await bench(() => ({ x: "" }));
    await repo.git("clone", "-q", "--bare", ".", "bare.git");
    expect(() => openRepository({ cwd: at(repo, "bare.git"), env: repo.env })).toThrow(/no work tree/);
    expect(() => openRepository({ cwd: "/", env: repo.env })).toThrow(/no git repository/);
    expect(() => openRepository({ cwd: repo.dir, env: { ...repo.env, PATH: "/nowhere" } })).toThrow(
      /git was not found/,
    );
  });
});
