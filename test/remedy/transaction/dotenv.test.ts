import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyTransaction } from "../../../src/remedy/apply.ts";
import { undo } from "../../../src/remedy/undo.ts";
import { dotenvStore } from "../../../src/vault/dotenv-store.ts";
import type { SecretStore } from "../../../src/vault/store.ts";
import { githubToken } from "../../helpers/samples.ts";
import { bench, read, snapshot } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { buildEngine } from "../build-engine.ts";
import type { Engine } from "../build-engine.ts";
import { appended, NAME, transactionOf } from "../transaction-of.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await buildEngine();
});
afterAll(() => engine.remove());

const FILE = ".env.local";
const at = (repo: Bench, name: string): string => path.join(repo.dir, name);

function storeOf(repo: Bench): SecretStore {
  const { top, commonDir } = repo.open();
  return dotenvStore({ cwd: top, env: repo.env, top, commonDir, file: FILE, isPublished: async () => null });
}

/** Moves the secret into the dotenv file, which two lists then keep out of git. */
async function stow(repo: Bench): Promise<void> {
  const opened = repo.open();
  const plain = [
    appended(opened, ".gitignore", `/${FILE}`),
    appended(opened, ".npmignore", `/${FILE}`),
    appended(opened, "stowaway.secrets.json", "{}"),
  ];
  const tx = transactionOf(opened, repo.secret, ["a.js"], { plain, store: "dotenv" });
  await applyTransaction(tx, { repo: opened, store: storeOf(repo), verify: async () => undefined });
}

const takeBack = async (repo: Bench) => await undo(repo.open(), async () => storeOf(repo));

describe("undo with a dotenv file", () => {
  test("that holds lines of the user's: they stay, and so does what keeps the file out of git", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, ".gitignore": "x\n" }));
    await stow(repo);
    const mine = `MINE=${githubToken(7)}\n`;
    writeFileSync(at(repo, FILE), read(repo, FILE) + mine);
    const { kept } = await takeBack(repo);
    expect(kept).toEqual({ names: new Map(), rules: [".gitignore", ".npmignore"] });
    expect(read(repo, FILE)).toBe(mine);
    expect(read(repo, "a.js")).toBe(`${repo.secret}\n`);
    expect(existsSync(at(repo, "stowaway.secrets.json"))).toBe(false);
    expect((await repo.git("check-ignore", FILE)).code).toBe(0);
    expect((await repo.git("status", "--porcelain")).stdout).not.toContain(FILE);
  });

  test("that was there, open to others and not ignored: byte for byte, with its mode", async () => {
    for (const text of ["X=1", `X=1\n${NAME}=`]) {
      const repo = await bench((secret) => ({ "a.js": `${secret}\n`, ".gitignore": "x\n" }));
      const content = text.endsWith("=") ? `${text}${repo.secret}\n` : text;
      writeFileSync(at(repo, FILE), content);
      chmodSync(at(repo, FILE), 0o644);
      const before = await snapshot(repo);
      await stow(repo);
      expect(statSync(at(repo, FILE)).mode & 0o777).toBe(0o600);
      expect((await takeBack(repo)).kept.rules).toEqual([]);
      expect(await snapshot(repo)).toBe(before);
    }
  });

  test("that was open to others, and holds more now: it stays closed", async () => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n`, ".gitignore": "x\n" }));
    writeFileSync(at(repo, FILE), "X=1\n", { mode: 0o644 });
    await stow(repo);
    writeFileSync(at(repo, FILE), `${read(repo, FILE)}MINE=2\n`);
    expect((await takeBack(repo)).kept.rules).toContain(".gitignore");
    expect(statSync(at(repo, FILE)).mode & 0o777).toBe(0o600);
    expect(read(repo, FILE)).toBe("X=1\nMINE=2\n");
  });
});

test("a dotenv file that may not grow: it is named, with what to do, and all is as before", async () => {
  const repo = await bench((secret) => ({ "a.js": `${secret}\n`, ".gitignore": `/${FILE}\n` }));
  writeFileSync(at(repo, FILE), "# a line that fills the file\n".repeat(600), { mode: 0o600 });
  const before = await snapshot(repo);
  const store = `dotenv:${FILE}`;
  const job = engine.job({ op: "stow", store, secret: repo.secret, paths: ["a.js"] });
  const limited = `trap "" XFSZ; ulimit -f 16; exec "$0" "$@"`;
  const program = ["-c", limited, process.execPath, engine.file, job];
  const ran = spawnSync("bash", program, { cwd: repo.dir, env: repo.env });
  expect(JSON.parse(ran.stderr.toString())).toMatchObject({
    code: "dotenv-unwritable",
    path: FILE,
    message: "cannot be written: the file may not be that large, so nothing was changed",
  });
  expect(await snapshot(repo)).toBe(before);
  await undo(repo.open(), async () => null).catch((error: unknown) =>
    expect(error).toMatchObject({ code: "nothing-to-undo" }),
  );
});
