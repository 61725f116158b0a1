import { readdirSync, readFileSync } from "node:fs";
import { Secret } from "../../src/model/secret.ts";
import { keychainStore } from "../../src/vault/keychain.ts";
import type { SecretStore } from "../../src/vault/store.ts";

export const PROJECT_ID = "00112233445566778899aabbccddeeff";

interface Whose {
  readonly projectId?: string;
  readonly profile?: string | null;
  readonly attended?: boolean;
}

/** The keychain as a program with this environment sees it. */
export function openKeychain(
  env: Readonly<Record<string, string | undefined>>,
  { projectId = PROJECT_ID, profile = null, attended = false }: Whose = {},
): SecretStore {
  const PATH = process.env["PATH"];
  return keychainStore({ env: { PATH, ...env }, platform: process.platform, attended, projectId, profile });
}

export const secret = (name: string, value: string) => ({ name, value: new Secret(value) });

export async function keep(store: SecretStore, name: string, value: string): Promise<void> {
  const secrets = [secret(name, value)];
  await store.put(secrets, await store.prepare(secrets));
}

export async function read(store: SecretStore, name: string): Promise<string | undefined> {
  return (await store.get([name])).get(name)?.expose();
}

/** How an action fails: `3 keychain-absent: message | hint`. */
export async function failure(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (reason: unknown) => reason as { exitCode?: number; code?: string; message: string; hint?: string },
  );
  return error === null ? "no error" : `${error.exitCode} ${error.code}: ${error.message} | ${error.hint}`;
}

/** Ids of the keychain's child processes. */
export function workers(parent: number = process.pid): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        const [status = "", parentId] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${pid}/cmdline`, "latin1");
        return Number(parentId) === parent && !"ZX".includes(status) && command.includes("keychain-worker");
      } catch {
        return false;
      }
    });
}

export async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; !condition(); attempt += 1) {
    if (attempt > 1000) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
