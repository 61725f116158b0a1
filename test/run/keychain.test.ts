import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf, makeSecretProject } from "./project.ts";
import type { SecretProject } from "./project.ts";
import { startKeyring, startMuteBus } from "../helpers/keyring.ts";
import type { Keyring } from "../helpers/keyring.ts";
import { githubToken } from "../helpers/samples.ts";
import { Secret } from "../../src/model/secret.ts";
import { keychainStore } from "../../src/vault/keychain.ts";
import { secretOf } from "../../src/vault/value-bytes.ts";

const TOKEN = githubToken(45);
const STAGING = githubToken(46);
const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

let keyring: Keyring;
let project: SecretProject;
beforeAll(async () => {
  keyring = await startKeyring();
  project = await makeSecretProject(
    {},
    { GITHUB_TOKEN: { from: ["keychain"], profiles: ["staging", "live"] } },
  );
  for (const [profile, value] of [
    [null, TOKEN],
    ["staging", STAGING],
  ] as const) {
    const { projectId } = project.manifest;
    const env = { PATH: process.env["PATH"], ...keyring.env };
    const store = keychainStore({ env, platform: process.platform, attended: false, projectId, profile });
    const secrets = [{ name: "GITHUB_TOKEN", value: new Secret(value) }];
    await store.put(secrets, await store.prepare(secrets));
  }
});
afterAll(async () => {
  project.remove();
  await keyring.stop();
});

const reach = ({ env }: Keyring): Record<string, string> => ({ ...env, HOME: project.home });

test("a program gets what the keychain has, of the profile that is asked for, and shows none of it", async () => {
  const digest = async (...args: string[]): Promise<string> => {
    const script = `${digestOf("GITHUB_TOKEN")}; echo $GITHUB_TOKEN`;
    const { stdout } = await project.tool(["run", ...args, "sh", "-c", script], { env: reach(keyring) });
    return stdout;
  };
  expect(await digest()).toBe(`${sha(TOKEN)}  -\n***\n`);
  expect(await digest("--profile", "staging")).toBe(`${sha(STAGING)}  -\n***\n`);
  expect(await digest("--profile", "live")).toBe(`${sha(TOKEN)}  -\n***\n`);
});

test("a value that no variable can carry is named, and nothing is started or printed", async () => {
  const binary = await makeSecretProject(
    {},
    { GITHUB_TOKEN: { from: ["keychain"] }, BYTES: { from: ["keychain"] } },
  );
  const { projectId } = binary.manifest;
  const env = { PATH: process.env["PATH"], ...keyring.env };
  const place = { env, platform: process.platform, attended: false, projectId, profile: null };
  try {
    for (const [bytes, what] of [
      [[98, 0, 99, 100, 101, 102, 103], "holds a zero byte"],
      [[98, 0xff, 99, 100, 101, 102, 103], "is no text (UTF-8)"],
    ] as const) {
      const store = keychainStore(place);
      const secrets = [{ name: "BYTES", value: secretOf(Buffer.from(bytes)) }];
      await store.replace(secrets);
      for (const args of [
        ["run", "echo", "started"],
        ...["sh", "json"].map((format) => ["env", "--format", format]),
        ["env", "--format", "aws", "--only", "BYTES,GITHUB_TOKEN"],
      ]) {
        const ran = await binary.tool(args, { env: { ...keyring.env, HOME: binary.home } });
        expect(ran).toMatchObject({ code: 2, stdout: "" });
        expect(ran.stderr).toContain(`BYTES ${what}, so no variable can carry it`);
      }
    }
  } finally {
    await keychainStore(place).remove(["BYTES"]);
    binary.remove();
  }
});

test("a keychain that is mute or not there ends it in time, and starts nothing", async () => {
  const mute = await startMuteBus();
  try {
    for (const env of [reach(mute), { HOME: project.home, XDG_RUNTIME_DIR: project.home }]) {
      const ran = await project.tool(["run", "echo", "started"], { env });
      expect(ran).toMatchObject({ code: 3, stdout: "" });
      expect(ran.stderr).toMatch(/^stowaway: .*\n {2}hint: .*\n$/);
    }
  } finally {
    await mute.stop();
  }
});

test("what is set already does not need it, be it locked", async () => {
  keyring.lock();
  const env = reach(keyring);
  expect((await project.tool(["run", "echo", "started"], { env })).code).toBe(3);
  const set = { ...env, GITHUB_TOKEN: "a-value-of-ci" };
  expect(await project.tool(["run", "sh", "-c", "echo $GITHUB_TOKEN"], { env: set })).toMatchObject({
    code: 0,
    stdout: "***\n",
    stderr: "",
  });
});
