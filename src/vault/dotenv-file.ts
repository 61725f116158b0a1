import { constants } from "node:fs";
import { lstat, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { isIgnored, wasTracked } from "./git-facts.ts";
import { isTreePath } from "../config/tree-path.ts";
import { parseDotenv } from "../formats/dotenv.ts";
import type { DotenvEntry } from "../formats/dotenv.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { IncompleteError, KnownError, UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";

const LARGEST_BYTES = 16 * 1024 ** 2;
const OWNER_ONLY = 0o600;
/** What belongs into the repository, so that nothing secret may be put in its place. */
const PUBLIC =
  /^(?:\.git.*|stowaway\..*|\.stowaway-baseline\.json|\.env\.(?:dist|example|sample|template))$/i;

/** Names that frameworks read and ignore files know, in the order in which they are taken. */
const CONVENTIONAL = [".env.local", ".env.development.local", ".env.secrets.local", ".env.stowaway.local"];

/** A dotenv file of a work tree. */
export interface DotenvPlace extends GitPlace {
  /** Absolute top of the work tree. */
  readonly top: string;
  /** Relative to the top, `/` between parts. */
  readonly file: string;
}

/** What a dotenv file holds. */
export interface DotenvContent {
  readonly text: string;
  readonly entries: readonly DotenvEntry[];
  /** Permission bits. */
  readonly mode: number;
}

/**
 * The dotenv file to take: the configured one, else the first conventional name that was never tracked.
 *
 * @param configured `settings.store`
 * @throws KnownError (1) where the configured file, or every conventional one, was tracked at some time
 */
export function chooseDotenvFile(place: GitPlace, configured: string | null): string {
  if (configured !== null) {
    if (wasTracked(place, configured)) throw trackedBefore(configured);
    return configured;
  }
  const free = CONVENTIONAL.find((name) => !wasTracked(place, name));
  if (free === undefined) throw trackedBefore(CONVENTIONAL[0] ?? "");
  return free;
}

function trackedBefore(path: string): KnownError {
  return refused(
    path,
    "git has tracked this file, and going to an old commit would overwrite what it holds now",
    {
      hint: 'Name a file in the configuration\'s "store" that was never committed.',
    },
  );
}

/** The error for a file that may not hold values. */
export function refused(path: string, why: string, details: { hint: string }): KnownError {
  return new KnownError(ExitCode.findings, "dotenv-refused", why, { path, ...details });
}

/** The file of a profile: `.env.local` becomes `.env.production.local`, as frameworks name it. */
export function profileFile(file: string, profile: string | null): string {
  if (profile === null) return file;
  const name = basename(file);
  const folder = file.slice(0, file.length - name.length);
  const local = /^(.*)\.local$/.exec(name)?.[1];
  return `${folder}${local === undefined ? `${name}.${profile}` : `${local}.${profile}.local`}`;
}

/**
 * Sees to it, before a value is written, that git never had the file and ignores it, and that no link is on the way to
 * it.
 *
 * @throws KnownError (1) with the reason; UsageError for a path that leads out of the work tree
 */
export async function proveHidden(place: DotenvPlace): Promise<void> {
  const { file } = place;
  await refusePath(place);
  if (wasTracked(place, file)) throw trackedBefore(file);
  if (!isIgnored(place, file))
    throw refused(file, "git does not ignore this file, or a later rule takes that back", {
      hint: `Let the last rule in .gitignore that matches it be: /${file}`,
    });
}

/**
 * @throws UsageError for a path out of the work tree; KnownError (1) where a link or another repository is on it, or where
 *   it is a file that others read
 */
export async function refusePath({ top, file }: DotenvPlace): Promise<void> {
  if (!isTreePath(file))
    throw new UsageError("dotenv-outside", "this is no path inside the work tree", { path: file });
  if (PUBLIC.test(basename(file)))
    throw refused(file, "this file is there to be committed", {
      hint: 'Name another one in the configuration\'s "store": .env.local, say.',
    });
  const parts = file.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const path = parts.slice(0, length).join("/");
    const found = await lstat(join(top, path)).catch(() => null);
    if (found?.isSymbolicLink() === true)
      throw refused(path, "this is a link, which may lead out of the work tree", {
        hint: "Put a real file there.",
      });
    if (length === parts.length && found !== null && !found.isFile())
      throw refused(path, "this is no regular file", { hint: "Name another one in the configuration." });
    if (length === parts.length && found !== null && found.nlink > 1)
      throw refused(path, "this file has a second name (a hard link), which may be anywhere", {
        hint: "Put a file of its own there.",
      });
    if (length === parts.length) continue;
    if (found === null) throw refused(file, "its folder is not there", { hint: "Make the folder first." });
    if ((await lstat(join(top, path, ".git")).catch(() => null)) !== null)
      throw refused(file, "this file is in another repository, a sub-module say, which may track it", {
        hint: "Keep the values in the repository that uses them.",
      });
  }
}

/**
 * Reads the file.
 *
 * @returns null where there is none
 * @throws IncompleteError where it cannot be read or is no UTF-8 text
 */
export async function readDotenv({ top, file }: DotenvPlace): Promise<DotenvContent | null> {
  const problem = (what: string, cause?: unknown): IncompleteError =>
    new IncompleteError("dotenv-unreadable", what, { path: file, cause });
  const handle = await open(
    join(top, file),
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw problem("this file cannot be read", error);
  });
  if (handle === null) return null;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw problem("this is no regular file");
    if (stat.size > LARGEST_BYTES) throw problem("this file is too large");
    const bytes = await handle.readFile();
    const text = bytes.toString("utf8");
    if (!Buffer.from(text).equals(bytes) || text.includes("\0")) throw problem("this file is no UTF-8 text");
    return { text, entries: parseDotenv(text), mode: stat.mode & 0o777 };
  } finally {
    await handle.close();
  }
}

/** Makes the file, empty and for its owner only. @returns false where there is one already */
export async function createEmpty({ top, file }: DotenvPlace): Promise<boolean> {
  try {
    const handle = await open(join(top, file), "wx", OWNER_ONLY);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the file if it is empty. */
export async function removeEmpty({ top, file }: DotenvPlace): Promise<void> {
  const path = join(top, file);
  const found = await lstat(path).catch(() => null);
  if (found?.isFile() === true && found.size === 0) await rm(path);
}
