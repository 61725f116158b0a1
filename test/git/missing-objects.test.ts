import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { stage } from "./commit-row.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, run, scratch } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

const COMMANDS = [
  ["the hook", "sh", path.join(PROJECT, "hooks/pre-commit")],
  ["the check", process.execPath, path.join(PROJECT, "dist/bin.cjs")],
] as const;

const object = (repo: Repo, id: string): string =>
  path.join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));

const idOf = async (repo: Repo, name: string): Promise<string> =>
  (await repo.git("rev-parse", `:${name}`)).stdout.trim();

async function emptyRepo(): Promise<Repo> {
  const repo = await makeRepo();
  onTestFinished(repo.remove);
  return repo;
}

/** Moves every object into a pack. */
async function pack(repo: Repo): Promise<void> {
  await repo.git("repack", "-adq");
  const listed = (await repo.git("ls-files", "-s")).stdout
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? []);
  await run("git", ["pack-objects", "-q", ".git/objects/pack/pack"], {
    cwd: repo.dir,
    input: `${listed.join("\n")}\n`,
  });
  await repo.git("prune-packed");
}

function isCalm({ stdout, stderr }: Ran): void {
  expect(stdout + stderr).not.toMatch(/internal error|\n\s+at |node:internal|UnhandledPromise/);
}

describe.each(COMMANDS)("%s", (_name, command, script) => {
  test("a damaged object is told as damaged, the others are read", async () => {
    const repo = await emptyRepo();
    await stage(repo, {
      "a.js": "export const a = 1;\n",
      "b.js": "export const b = 1;\n".repeat(99),
      "c.js": `const t = "${githubToken()}";\n`,
    });
    const [garbage, short] = [object(repo, await idOf(repo, "a.js")), object(repo, await idOf(repo, "b.js"))];
    for (const file of [garbage, short]) chmodSync(file, 0o644);
    writeFileSync(garbage, "garbage");
    const bytes = execFileSync("cat", [short]);
    writeFileSync(short, bytes.subarray(0, -9));
    const ran = await run(command, [script], { cwd: repo.dir });
    expect(ran.stdout.match(/damaged[^]*?--> [ab]\.js[^]*?git fsck/g)).toHaveLength(2);
    expect(ran.stdout).toContain("github-personal-token");
    expect(ran.code).toBe(1);
    isCalm(ran);
  });

  test.each(["", "file"])(
    "in a partial clone nothing is fetched, and the rest is read (allowed: %j)",
    async (allow) => {
      const origin = await emptyRepo();
      await stage(origin, { "a.js": "export const a = 1;\n", "b.js": "export const b = 1;\n" });
      await origin.git("commit", "-q", "-m", "x");
      await origin.git("config", "uploadpack.allowFilter", "true");
      await origin.git("config", "uploadpack.allowAnySHA1InWant", "true");
      const repo = await emptyRepo();
      rmSync(repo.dir, { recursive: true });
      const url = `file://${origin.dir}`;
      await run("git", ["clone", "-q", "--filter=blob:none", "--no-checkout", url, repo.dir]);
      if (allow !== "") await repo.git("config", `protocol.${allow}.allow`, "always");
      await repo.git("read-tree", "--empty");
      for (const name of ["a", "b"]) {
        const id = (await repo.git("rev-parse", `HEAD:${name}.js`)).stdout.trim();
        await repo.git("update-index", "--add", "--cacheinfo", `100644,${id},new-${name}.js`);
      }
      const packs = (): number => readdirSync(path.join(repo.dir, ".git/objects/pack")).length;
      const before = packs();
      const blind = await run(command, [script], { cwd: repo.dir });
      expect(blind.stdout.match(/not in this clone/g)).toHaveLength(2);
      expect(blind.code).toBe(3);
      repo.write({ "z.js": `const t = "${githubToken()}";\n` });
      await repo.git("add", "z.js");
      const found = await run(command, [script], { cwd: repo.dir });
      expect(found.stdout).toMatch(/github-personal-token[^]*not in this clone/);
      expect(found.code).toBe(1);
      expect(packs()).toBe(before);
      isCalm(found);
    },
  );

  test("a git that dies at every object stops the commit in plain words", async () => {
    const repo = await emptyRepo();
    await stage(
      repo,
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.js`, `const a = ${at};\n`])),
    );
    await pack(repo);
    const folder = scratch();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    const dying = `#!/bin/sh\ncase "$*" in *cat-file*) echo "fatal: out of memory" >&2; exit 128;; esac\nexec ${real} "$@"\n`;
    writeFileSync(path.join(folder, "git"), dying, { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    const ran = await run(command, [script], { cwd: repo.dir, env });
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(/out of memory/);
    expect(ran.stderr).toMatch(/30 items could not be scanned/);
    isCalm(ran);
  });

  test("configuration that cannot be read is never passed over", async () => {
    const repo = await emptyRepo();
    await stage(repo, { "stowaway.config.json": "{}", "a.js": "export {};\n" });
    const file = object(repo, await idOf(repo, "stowaway.config.json"));
    chmodSync(file, 0o644);
    writeFileSync(file, "garbage");
    const ran = await run(command, [script], { cwd: repo.dir });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/stowaway\.config\.json: its content is damaged/);
  });
});
