import { execFileSync, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plant } from "../helpers/ledger.ts";
import { startKeyring } from "../helpers/keyring.ts";
import type { Keyring } from "../helpers/keyring.ts";
import { PROJECT } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";
import { failure, keep, openKeychain, PROJECT_ID, read, secret, until, workers } from "./keychain-place.ts";
import { keychainStore } from "../../src/vault/keychain.ts";
import { startEarly } from "../../src/vault/keychain-call.ts";
import type { SecretStore } from "../../src/vault/store.ts";

let keyring: Keyring;
beforeAll(async () => {
  keyring = await startKeyring();
});
afterAll(async () => await keyring.stop());

const open = (env = keyring.env, whose = {}): SecretStore => openKeychain(env, whose);

const PEM_LINES = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7".repeat(30);
const VALUES: Readonly<Record<string, string>> = {
  TOKEN: githubToken(11),
  PEM: ["-----BEGIN", " PRIVATE KEY-----\n", PEM_LINES, "\n-----END", " PRIVATE KEY-----\n"].join(""),
  CRLF: `one\r\ntwo\r\n${githubToken(12)}`,
  NUL: `a\0b\0${githubToken(13)}`,
  EMOJI: `🔑 schlüssel 鍵 ${githubToken(14)}`,
  JSON_3K: JSON.stringify({ key: githubToken(15), pad: "x".repeat(3000) }),
  LONG_8K: `${githubToken(16)}${"0123456789abcdef".repeat(512)}`,
  LIKE_A_HEADER: `stowaway-parts:1:0011223344556677:1:3:${"0".repeat(64)}`,
  BLANKS: `  ${githubToken(17)}\t\n`,
};

test("every value comes back as it was, after another process reads it", async () => {
  const store = open();
  expect(await store.probe()).toEqual({ kind: "ready" });
  const secrets = Object.entries(VALUES).map(([name, value]) => secret(name, plant(value)));
  const receipt = await store.prepare(secrets);
  expect(JSON.stringify(receipt)).not.toContain(VALUES["TOKEN"]);
  await store.put(secrets, receipt);
  const found = await open().get([...Object.keys(VALUES), "NOT_THERE"]);
  expect(new Map([...found].map(([name, value]) => [name, value.expose()]))).toEqual(
    new Map(Object.entries(VALUES)),
  );

  // Once more: nothing to make, nothing to take back.
  const again = await store.prepare(secrets);
  expect(again).toEqual({ made: {} });
  await store.put(secrets, again);
  await store.takeBack(secrets, again);
  expect((await store.get(Object.keys(VALUES))).size).toBe(secrets.length);

  await store.takeBack(secrets, receipt);
  await store.takeBack(secrets, receipt);
  expect((await store.get(Object.keys(VALUES))).size).toBe(0);
  expect(itemsOf(PROJECT_ID)).toBe(0);
});

/** Items of a project that the service has, with those that are parts of a value. */
function itemsOf(projectId: string): number {
  const script = `require("@napi-rs/keyring").findCredentialsAsync("stowaway").then((all) =>
    process.stdout.write(String(all.filter(({ account }) => account.startsWith("${projectId}/")).length)))`;
  const env = { PATH: process.env["PATH"], ...keyring.env };
  return Number(execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" }));
}

test("a value that is no text comes back byte for byte, and half a character is refused", async () => {
  const { secretOf, bytesOf } = await import("../../src/vault/value-bytes.ts");
  const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0x0a, 0xc3]);
  const store = open();
  const secrets = [{ name: "BINARY", value: secretOf(bytes) }];
  await store.put(secrets, await store.prepare(secrets));
  const found = (await store.get(["BINARY"])).get("BINARY");
  expect(found === undefined ? null : bytesOf(found)).toEqual(bytes);
  expect(await failure(store.prepare([secret("HALF", "a\ud800b")]))).toMatch(/^1 value-refused: HALF cannot/);
  expect(await failure(store.prepare([secret("HUGE", "x".repeat(65_537))]))).toMatch(
    /^1 value-refused: HUGE/,
  );
});

test("a name with another value is left alone, unless it is to be replaced", async () => {
  const store = open();
  await keep(store, "TAKEN", plant(githubToken(21)));
  const message = await failure(store.prepare([secret("TAKEN", plant(githubToken(22)))]));
  expect(message).toMatch(/^1 name-taken: the keychain has another value for TAKEN/);
  expect(message).not.toContain(githubToken(22).slice(8));
  expect(await failure(store.put([secret("TAKEN", githubToken(22))], { made: {} }))).toMatch(/^1 name-taken/);
  expect(await read(store, "TAKEN")).toBe(githubToken(21));
  await store.replace([secret("TAKEN", VALUES["LONG_8K"] ?? "")]);
  await store.replace([secret("TAKEN", VALUES["PEM"] ?? "")]);
  await store.replace([secret("TAKEN", githubToken(22))]);
  expect(await read(store, "TAKEN")).toBe(githubToken(22));
  // A value that was changed since is not ours to remove.
  await store.takeBack([secret("TAKEN", githubToken(21))], { made: { TAKEN: "0011223344556677" } });
  expect(await read(store, "TAKEN")).toBe(githubToken(22));
  await store.remove(["TAKEN", "NEVER_THERE"]);
  expect(await read(store, "TAKEN")).toBeUndefined();
});

test("variables that would load other code do not reach the process that asks it", async () => {
  const none = "/nonexistent/library";
  const traps = { NAPI_RS_NATIVE_LIBRARY_PATH: none, LD_PRELOAD: none, NODE_OPTIONS: `--require=${none}` };
  await keep(open(), "TRAPPED", githubToken(23));
  expect(await read(open({ ...keyring.env, ...traps }), "TRAPPED")).toBe(githubToken(23));
});

test("text that holds what bytes are replaced by comes back as it was", async () => {
  const store = open();
  await keep(store, "REPLACED", "a\ufffdb");
  expect(await read(store, "REPLACED")).toBe("a\ufffdb");
});

test("a process that is started early answers once, and is not missed when it is gone", async () => {
  const env = { PATH: process.env["PATH"], ...keyring.env };
  const place = { env, platform: process.platform };
  const store = keychainStore({ ...place, attended: false, projectId: PROJECT_ID, profile: null });
  await keep(store, "EARLY", githubToken(24));
  await until(() => workers().length === 0);
  startEarly(place);
  startEarly(place);
  await until(() => workers().length === 1);
  expect(await read(store, "EARLY")).toBe(githubToken(24));
  await until(() => workers().length === 0);
  startEarly(place);
  await until(() => workers().length === 1);
  for (const pid of workers()) process.kill(pid, "SIGKILL");
  await until(() => workers().length === 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await read(store, "EARLY")).toBe(githubToken(24));
  startEarly({ ...place, env: { ...env, STOWAWAY_STORE: "dotenv" } });
  startEarly({ ...place, env: { PATH: env.PATH } });
  expect(workers()).toEqual([]);
});

test("projects and profiles never see each other's values", async () => {
  const other = { projectId: "ffeeddccbbaa99887766554433221100" };
  await keep(open(), "SHARED", githubToken(31));
  await keep(open(keyring.env, { profile: "staging" }), "SHARED", githubToken(32));
  await keep(open(keyring.env, other), "SHARED", githubToken(33));
  expect(await read(open(), "SHARED")).toBe(githubToken(31));
  expect(await read(open(keyring.env, { profile: "staging" }), "SHARED")).toBe(githubToken(32));
  expect(await read(open(keyring.env, { profile: "production" }), "SHARED")).toBeUndefined();
  expect(await read(open(keyring.env, other), "SHARED")).toBe(githubToken(33));
});

test("two items for one name: told, never guessed", async () => {
  const twice = await startKeyring({ foreignAccount: `${PROJECT_ID}/TWICE` });
  try {
    const store = open(twice.env);
    await keep(store, "ONCE", githubToken(41));
    expect(await failure(store.get(["ONCE", "TWICE"]))).toMatch(
      /^3 keychain-ambiguous: the keychain has two items for TWICE/,
    );
    expect(await failure(store.prepare([secret("TWICE", githubToken(42))]))).toMatch(/^3 keychain-ambiguous/);
    expect(await read(store, "ONCE")).toBe(githubToken(41));
  } finally {
    await twice.stop();
  }
});

test("twenty processes at once lose nothing, and the kernel's keyring stays as it is", async () => {
  const before = readFileSync("/proc/keys", "utf8");
  const names = Array.from({ length: 20 }, (_, index) => `PARALLEL_${index}`);
  await Promise.all(names.map(async (name, index) => await writeInProcess(name, githubToken(100 + index))));
  const found = await open().get(names);
  expect(names.map((name) => found.get(name)?.expose())).toEqual(
    names.map((_, index) => githubToken(100 + index)),
  );
  expect(readFileSync("/proc/keys", "utf8")).toBe(before);
});

/** As the store does it, but for its queue. */
async function writeInProcess(name: string, value: string): Promise<void> {
  const worker = fork(path.join(PROJECT, "dist/keychain-worker.cjs"), [], {
    env: { PATH: process.env["PATH"], ...keyring.env },
    execArgv: [],
    serialization: "advanced",
  });
  const item = {
    account: `${PROJECT_ID}/${name}`,
    value: Buffer.from(plant(value)),
    parts: "0011223344556677",
  };
  const answer = await new Promise((resolve) => {
    worker.on("message", (message) => {
      if (message !== "up") resolve(message);
    });
    worker.send({ operation: "put", items: [item], attended: false });
  });
  worker.kill("SIGKILL");
  expect(answer).toEqual({ values: [null] });
}
