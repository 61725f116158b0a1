import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { createWhole, makePrivateFolder, removeDurably, writeDurably } from "./durable.ts";
import { userFolder } from "../host/home.ts";
import type { Environment } from "../host/host.ts";
import { IncompleteError } from "../model/errors.ts";

/** The pair that is bound: a project and a clone. */
export interface Clone {
  readonly projectId: string;
  /** Absolute, links resolved; all worktrees of a clone share it. */
  readonly commonDir: string;
  /** Absolute; top of the work tree. */
  readonly top: string;
  /** Whether that work tree belongs to the clone by where it lies (`belongsToClone`). */
  readonly owned: boolean;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

interface BindingRecord {
  readonly version: 1;
  readonly projectId: string;
  readonly commonDir: string;
  /** Links resolved; the work tree in which it was bound. */
  readonly top: string;
  /** SHA-256 of the clone's token, hexadecimal. */
  readonly token: string;
}

const TOKEN = /^[0-9a-f]{64}$/;

/**
 * Whether the user bound this project to this clone on this machine. The user-level record and the clone's own token must
 * both be there and match: a copied manifest has no record, a copied work tree lies elsewhere, and another clone at the
 * same place has another token. As anybody can make a folder of which git says that it is a work tree of this clone, that
 * must belong to it by where it lies, or be the one in which it was bound.
 */
export async function isBound(clone: Clone): Promise<boolean> {
  const [record, token] = await Promise.all([
    readRecord(recordPath(clone, recordFolder(clone))),
    readToken(clone.commonDir),
  ]);
  return (
    record !== null &&
    token !== null &&
    record.projectId === clone.projectId &&
    record.commonDir === clone.commonDir &&
    record.token === digest(token) &&
    (clone.owned || record.top === (await realpath(clone.top)))
  );
}

/**
 * Binds the project to the clone. May be called twice, and by two processes at once.
 *
 * @throws IncompleteError where the user's or the git directory cannot be written to
 */
export async function bind(clone: Clone): Promise<void> {
  const { projectId, commonDir } = clone;
  const folder = recordFolder(clone);
  if (folder === null)
    throw new IncompleteError("trust-failed", "the user has no folder of his own to keep the binding in", {
      hint: "Set HOME to an absolute path.",
    });
  try {
    const token = digest(await ensureToken(commonDir));
    const record: BindingRecord = { version: 1, projectId, commonDir, top: await realpath(clone.top), token };
    await makePrivateFolder(folder);
    await writeDurably(recordPath(clone, folder), Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
  } catch (cause) {
    if (cause instanceof IncompleteError) throw cause;
    throw new IncompleteError("trust-failed", "the binding of this clone cannot be written", {
      path: (cause as NodeJS.ErrnoException).path ?? commonDir,
      hint: "See that this folder can be written to.",
      cause,
    });
  }
}

/** Takes the binding back. The clone's token stays, for its other projects. */
export async function unbind(clone: Clone): Promise<void> {
  const path = recordPath(clone, recordFolder(clone));
  if (path !== null && (await readRecord(path)) !== null) await removeDurably(path);
}

/**
 * Other clones on this machine that the project is bound to, and that are still there.
 *
 * @returns the tops of the work trees in which they were bound, sorted
 */
export async function otherClones(clone: Clone): Promise<readonly string[]> {
  const folder = recordFolder(clone);
  const names = folder === null ? [] : await readdir(folder).catch(() => []);
  const top = await realpath(clone.top);
  const found: string[] = [];
  for (const name of names) {
    const record = await readRecord(join(folder ?? "", name));
    if (record?.projectId !== clone.projectId) continue;
    if (record.commonDir === clone.commonDir && (clone.owned || record.top === top)) continue;
    const token = await readToken(record.commonDir);
    if (token !== null && record.token === digest(token)) found.push(record.top);
  }
  return found.toSorted();
}

function recordFolder(place: Pick<Clone, "env" | "platform">): string | null {
  const state = userFolder("state", place);
  return state === null ? null : join(state, "stowaway", "trust");
}

/** One file a pair, so that two processes never write each other's. */
function recordPath(clone: Clone, folder: string): string;
function recordPath(clone: Clone, folder: string | null): string | null;
function recordPath({ projectId, commonDir }: Clone, folder: string | null): string | null {
  const name = digest(`${projectId}\0${commonDir}`).slice(0, 32);
  return folder === null ? null : join(folder, `${name}.json`);
}

async function readRecord(path: string | null): Promise<BindingRecord | null> {
  const text = path === null ? null : await readText(path);
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
