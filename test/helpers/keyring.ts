import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { scratch } from "./run.ts";

/** A Secret Service of its own: a private session bus with a gnome-keyring on it. */
export interface Keyring {
  /** What a program needs to reach it; without a display. */
  readonly env: Readonly<Record<string, string>>;
  /** Locks its only collection. */
  lock(): void;
  stop(): Promise<void>;
}

interface KeyringOptions {
  /** The daemon's password as it reads it; nothing makes one without a collection. */
  readonly password?: string;
  /** Whether there is a provider on the bus at all. */
  readonly provider?: boolean;
  /** An account of ours for which another program wrote two items. */
  readonly foreignAccount?: string;
}

/** A bus that starts nothing by itself: the machine's own service files would. */
const CONFIG = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
`;

/** Arguments of setpriv (util-linux) that end a program with its parent: an interrupted test leaves nothing running. */
const MORTAL = ["--pdeathsig", "KILL", "--"];
const COLLECTIONS = "/org/freedesktop/secrets/collection";

/** Starts a keyring; works as root in a container without systemd and without a display. */
export async function startKeyring({
  password = "\n",
  provider = true,
  foreignAccount,
}: KeyringOptions = {}): Promise<Keyring> {
  requirePrograms();
  const home = scratch("stowaway-keyring-");
  const runtime = path.join(home, "run");
  mkdirSync(runtime, { mode: 0o700 });
  writeFileSync(path.join(home, "bus.conf"), CONFIG);
  if (foreignAccount !== undefined) {
    mkdirSync(path.join(home, "keyrings"));
    writeFileSync(path.join(home, "keyrings/foreign.keyring"), foreignCollection(foreignAccount));
  }
  const base = { PATH: process.env["PATH"] ?? "", HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: home };
  const bus = spawn(
    "setpriv",
    [...MORTAL, "dbus-daemon", `--config-file=${home}/bus.conf`, "--nofork", "--print-address"],
    { env: base, stdio: ["ignore", "pipe", "ignore"] },
  );
  const address = await firstLine(bus);
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: home,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const daemon = provider ? await startDaemon({ ...base, ...env }, password) : null;
  if (foreignAccount !== undefined)
    call(env, "org.freedesktop.Secret.Service.Unlock", `array:objpath:${COLLECTIONS}/foreign`);
  return {
    env,
    lock: () => call(env, "org.freedesktop.Secret.Service.Lock", `array:objpath:${COLLECTIONS}/login`),
    stop: async () => {
      for (const child of [daemon, bus]) if (child !== null) await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A socket in the place of a bus, which takes what comes and never answers. */
export async function startMuteBus(): Promise<Keyring> {
  const home = scratch("stowaway-mute-");
  const socket = path.join(home, "bus");
  const server = createServer((connection) => {
    connection.resume();
    connection.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  return {
    env: { HOME: home, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` },
    lock: () => undefined,
    stop: async () => {
      server.close();
      rmSync(home, { recursive: true, force: true });
      await Promise.resolve();
    },
  };
}

/** gnome-keyring's form of a collection without a password: two items that differ in what we do not ask for. */
function foreignCollection(account: string): string {
  const items = [1, 2].map((number) => {
    const attributes = {
      service: "stowaway",
      username: account,
      target: "default",
      application: `other ${number}`,
    };
    const sections = Object.entries(attributes).map(
      ([name, value], index) => `[${number}:attribute${index}]\nname=${name}\ntype=string\nvalue=${value}\n`,
    );
    return [
      `[${number}]\nitem-type=0\ndisplay-name=other\nsecret=none of ours\nmtime=1\nctime=1\n`,
      ...sections,
    ];
  });
  return ["[keyring]\ndisplay-name=foreign\nctime=1\nmtime=1\nlock-on-idle=false\n", ...items.flat()].join(
    "\n",
  );
}

function call(env: Readonly<Record<string, string>>, method: string, ...args: string[]): void {
  const target = ["--session", "--dest=org.freedesktop.secrets", "--print-reply", "/org/freedesktop/secrets"];
  execFileSync("dbus-send", [...target, method, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "ignore"],
  });
}

async function startDaemon(env: Readonly<Record<string, string>>, password: string): Promise<ChildProcess> {
  const daemon = spawn(
    "setpriv",
    [...MORTAL, "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
    { env, stdio: ["pipe", "ignore", "ignore"] },
  );
  daemon.stdin.end(password);
  for (let attempt = 0; ; attempt += 1) {
    try {
      execFileSync(
        "dbus-send",
        [
          "--session",
          "--dest=org.freedesktop.DBus",
          "--print-reply",
          "/org/freedesktop/DBus",
          "org.freedesktop.DBus.GetNameOwner",
          "string:org.freedesktop.secrets",
        ],
        { env, stdio: ["ignore", "ignore", "ignore"] },
      );
      return daemon;
    } catch (error) {
      if (attempt > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", () => reject(new Error("the bus ended before it said its address")));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.split("\n")[0] ?? "");
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => void child.once("exit", resolve));
  if (child.kill("SIGKILL")) await gone;
}

const PROGRAMS = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon", "setpriv"];

/** Programs that are needed and not on the PATH. */
export function missingPrograms(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return PROGRAMS.filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
}

function requirePrograms(): void {
  const missing = missingPrograms();
  if (missing.length > 0)
    throw new Error(`not installed: ${missing.join(", ")}. Install them: apt-get install dbus gnome-keyring`);
}
