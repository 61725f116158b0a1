import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { applyTransaction } from "../../../src/remedy/apply.ts";
import { openRepository } from "../../../src/remedy/repository.ts";
import { forgetRun, planUndo, undo } from "../../../src/remedy/undo.ts";
import { bench, quietGit, read, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { NAME, transactionOf } from "../transaction-of.ts";

async function stowed(): Promise<Bench> {
  const repo = await bench((secret) => ({ "a.js": `1\nkey = ${secret}\n` }));
  await repo.stow(["a.js"]);
  return repo;
}

describe("undo, while others need the value", () => {
  test("a later run whose files get the same value has to be undone first", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    await repo.stow(["a.js"]);
    repo.write({ "b.js": `${repo.secret}\n` });
    await repo.git("add", ".");
    await repo.stow(["b.js"]);
    const now = await snapshot(repo);
    for (const refusal of [repo.undo(1), planUndo(repo.open(), async () => repo.store, 1)])
      await expect(refusal).rejects.toMatchObject({
        code: "later-run",
        exitCode: 1,
        hint: expect.stringContaining("undo 2"),
      });
    expect(await snapshot(repo)).toBe(now);
    expect(await repo.stored()).toBe(repo.secret);
    await repo.undo(2);
    expect(await repo.stored()).toBe(repo.secret);
    await repo.undo(1);
    expect(await repo.stored()).toBe(undefined);
  });

  test("a later run that was closed keeps its value", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, "b.js": `${secret}\n` }));
    await repo.stow(["a.js"]);
    await repo.stow(["b.js"]);
    await forgetRun(repo.open(), 2);
    const { kept } = await undo(repo.open(), async () => repo.store, 1);
    expect([...kept.names]).toEqual([[NAME, "run 2 uses it"]]);
    expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
    expect(await repo.stored()).toBe(repo.secret);
  });

  test("on a branch that has the files as before: refused, and it says which has them as the run left them", async () => {
    const repo = await stowed();
    await repo.git("commit", "-qam", "stowed");
    await repo.git("branch", "moved");
    await repo.git("checkout", "-q", "--detach", "HEAD~1");
    const now = await snapshot(repo);
    await expect(repo.undo()).rejects.toMatchObject({
      code: "other-branch",
      exitCode: 1,
      message: expect.stringContaining("main, moved"),
      hint: expect.stringContaining("Check out main"),
    });
    expect(await snapshot(repo)).toBe(now);
    expect(await repo.stored()).toBe(repo.secret);
    await repo.git("checkout", "-q", "main");
    await repo.undo();
    expect(read(repo, "a.js")).toContain(repo.secret);
  });

  test("of files that were put back by hand, and that no commit has otherwise, the value goes", async () => {
    const repo = await stowed();
    await repo.git("reset", "-q", "--hard");
    await repo.undo();
    expect(await repo.stored()).toBe(undefined);
  });

  test("a value that another work tree needs stays, in whichever form that lists it", async () => {
    const list = JSON.stringify({
      version: 1,
      projectId: "test",
      secrets: { [NAME]: { from: ["keychain"] } },
    });
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    const linked = `${repo.dir}-linked`;
    await repo.git("worktree", "add", "-q", linked);
    for (const change of [
      () => writeFileSync(path.join(linked, "stowaway.secrets.json"), list),
      () => {
        quietGit({ ...repo, dir: linked }, "add", ".");
        quietGit({ ...repo, dir: linked }, "commit", "-qm", "list");
        rmSync(path.join(linked, "stowaway.secrets.json"));
      },
    ]) {
      change();
      await repo.stow(["a.js"]);
      const { kept } = await undo(repo.open(), async () => repo.store);
      expect([...kept.names]).toEqual([[NAME, `${linked} uses it`]]);
      expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
      expect(await repo.stored()).toBe(repo.secret);
      await repo.store.remove([NAME]);
    }
    rmSync(linked, { recursive: true });
  });

  test("a run of another work tree that uses the value has to be undone first", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    const linked = `${repo.dir}-linked`;
    await repo.git("worktree", "add", "-q", linked);
    await repo.stow(["a.js"]);
    const there = openRepository({ cwd: linked, env: repo.env });
    const context = { repo: there, store: repo.store, verify: async () => undefined };
    await applyTransaction(transactionOf(there, repo.secret, ["a.js"]), context);
    await expect(repo.undo()).rejects.toMatchObject({
      code: "later-run",
      message: expect.stringContaining(linked),
    });
    await undo(there, async () => repo.store);
    expect(await repo.stored()).toBe(repo.secret);
    await repo.undo();
    expect(await repo.stored()).toBe(undefined);
    rmSync(linked, { recursive: true });
  });
});
