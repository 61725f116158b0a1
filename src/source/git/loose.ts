import { readFileSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../../host/host.ts";

/** Bytes of `blob 123\0`, at most. */
const HEADER = 64;

/**
 * Reads a blob that stands in a file of its own, which what was just staged nearly always does: without a git process,
 * whose start costs a hook more than all the rest.
 *
 * The format is zlib over `TYPE SIZE NUL CONTENT` (gitformat-loose(5)). Content is found by its hash, so a folder that
 * is not the right one has either the same object or none.
 *
 * @param id the object's id, hexadecimal
 * @param limit bytes of the largest blob that is read
 * @returns null where git itself must be asked: packed, too large, damaged, or in a folder we did not guess
 */
export function readLoose(
  { cwd, env }: { cwd: string; env: Environment },
  id: string,
  limit: number,
): Buffer | null {
  const folder = env["GIT_OBJECT_DIRECTORY"] ?? path.join(env["GIT_DIR"] ?? ".git", "objects");
  try {
    const packed = readFileSync(path.resolve(cwd, folder, id.slice(0, 2), id.slice(2)));
    // Not `import()`, which starts the loader of ES modules: 2 ms.
    const { inflateSync } = process.getBuiltinModule("node:zlib");
    const whole = inflateSync(packed, { maxOutputLength: limit + HEADER });
    const end = whole.indexOf(0);
    const header = /^blob (\d+)$/.exec(whole.toString("latin1", 0, Math.min(end, HEADER)));
    const content = whole.subarray(end + 1);
    return header !== null && Number(header[1]) === content.length && content.length <= limit
      ? content
      : null;
  } catch {
    // Whatever is wrong with this file, git finds it too and says it better.
    return null;
  }
}
