import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../host/host.ts";
import { IncompleteError, UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest } from "../model/manifest.ts";

/** A larger file is no manifest, whoever put it there. */
const LARGEST_BYTES = 1024 ** 2;

export interface FoundManifest {
  /** Absolute; the folder that it lies in. */
  readonly folder: string;
  readonly text: string;
  readonly manifest: Manifest;
}

/**
 * Reads a folder's manifest; null where there is none. Without following a link, which may lead out of the tree, and
 * without waiting for a pipe.
 *
 * @throws UsageError where it is broken, a link or too large; IncompleteError where it cannot be read
 */
export async function readManifest(folder: string): Promise<FoundManifest | null> {
  const bytes = await readRegular(join(folder, MANIFEST_FILE));
  if (bytes === null) return null;
  const text = bytes.toString("utf8");
  return { folder, text, manifest: await parse(text) };
}

/** The manifest of the folder, or of the nearest one above it that has one. Throws as `readManifest` does. */
export async function findUpwards(cwd: string): Promise<FoundManifest | null> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = await readManifest(folder);
    if (found !== null || folder === dirname(folder)) return found;
  }
}

/**
 * The project's manifest, found without git: which names there are is no secret, and where all are set already, nothing
 * else need be known. Throws as `readManifest` does.
 *
 * @returns undefined where only git knows which work tree is meant
 */
export async function peekManifest({
  cwd,
  env,
}: {
  readonly cwd: string;
  readonly env: Environment;
}): Promise<Manifest | null | undefined> {
  if (["GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES"].some((name) => env[name] !== undefined))
    return undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await exists(join(folder, ".git"))) return (await readManifest(folder))?.manifest ?? null;
    if (folder === dirname(folder)) return (await findUpwards(cwd))?.manifest ?? null;
  }
}

/** What has no comment needs no parser of ours, which takes longer to load than a program to start. */
async function parse(text: string): Promise<Manifest> {
  const { checkManifest } = await import("../config/schema.ts");
  try {
    const checked = checkManifest(JSON.parse(text));
    if ("manifest" in checked) return checked.manifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { parseManifest } = await import("../config/manifest.ts");
  return parseManifest(text);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function readRegular(path: string): Promise<Buffer | null> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    const is =
      code === "ELOOP" ? "this is a link, which may lead out of the work tree" : "this file cannot be read";
    throw code === "ELOOP"
      ? new UsageError("manifest-invalid", is, { path: MANIFEST_FILE, cause })
      : new IncompleteError("manifest-unreadable", is, { path: MANIFEST_FILE, cause });
  }
  try {
    const found = await file.stat();
    if (!found.isFile())
      throw new UsageError("manifest-invalid", "this is no regular file", { path: MANIFEST_FILE });
    if (found.size > LARGEST_BYTES)
      throw new UsageError("manifest-invalid", "this file is too large", { path: MANIFEST_FILE });
    return await file.readFile();
  } finally {
    await file.close();
  }
}
