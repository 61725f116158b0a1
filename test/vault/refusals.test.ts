import { cpSync, existsSync, readdirSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startKeyring, startMuteBus } from "../helpers/keyring.ts";
import type { Keyring } from "../helpers/keyring.ts";
import { plant } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import { PROJECT, run, scratch } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";
import { makeWorkplace } from "./workplace.ts";
import type { Workplace } from "./workplace.ts";

let keyring: Keyring;
let place: Workplace;
beforeAll(async () => {
  keyring = await startKeyring();
});
afterAll(async () => await keyring.stop());
beforeEach(async () => {
  place = await makeWorkplace(keyring);
});
afterEach(() => place.remove());

const tool = async (...args: Parameters<Workplace["tool"]>) => await place.tool(...args);
const get = (...args: Parameters<Workplace["get"]>) => place.get(...args);
const manifest = () => place.manifest();

/** No command hands anything out in a clone that is not trusted, and each names the way. */
async function expectNothing(copy: Workplace): Promise<void> {
  for (const args of ["secrets", "secrets get KEY", "secrets mv KEY --to dotenv --yes", "run -- env", "env"])
    expect(await copy.tool(args), args).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("stowaway trust") as string,
    });
}

test("a copied manifest gets nothing, until the clone is trusted", async () => {
  const value = plant(githubToken(87));
  await tool("secrets set KEY", value);
  const repo = await makeRepo({ commit: { "stowaway.secrets.json": place.read("stowaway.secrets.json") } });
  const copy = place.in(repo);
  try {
    await expectNothing(copy);
    expect((await copy.tool("secrets set KEY --yes", "mine")).code).toBe(2);
    expect(await copy.tool("trust")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("KEY") as string,
    });
    expect((await copy.tool("trust --dry-run")).code).toBe(0);
    expect(copy.get("KEY").code).toBe(2);
    expect((await copy.tool("trust --yes")).code).toBe(0);
    expect(copy.get("KEY").stdout.toString()).toBe(value);
    expect(JSON.parse((await copy.tool("trust --remove --yes --format json")).stdout)).toMatchObject({
      trust: { status: "done", bound: false },
    });
    expect(copy.get("KEY").code).toBe(2);
  } finally {
    copy.remove();
  }
});

test("a folder that leads to a trusted clone gets nothing, in any command", async () => {
  const value = plant(githubToken(91));
  await tool("secrets set KEY", value);
  const evil = await makeRepo();
  const copy = place.in(evil);
  try {
    rmSync(path.join(evil.dir, ".git"), { recursive: true });
    evil.write({
      ".git": `gitdir: ${path.join(place.repo.dir, ".git")}\n`,
      "stowaway.secrets.json": place.read("stowaway.secrets.json"),
    });
    await expectNothing(copy);
    // The work tree is the trusted one, the program would be another's.
    const elsewhere = { GIT_DIR: path.join(place.repo.dir, ".git"), GIT_WORK_TREE: place.repo.dir };
    for (const args of ["run -- env", "trust --yes"])
      expect(await copy.tool(args, "", elsewhere), args).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("unset GIT_DIR") as string,
      });
    expect(get("KEY").stdout.toString()).toBe(value);
  } finally {
    evil.remove();
  }
});

test("undo writes no value into a folder that leads to a trusted clone, manifest or not", async () => {
  const value = plant(githubToken(93));
  place.repo.write({ "a.js": `const key = "${value}";\nmodule.exports = key;\n` });
  await place.repo.git("add", "a.js");
  expect(await tool("stow --yes --to keychain")).toMatchObject({ code: 0 });
  const evil = await makeRepo();
  try {
    rmSync(path.join(evil.dir, ".git"), { recursive: true });
    const stowed = place.read("a.js");
    expect(stowed).not.toContain(value);
    evil.write({ ".git": `gitdir: ${path.join(place.repo.dir, ".git")}\n`, "a.js": stowed });
    const ran = await place.in(evil).tool("undo --yes");
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("not bound") as string });
    expect(place.in(evil).read("a.js")).toBe(stowed);
  } finally {
    evil.remove();
  }
  expect(await tool("undo --yes")).toMatchObject({ code: 0 });
  expect(place.read("a.js")).toContain(value);
});

test("trust says that another clone has the id already, and which", async () => {
  await tool("secrets set KEY", plant(githubToken(92)));
  const repo = await makeRepo({ commit: { "stowaway.secrets.json": place.read("stowaway.secrets.json") } });
  const copy = place.in(repo);
  try {
    const first = realpathSync(place.repo.dir);
    const asked = await copy.tool("trust --dry-run");
    expect(asked.stdout).toContain(`trusted  ${first} already\nwarning: `);
    expect(JSON.parse((await copy.tool("trust --yes --format json")).stdout)).toMatchObject({
      trust: { status: "done", otherClones: [first] },
    });
    expect((await tool("trust --dry-run")).stdout).not.toContain("warning");
  } finally {
    copy.remove();
  }
});

test("a dotenv file that is refused leaves no rule in .gitignore", async () => {
  for (const [store, says] of [
    ["stowaway.secrets.json", "there to be committed"],
    [".gitignore", "there to be committed"],
    ["none/.env", "its folder is not there"],
    ["conf/.env", "would be published"],
  ] as const) {
    place.repo.write({ "package.json": '{"name":"a","version":"1.0.0","files":["conf"]}', "conf/a": "a" });
    place.repo.write({ "stowaway.config.json": JSON.stringify({ store }) });
    const refused = await tool("secrets set KEY --to dotenv", "x");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(says) as string });
    expect(existsSync(path.join(place.repo.dir, ".gitignore"))).toBe(false);
  }
  place.repo.write({ ".gitignore": "# mine" });
  expect((await tool("secrets set KEY --to dotenv", "x")).code).toBe(1);
  expect(place.read(".gitignore")).toBe("# mine");
});

test("where there is no keychain it says why, changes nothing, and names the other way", async () => {
  const none = { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined };
  const value = plant(githubToken(88));
  const refused = await tool("secrets set KEY", value, none);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/^stowaway: there is no keychain in .*\n {2}hint: .*--to dotenv/);
  expect((await place.repo.git("status", "--porcelain")).stdout).toBe("");
  expect((await tool("secrets set KEY --to dotenv", value, none)).code).toBe(0);
  expect(get("KEY", none).stdout.toString()).toBe(value);
  expect((await tool("secrets set KEY2", value, { ...none, STOWAWAY_STORE: "dotenv" })).code).toBe(0);
  expect((await tool("secrets set KEY3 --to keychain", value, { STOWAWAY_STORE: "dotenv" })).code).toBe(3);
  expect((await tool("secrets set KEY3", value, { STOWAWAY_STORE: "none" })).code).toBe(3);
  expect((await tool("secrets set KEY3", value, { STOWAWAY_STORE: "vault" })).code).toBe(2);
});

test("without the keychain's library the dotenv file still does", async () => {
  const installed = scratch("stowaway-installed-");
  try {
    cpSync(path.join(PROJECT, "dist"), path.join(installed, "dist"), { recursive: true });
    cpSync(path.join(PROJECT, "package.json"), path.join(installed, "package.json"));
    const bin = path.join(installed, "dist/bin.cjs");
    const set = async (...args: string[]) =>
      await run(process.execPath, [bin, "secrets", "set", ...args], {
        cwd: place.repo.dir,
        env: keyringEnv(),
        input: "x",
      });
    expect(await set("KEY")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("@napi-rs/keyring") as string,
    });
    expect((await set("KEY", "--to", "dotenv")).code).toBe(0);
    expect(place.read(".env.local")).toBe("KEY=x\n");
  } finally {
    rmSync(installed, { recursive: true });
  }
});

function keyringEnv(): Record<string, string | undefined> {
  const { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = keyring.env;
  return { DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR };
}

test("a bus that never answers costs three seconds, not for ever", async () => {
  const mute = await startMuteBus();
  try {
    const ran = await tool("secrets set KEY", "x", mute.env);
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining("did not answer") as string });
  } finally {
    await mute.stop();
  }
});

test("a dotenv file that was committed, or that a package takes, is not the store", async () => {
  place.repo.write({ ".env.local": "A=1\n" });
  await place.repo.git("add", "-f", ".env.local");
  await place.repo.git("commit", "-q", "-m", "oops");
  await place.repo.git("rm", "-q", "--cached", ".env.local");
  await place.repo.git("commit", "-q", "-m", "gone");
  expect((await tool("secrets set KEY --to dotenv", plant(githubToken(89)))).code).toBe(0);
  expect(manifest().secrets).toEqual({ KEY: { from: ["dotenv:.env.development.local"] } });
  expect(place.read(".env.local")).toBe("A=1\n");

  place.repo.write({ "package.json": '{"name":"a","version":"1.0.0","files":["conf"]}', "conf/a": "a" });
  place.repo.write({ "stowaway.config.json": '{"store":"conf/.env"}' });
  const refused = await tool("secrets set OTHER --to dotenv", plant(githubToken(90)));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("would be published") as string });
  expect(readdirSync(path.join(place.repo.dir, "conf"))).toEqual(["a"]);
});

test("a tracked dotenv file is never read", async () => {
  await tool("secrets set KEY --to dotenv", "mine");
  place.repo.write({ ".gitignore": "" });
  await place.repo.git("add", "-f", ".env.local");
  expect(get("KEY").code).toBe(3);
});

test("eight processes at once: every value is kept, and every name is listed", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `NAME_${index}`);
  const all = await Promise.all(
    names.map(async (name) => await tool(`secrets set ${name}`, `value of ${name}`)),
  );
  expect(all.map(({ code, stderr }) => `${code} ${code === 0 ? "" : stderr}`)).toEqual(names.map(() => "0 "));
  expect(Object.keys(manifest().secrets).toSorted()).toEqual(names.toSorted());
  const shown = JSON.parse((await tool("env --format json --reveal")).stdout) as Record<string, string>;
  expect(shown).toEqual(Object.fromEntries(names.map((name) => [name, `value of ${name}`])));
});
