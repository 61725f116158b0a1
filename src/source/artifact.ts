import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import { basename, resolve } from "node:path";
import type { ScanError, SourceEvent } from "../model/item.ts";
import type { Limits } from "../model/settings.ts";

/**
 * Reads finished artifacts, each as one item named after its file.
 *
 * @param paths files as the user gave them
 * @param cwd folder they are relative to
 * @returns what cannot be read as an error `unreadable` or `too-large`; the others are still read
 */
export async function* artifacts(
  paths: readonly string[],
  cwd: string,
  limits: Pick<Limits, "fileBytes">,
): AsyncGenerator<SourceEvent> {
  for (const path of paths) yield await readArtifact(path, resolve(cwd, path), limits);
}

async function readArtifact(
  shown: string,
  path: string,
  { fileBytes }: Pick<Limits, "fileBytes">,
): Promise<SourceEvent> {
  let file: FileHandle | null = null;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for a writer that never comes.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return failed(shown, "unreadable", "it is no regular file");
    if (stats.size > fileBytes) {
      const hint = `If you trust it, raise "limits.fileBytes" in stowaway.config.json.`;
      return {
        ...failed(shown, "too-large", `it has more than ${fileBytes} bytes and was not scanned`),
        hint,
      };
    }
    return {
      kind: "item",
      path: basename(path),
      container: [],
      bytes: await file.readFile(),
      included: null,
    };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    return failed(shown, "unreadable", missing ? "there is no such file" : `it cannot be read (${code})`);
  } finally {
    await file?.close();
  }
}

function failed(path: string, code: string, message: string): ScanError {
  return { kind: "error", path, container: [], code, message, digest: null };
}
