import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
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

interface Worker {
  readonly env: Environment;
  readonly child: ChildProcess;
  /** Whether it waits for its request. */
  isUp: boolean;
}

/** Started ahead, for the next call. */
let spare: Worker | null = null;

/**
 * Starts the child process ahead of its request, so that both go on at once. Unused, it ends with us, or soon by itself.
 */
export function startEarly(place: Pick<KeychainPlace, "env" | "platform">): void {
  const wanted = place.env["STOWAWAY_STORE"] ?? "";
  if (spare !== null || !isBusNamed(place) || (wanted !== "" && wanted !== "keychain")) return;
  const worker = startWorker(place.env);
  if (worker === null) return;
  spare = worker;
  const forget = (): void => void (spare = spare === worker ? null : spare);
  worker.child.once("error", forget).once("exit", forget).unref();
  worker.child.channel?.unref();
}

function startWorker(env: Environment): Worker | null {
  const path = workerPath();
  if (path === null) return null;
  const child = fork(path, [], {
    env: workerEnvironment(env),
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const worker: Worker = { env, child, isUp: false };
  child.once("message", () => (worker.isUp = true));
  return worker;
}

function takeSpare(env: Environment): Worker | null {
  const worker = spare?.env === env ? spare : null;
  if (worker === null) return null;
  spare = null;
  worker.child.ref();
  worker.child.channel?.ref();
  return worker;
}

async function callNow(
  request: Omit<KeychainRequest, "attended">,
  place: KeychainPlace,
): Promise<CallResult> {
  const early = takeSpare(place.env);
  const first = early === null ? null : await ask(early, request, place);
  if (first !== null && typeof first !== "string") return first;
  // There was none, or it has ended meanwhile, which is no loss: every request may be repeated.
  const worker = startWorker(place.env);
  if (worker === null) return { trouble: "library", index: null, detail: null };
  const result = await ask(worker, request, place);
  return typeof result === "string" ? { trouble: "failed", index: null, detail: result } : result;
}

/** @returns a word where the process ended without an answer: how */
function ask(
  worker: Worker,
  request: Omit<KeychainRequest, "attended">,
  place: KeychainPlace,
): Promise<CallResult | string> {
  const { child } = worker;
  return new Promise((resolve) => {
    const forget = onCleanUp(() => child.kill("SIGKILL"));
    const finish = (result: CallResult | string): void => {
      clearTimeout(timer);
      forget();
      // It has nothing left to do, and may hang in what it does on leaving.
      child.kill("SIGKILL");
      resolve(result);
    };
    const mute = (): void => finish({ trouble: "mute", index: null, detail: null });
    const patience = patienceFor(request, place);
    let timer = setTimeout(mute, worker.isUp ? patience : START_MS);
    child.on("message", (message) => {
      if (message !== UP) return finish(message as KeychainAnswer);
      clearTimeout(timer);
      timer = setTimeout(mute, patience);
    });
    child.once("error", () => finish("start"));
    child.once("exit", (code, signal) => finish(`exit ${code ?? signal ?? ""}`));
    child.send({ ...request, attended: place.attended } satisfies KeychainRequest, () => undefined);
  });
}

function patienceFor(
  { operation, items }: Omit<KeychainRequest, "attended">,
  { attended }: KeychainPlace,
): number {
  return (attended && operation !== "probe" ? ATTENDED_MS : ALONE_MS) + items.length * PER_ITEM_MS;
}

/** What could load code into it, or another library in the keychain's place, or make it slow. */
const LOADS_CODE = /^(?:NODE|NAPI_RS|LD|DYLD)_/i;

function workerEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !LOADS_CODE.test(name)));
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
