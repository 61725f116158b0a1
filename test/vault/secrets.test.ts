import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startKeyring } from "../helpers/keyring.ts";
import type { Keyring } from "../helpers/keyring.ts";
import { plant } from "../helpers/ledger.ts";
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

test("the first set makes the manifest, binds the clone, and the value is in the keychain alone", async () => {
  const value = plant(githubToken(81));
  expect(await tool("secrets set API_KEY", `${value}\n`)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("Done: API_KEY is in the keyring") as string,
  });
  expect(manifest()).toEqual({
    version: 1,
    projectId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    secrets: { API_KEY: { from: ["keychain"] } },
  });
  expect(get("API_KEY")).toEqual({ code: 0, stdout: Buffer.from(value) });
  expect((await place.repo.git("status", "--porcelain")).stdout).toBe("?? stowaway.secrets.json\n");
  expect(await tool("secrets")).toMatchObject({ code: 0, stdout: "API_KEY  keychain\n" });
  expect(JSON.parse((await tool("secrets ls --format json")).stdout)).toMatchObject({
    schema: 1,
    secrets: [{ name: "API_KEY", from: ["keychain"], profiles: [], about: null }],
  });
});

test("lines and bytes come back as they were, but for one line end", async () => {
  const lines = `one\ntwo\n${plant(githubToken(82))}\n\n`;
  expect((await tool("secrets set LINES", lines)).code).toBe(0);
  expect(get("LINES").stdout.toString()).toBe(lines.slice(0, -1));
  const bytes = Buffer.from([0xff, 0x00, 0x80, 0x0d, 0x0a]);
  const set = await tool("secrets set BYTES", bytes);
  expect(set).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("BYTES is no text, so no variable can hold it") as string,
  });
  expect(get("BYTES").stdout).toEqual(bytes.subarray(0, 3));
  expect((await tool("secrets set NUL", "a\0b")).stderr).toContain("secrets get NUL | …");
  expect(get("NUL").stdout).toEqual(Buffer.from("a\0b"));
  expect((await tool("secrets set TEXT", "schlüssel")).stderr).not.toContain("no text");
  expect((await tool("secrets set EMPTY", "\n")).code).toBe(2);
  expect((await tool("secrets set BYTES --to dotenv", "other")).code).toBe(1);
});

test("another value is overwritten with --yes only", async () => {
  const [first, second] = [plant(githubToken(83)), plant(githubToken(84))];
  await tool("secrets set KEY", first);
  const refused = await tool("secrets set KEY", second);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("--yes") as string });
  expect(get("KEY").stdout.toString()).toBe(first);
  expect((await tool("secrets set KEY --yes --dry-run", second)).code).toBe(0);
  expect(get("KEY").stdout.toString()).toBe(first);
  expect((await tool("secrets set KEY", first)).code).toBe(0);
  expect((await tool("secrets set KEY --yes", second)).code).toBe(0);
  expect(get("KEY").stdout.toString()).toBe(second);
});

test("profiles: their own value, else the default, never each other's", async () => {
  await tool("secrets set KEY", "the default");
  await tool("secrets set KEY --profile staging", "of staging");
  expect(get("KEY --profile staging").stdout.toString()).toBe("of staging");
  expect(get("KEY --profile production").stdout.toString()).toBe("the default");
  expect(get("KEY").stdout.toString()).toBe("the default");
  expect((await tool("secrets rm KEY --profile production --yes")).code).toBe(2);
  expect((await tool("secrets rm KEY --profile staging --yes")).code).toBe(0);
  expect(get("KEY --profile staging").stdout.toString()).toBe("the default");
  expect(manifest().secrets).toEqual({ KEY: { from: ["keychain"] } });
  expect((await tool("secrets set KEY --profile ../x", "a")).code).toBe(2);
});

test("mv takes every profile's value to a file that git ignores, and back", async () => {
  const value = plant(githubToken(85));
  await tool("secrets set KEY", value);
  await tool("secrets set KEY --profile staging", "of staging");
  const asked = await tool("secrets mv KEY --to dotenv");
  expect(asked).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("run: stowaway secrets mv KEY --to dotenv --yes") as string,
  });
  expect(existsSync(path.join(place.repo.dir, ".env.local"))).toBe(false);
  expect((await tool("secrets mv KEY --to dotenv --yes")).code).toBe(0);
  expect(place.read(".env.local")).toBe(`KEY=${value}\n`);
  expect(place.read(".env.staging.local")).toBe("KEY='of staging'\n");
  expect(place.read(".gitignore")).toBe("/.env.local\n/.env.staging.local\n");
  expect(get("KEY --profile staging").stdout.toString()).toBe("of staging");
  expect((await place.repo.git("status", "--porcelain")).stdout).toBe(
    "?? .gitignore\n?? stowaway.secrets.json\n",
  );
  // The keychain has it no longer.
  expect(get("KEY", { STOWAWAY_STORE: "keychain" })).toMatchObject({ code: 1 });
  expect((await tool("secrets mv KEY --to dotenv --yes")).stderr).toContain("Nothing to do");
  expect((await tool("secrets mv KEY --to keychain --yes")).code).toBe(0);
  expect(place.read(".env.local")).toBe("");
  expect(get("KEY").stdout.toString()).toBe(value);
});

test("rename and rm", async () => {
  const value = plant(githubToken(86));
  await tool("secrets set OLD --about why", value);
  await tool("secrets set OTHER", "x");
  expect((await tool("secrets rename OLD OTHER --yes")).code).toBe(1);
  expect((await tool("secrets rename OLD A-B --yes")).code).toBe(2);
  expect((await tool("secrets rename OLD NEW")).code).toBe(1);
  expect((await tool("secrets rename OLD NEW --yes")).code).toBe(0);
  expect(manifest().secrets).toMatchObject({ NEW: { from: ["keychain"], about: "why" } });
  expect(get("NEW").stdout.toString()).toBe(value);
  expect(get("OLD").code).toBe(2);
  expect((await tool("secrets rm NEW OTHER")).code).toBe(1);
  expect((await tool("secrets rm NEW OTHER --yes")).code).toBe(0);
  expect(manifest().secrets).toEqual({});
  expect((await tool("secrets rm NEW --yes")).code).toBe(2);
});

test.each([
  ["secrets gett", 2, "Did you mean stowaway secrets get?"],
  ["secrets get", 2, "takes one name"],
  ["secrets set", 2, "takes one name"],
  ["secrets set 1A", 2, "at most 128 letters"],
  ["secrets set __proto__", 2, "at most 128 letters"],
  ["secrets mv KEY", 2, "--to"],
  ["secrets ls", 2, "no secret is stowed yet"],
  ["trust", 2, "no secret is stowed yet"],
])("%s: %i", async (args, code, says) => {
  expect(await tool(args, "x")).toMatchObject({ code, stderr: expect.stringContaining(says) as string });
});
