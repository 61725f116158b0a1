import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UP } from "./keychain-protocol.ts";
import type { KeychainAnswer, KeychainRequest, Trouble } from "./keychain-protocol.ts";
import type { Environment } from "../host/host.ts";
import { onCleanUp } from "../host/temp.ts";

/** Nobody is there whom the keychain may ask. */
const ALONE_MS = 3000;
const ATTENDED_MS = 60_000;
/** A long value is many parts. */
const PER_ITEM_MS = 100;
/** A machine that is busy takes long to start a process. */
const START_MS = 30_000;
const WORKER = "keychain-worker.cjs";

export interface KeychainPlace {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly attended: boolean;
}

export type CallResult =
  | { readonly values: readonly (Uint8Array | null)[] }
  | {
      readonly trouble: Trouble | "mute";
      readonly index: number | null;
      readonly detail: string | null;
    };

let queue: Promise<unknown> = Promise.resolve();

/**
 * Asks the keychain in a process of its own, which is killed if it does not answer in time. One call at a time: macOS
 * refuses reads that come at once.
 */
export function callKeychain(
  request: Omit<KeychainRequest, "attended">,
  place: KeychainPlace,
): Promise<CallResult> {
  const result = queue.then(() => (isBusNamed(place) ? callNow(request, place) : ABSENT));
  queue = result.catch(() => undefined);
  return result;
}

const ABSENT: CallResult = { trouble: "absent", index: null, detail: null };

/** Without the address of a session bus there is nothing to start. Elsewhere the keychain is the system's. */
function isBusNamed({ env, platform }: Pick<KeychainPlace, "env" | "platform">): boolean {
  if (platform === "win32" || platform === "darwin") return true;
  if ((env["DBUS_SESSION_BUS_ADDRESS"] ?? "") !== "") return true;
  const folder = env["XDG_RUNTIME_DIR"] ?? "";
  return folder !== "" && existsSync(join(folder, "bus"));
}

function callNow(request: Omit<KeychainRequest, "attended">, place: KeychainPlace): Promise<CallResult> {
  const path = workerPath();
  if (path === null) return Promise.resolve({ trouble: "library", index: null, detail: null });
  return new Promise((resolve) => {
    const child = fork(path, [], {
      env: workerEnvironment(place.env),
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const forget = onCleanUp(() => child.kill("SIGKILL"));
    const finish = (result: CallResult): void => {
      clearTimeout(timer);
      forget();
      // It has nothing left to do, and may hang in what it does on leaving.
      child.kill("SIGKILL");
      resolve(result);
    };
    const mute = (): void => finish({ trouble: "mute", index: null, detail: null });
    let timer = setTimeout(mute, START_MS);
    child.on("message", (message) => {
      if (message !== UP) return finish(message as KeychainAnswer);
      clearTimeout(timer);
      timer = setTimeout(mute, patienceFor(request, place));
    });
    child.once("error", () => finish({ trouble: "failed", index: null, detail: "start" }));
    child.once("exit", (code, signal) =>
      finish({ trouble: "failed", index: null, detail: `exit ${code ?? signal ?? ""}` }),
    );
    child.send({ ...request, attended: place.attended } satisfies KeychainRequest, () => undefined);
  });
}

function patienceFor(
  { operation, items }: Omit<KeychainRequest, "attended">,
  { attended }: KeychainPlace,
): number {
  return (attended && operation !== "probe" ? ATTENDED_MS : ALONE_MS) + items.length * PER_ITEM_MS;
}

/** Node's own variables could load code into it, or make it slow. */
function workerEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("NODE_")));
}

/** The worker lies in the folder of the bundles, which this code runs from, or from a folder in it. */
function workerPath(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const path of [join(folder, WORKER), join(folder, "dist", WORKER)])
      if (existsSync(path)) return path;
    if (existsSync(join(folder, "package.json")) || folder === dirname(folder)) return null;
    folder = dirname(folder);
  }
}
