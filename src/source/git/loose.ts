import { readFileSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../../host/host.ts";

/** Bytes of `blob 123\0`, at most. */
const HEADER = 64;

/**
 * Reads a blob that stands in a file of its own, which what was just staged nearly always does: without a git process,
 * whose start costs a hook more than all the rest.
 *
 * The format is zlib over `TYPE SIZE NUL CONTENT` (gitformat-loose(5)). An object is called by the hash of its content,
 * so a folder that is not the right one has either the same object or none. That hash is not computed, as git does not
 * when it reads: zlib's checksum and the length tell damage, and who can put other content under a name into `.git`
 * could replace the hook as well. (Loading node:crypto would cost a hook 3 ms.)
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
