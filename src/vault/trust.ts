import { createHash, randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, posix, win32 } from "node:path";
import { createWhole, makePrivateFolder, removeDurably, writeDurably } from "./durable.ts";
import type { Environment } from "../host/host.ts";
import { IncompleteError } from "../model/errors.ts";

/** The pair that is bound: a project and a clone. */
export interface Clone {
  readonly projectId: string;
  /** Absolute, links resolved; all worktrees of a clone share it. */
  readonly commonDir: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

interface BindingRecord {
  readonly version: 1;
  readonly projectId: string;
  readonly commonDir: string;
  /** SHA-256 of the clone's token, hexadecimal. */
  readonly token: string;
}

const TOKEN = /^[0-9a-f]{64}$/;

/**
 * Whether the user bound this project to this clone on this machine. The user-level record and the clone's own token must
 * both be there and match: a copied manifest has no record, a copied work tree lies elsewhere, and another clone at the
 * same place has another token.
 */
export async function isBound(clone: Clone): Promise<boolean> {
  const [record, token] = await Promise.all([readRecord(clone), readToken(clone.commonDir)]);
  return (
    record !== null &&
    token !== null &&
    record.projectId === clone.projectId &&
    record.commonDir === clone.commonDir &&
    record.token === digest(token)
  );
}

/**
 * Binds the project to the clone. May be called twice, and by two processes at once.
 *
 * @throws IncompleteError where the user's or the git directory cannot be written to
 */
export async function bind(clone: Clone): Promise<void> {
  const { projectId, commonDir } = clone;
  try {
    const token = digest(await ensureToken(commonDir));
    const record: BindingRecord = { version: 1, projectId, commonDir, token };
    await makePrivateFolder(recordFolder(clone));
    await writeDurably(recordPath(clone), Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
  } catch (cause) {
    throw new IncompleteError("trust-failed", "the binding of this clone cannot be written", {
      path: (cause as NodeJS.ErrnoException).path ?? commonDir,
      hint: "See that this folder can be written to.",
      cause,
    });
  }
}

/** Takes the binding back. The clone's token stays, for its other projects. */
export async function unbind(clone: Clone): Promise<void> {
  if ((await readRecord(clone)) !== null) await removeDurably(recordPath(clone));
}

/** Folder of what a program keeps for a user: XDG base directories 0.8, and what macOS and Windows have in its place. */
function stateFolder({ env, platform }: Pick<Clone, "env" | "platform">): string {
  if (platform === "win32") {
    const home = env["USERPROFILE"] ?? homedir();
    return win32.join(env["LOCALAPPDATA"] ?? win32.join(home, "AppData", "Local"), "stowaway");
  }
  const home = env["HOME"] ?? homedir();
  if (platform === "darwin") return posix.join(home, "Library", "Application Support", "stowaway");
  const state = env["XDG_STATE_HOME"];
  // The specification wants relative ones to be passed over.
  const usable = state !== undefined && posix.isAbsolute(state);
  return posix.join(usable ? state : posix.join(home, ".local", "state"), "stowaway");
}

function recordFolder(clone: Clone): string {
  return join(stateFolder(clone), "trust");
}

/** One file a pair, so that two processes never write each other's. */
function recordPath(clone: Clone): string {
  const name = digest(`${clone.projectId}\0${clone.commonDir}`).slice(0, 32);
  return join(recordFolder(clone), `${name}.json`);
}

async function readRecord(clone: Clone): Promise<BindingRecord | null> {
  const text = await readText(recordPath(clone));
  if (text === null) return null;
  try {
    const record = JSON.parse(text) as BindingRecord | null;
    return record?.version === 1 ? record : null;
  } catch {
    return null;
  }
}

async function readToken(commonDir: string): Promise<string | null> {
  const token = (await readText(join(commonDir, "stowaway", "clone")))?.trim() ?? "";
  return TOKEN.test(token) ? token : null;
}

async function ensureToken(commonDir: string): Promise<string> {
  const folder = join(commonDir, "stowaway");
  await makePrivateFolder(folder);
  for (;;) {
    const present = await readToken(commonDir);
    if (present !== null) return present;
    const target = join(folder, "clone");
    const made = await createWhole(target, `${randomBytes(32).toString("hex")}\n`);
    // What was there before is no token: the rest of a broken disk, say.
    if (!made && (await readToken(commonDir)) === null) await rm(target, { force: true, recursive: true });
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // Whatever keeps it from being read, it proves nothing.
    return null;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
