import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Host } from "./host.ts";
import { UsageError } from "../model/errors.ts";

/**
 * The host with another working folder.
 *
 * @param folder absolute, or relative to the host's own; undefined keeps that
 * @throws UsageError where it is no folder
 */
export async function changeFolder(host: Host, folder: string | undefined): Promise<Host> {
  if (folder === undefined) return host;
  const cwd = resolve(host.cwd, folder);
  const found = await stat(cwd).catch((cause: unknown) => {
    throw new UsageError("no-folder", "--cwd names a folder that cannot be opened", { path: folder, cause });
  });
  if (!found.isDirectory()) throw new UsageError("no-folder", "--cwd names no folder", { path: folder });
  // As git and the process itself name it, so that paths compare.
  return { ...host, cwd: await realpath(cwd) };
}
