import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { plant } from "../helpers/ledger.ts";
import { startKeyring, startMuteBus } from "../helpers/keyring.ts";
import { makeRepo } from "../helpers/repo.ts";
import { PROJECT, scratch, scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";
import { failure, keep, openKeychain as open, secret, until, workers } from "./keychain-place.ts";

test("no session bus: absent, and nothing is started", async () => {
  const env = { PATH: "/nonexistent", XDG_RUNTIME_DIR: scratch() };
  expect(await open(env).probe()).toMatchObject({ kind: "absent" });
  expect(await open({ ...env, SSH_CONNECTION: "1" }).probe()).toMatchObject({
    reason: "there is no keychain in this SSH session",
    hint: expect.stringContaining("--to dotenv") as string,
  });
  expect(await open({ ...env, WSL_DISTRO_NAME: "Debian" }).probe()).toMatchObject({
    reason: "there is no keychain in this WSL session",
  });
  expect(await open({ ...env, container: "podman" }).probe()).toMatchObject({
    reason: "there is no keychain in this container",
  });
  expect(await failure(open(env).get(["A"]))).toMatch(/^3 keychain-absent/);
});

test("a bus that is gone, or has no provider: absent", async () => {
  const stale = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent/bus" };
  expect(await open(stale).probe()).toMatchObject({ kind: "absent" });
  expect(await failure(open(stale).get(["A"]))).toMatch(/^3 keychain-absent/);
  const bare = await startKeyring({ provider: false });
  try {
    expect(await open(bare.env).probe()).toMatchObject({ kind: "absent" });
    expect(await failure(open(bare.env).prepare([secret("A", "b")]))).toMatch(/^3 keychain-absent/);
  } finally {
    await bare.stop();
  }
});

test("a keyring without a collection says that it keeps nothing", async () => {
  const empty = await startKeyring({ password: "" });
  try {
    const store = open(empty.env);
    const secrets = [secret("A", githubToken(51))];
    const receipt = await store.prepare(secrets);
    expect(await failure(store.put(secrets, receipt))).toMatch(
      /^3 keychain-absent: the keyring has no default/,
    );
    await store.takeBack(secrets, receipt);
  } finally {
    await empty.stop();
  }
});

test("a bus that never answers is mute, and no process of ours stays", async () => {
  const mute = await startMuteBus();
  try {
    const value = plant(githubToken(52));
    const putting = failure(open(mute.env).put([secret("A", value)], { made: {} }));
    await until(() => workers().length === 1);
    // The value came by another way than what every process of the machine may read.
    const seen = workers().map((pid) =>
      ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")),
    );
    expect(seen.flat().join()).toContain("keychain-worker");
    expect(seen.flat().join()).not.toContain(value);
    expect(await putting).toMatch(/^3 keychain-mute: the keychain did not answer within 3 seconds/);
    await until(() => workers().length === 0);
  } finally {
    await mute.stop();
  }
});

test("a worker whose parent was killed goes too, though the keychain never answers", async () => {
  const mute = await startMuteBus();
  const repo = await makeRepo();
  const home = scratch();
  try {
    const env = { ...scrubbed(home), ...mute.env, HOME: home };
    const bin = path.join(PROJECT, "dist/bin.cjs");
    const parent = spawn(process.execPath, [bin, "secrets", "set", "A"], {
      cwd: repo.dir,
      env,
      stdio: "ignore",
    });
    const pid = parent.pid ?? 0;
    await until(() => workers(pid).length === 1);
    const [worker = 0] = workers(pid);
    parent.kill("SIGKILL");
    await until(() => !existsSync(`/proc/${worker}`));
  } finally {
    repo.remove();
    rmSync(home, { recursive: true, force: true });
    await mute.stop();
  }
});

test("a locked keyring is told from all that, without a dialog", async () => {
  const locked = await startKeyring();
  try {
    await keep(open(locked.env), "LOCKED", githubToken(61));
    locked.lock();
    expect(await open(locked.env).probe()).toMatchObject({ kind: "locked" });
    expect(await failure(open(locked.env).get(["LOCKED"]))).toMatch(/^3 keychain-locked/);
    const secrets = [secret("LOCKED", githubToken(61))];
    expect(await failure(open(locked.env).prepare(secrets))).toMatch(/^3 keychain-locked/);
    // With a person there it asks, and here no dialog can be shown.
    expect(await failure(open(locked.env, { attended: true }).get(["LOCKED"]))).toMatch(
      /^3 keychain-locked: .*dialog/,
    );
  } finally {
    await locked.stop();
  }
});
