import { describe, expect, test } from "vitest";
import { findExposure } from "../../../src/remedy/exposure.ts";
import type { Exposure, ExposureQuery } from "../../../src/remedy/exposure.ts";
import { bench } from "../bench.ts";
import type { Bench } from "../bench.ts";

async function exposure(
  repo: Bench,
  paths: readonly string[],
  more: Partial<ExposureQuery> = {},
): Promise<Exposure> {
  const value = Buffer.from(repo.secret);
  const query = {
    paths,
    holds: (content: Buffer) => content.includes(value),
    limit: 2 ** 20,
    time: 60_000,
    now: () => performance.now(),
  };
  return await findExposure(repo.open(), { ...query, ...more });
}

const commits = async (repo: Bench, ...args: string[]): Promise<string> =>
  (await repo.git("rev-parse", ...args)).stdout.trim();

describe("where a value is in history", () => {
  test("never committed: nowhere", async () => {
    const repo = await bench(() => ({ "a.js": "1\n" }));
    repo.write({ "a.js": repo.secret });
    await repo.git("add", ".");
    expect(await exposure(repo, ["a.js"])).toEqual({
      commits: [],
      remotes: [],
      branches: [],
      tags: [],
      stashed: false,
      unseen: [],
    });
  });

  test("the commit that brought it in, branches, tags, and what was pushed", async () => {
    const repo = await bench(() => ({ "a.js": "1\n" }));
    repo.write({ "a.js": `${repo.secret}\n` });
    await repo.git("commit", "-qam", "leak");
    const leak = await commits(repo, "HEAD");
    await repo.git("tag", "v1");
    repo.write({ "a.js": `${repo.secret}\nmore\n` });
    await repo.git("commit", "-qam", "more");
    repo.write({ "a.js": "clean\n" });
    await repo.git("commit", "-qam", "clean");
    await repo.git("clone", "-q", "--bare", ".", ".git/elsewhere");
    await repo.git("remote", "add", "origin", ".git/elsewhere");
    await repo.git("-c", "protocol.file.allow=always", "fetch", "-q", "origin");
    expect(await exposure(repo, ["a.js"])).toEqual({
      commits: [{ id: leak, path: "a.js" }],
      remotes: ["origin/main"],
      branches: ["main"],
      tags: ["v1"],
      stashed: false,
      unseen: [],
    });
  });

  test("on a side branch that came to nothing, through a merge, in a stash, and in the reflog alone", async () => {
    const repo = await bench(() => ({ "a.js": "1\n", "b.js": "1\n", "c.js": "1\n" }));
    await repo.git("checkout", "-q", "-b", "side");
    repo.write({ "a.js": `${repo.secret}\n` });
    await repo.git("commit", "-qam", "leak");
    const leak = await commits(repo, "HEAD");
    repo.write({ "a.js": "1\n" });
    await repo.git("commit", "-qam", "back");
    await repo.git("checkout", "-q", "main");
    await repo.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    await repo.git("branch", "-D", "side");
    expect(await exposure(repo, ["a.js"])).toMatchObject({ commits: [{ id: leak }], branches: ["main"] });

    repo.write({ "b.js": repo.secret });
    await repo.git("stash");
    expect(await exposure(repo, ["b.js"])).toMatchObject({ stashed: true, branches: [] });
    await repo.git("stash", "drop");

    repo.write({ "c.js": repo.secret });
    await repo.git("commit", "-qam", "leak");
    await repo.git("reset", "-q", "--hard", "HEAD~1");
    const found = await exposure(repo, ["c.js"]);
    expect(found.commits).toHaveLength(1);
    expect(found).toMatchObject({ branches: [], remotes: [], tags: [], stashed: false });
  });

  test("under another name, where it is looked for everywhere", async () => {
    const repo = await bench((secret) => ({ "old.js": `${secret}\n`, "dir/other.js": "1\n" }));
    await repo.git("mv", "old.js", "new.js");
    repo.write({ "new.js": "clean\n" });
    await repo.git("commit", "-qam", "renamed");
    expect((await exposure(repo, ["new.js"])).commits).toEqual([]);
    const found = await exposure(repo, ["new.js"], { everywhere: true });
    expect(found).toMatchObject({ commits: [{ path: "old.js" }], branches: ["main"], unseen: [] });
  });

  test("odd names are names, not patterns", async () => {
    const repo = await bench((secret) => ({
      "*.js": "1\n",
      "a.js": `${secret}\n`,
      "caf\u00e9 \n.js": `${secret}\n`,
    }));
    expect((await exposure(repo, ["*.js"])).commits).toEqual([]);
    expect((await exposure(repo, ["caf\u00e9 \n.js"])).commits).toMatchObject([{ path: "caf\u00e9 \n.js" }]);
  });

  test("what was not looked at is said", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n${"x".repeat(2000)}` }));
    expect((await exposure(repo, ["a.js"], { limit: 100 })).unseen).toEqual(["1 versions over 100 bytes"]);
    expect((await exposure(repo, ["a\\xff.js"])).unseen).toEqual([
      "the history of a\\xff.js, whose name is no UTF-8",
    ]);
    let clock = 0;
    const late = await exposure(repo, ["a.js"], { time: 50_000, now: () => (clock += 20_000) });
    expect(late.unseen.join()).toMatch(/for want of time/);
    await repo.git(
      "-c",
      "protocol.file.allow=always",
      "clone",
      "-q",
      "--depth=1",
      `file://${repo.dir}`,
      "shallow",
    );
    const { openRepository } = await import("../../../src/remedy/repository.ts");
    const shallow = openRepository({ cwd: `${repo.dir}/shallow`, env: repo.env });
    const query = { holds: () => true, limit: 9999, time: 9999, now: () => 0 };
    expect((await findExposure(shallow, { paths: ["a.js"], ...query })).unseen).toEqual([
      "history that this shallow clone has not",
    ]);
  });
});
