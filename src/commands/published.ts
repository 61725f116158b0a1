import path from "node:path";
import type { Host } from "../host/host.ts";
import { makeTempFolder } from "../host/temp.ts";
import { KnownError } from "../model/errors.ts";
import type { Limits } from "../model/settings.ts";
import { packAll } from "../source/pack/index.ts";
import { pythonTakes } from "../source/pack/python-single.ts";

/** A package.json without name and version cannot be packed either. */
const NOT_A_PACKAGE = new Set(["no-folder", "no-package", "no-name-version"]);

/**
 * Makes the question by which packer a file of the work tree would be published: answered by the packers' own rules,
 * nothing is run.
 *
 * @param top absolute
 * @returns asks for a path relative to the top; null where no package holds the file, a clause where one does, or where
 *   that cannot be told
 */
export function publishedBy(
  host: Host,
  top: string,
  limits: Limits,
): (file: string) => Promise<string | null> {
  return async (file) => {
    const folders = foldersAbove(file).map((folder) => path.join(top, folder));
    for (const folder of folders) {
      const name = path.relative(folder, path.join(top, file)).split(path.sep).join("/");
      const answer = await packageHolds(host, folder, name, limits);
      if (answer !== null) return answer;
    }
    return null;
  };
}

/** Folders of a path, the top first: `a/b/c` gives ``, `a`, `a/b`. */
function foldersAbove(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return ["", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

async function packageHolds(
  host: Host,
  folder: string,
  name: string,
  limits: Limits,
): Promise<string | null> {
  const temp = await makeTempFolder();
  const options = { static: true, ignoreScripts: true, isolation: true, temp: temp.path, mask: null };
  try {
    const run = await packAll([folder], [], true, { host, limits, ...options });
    for await (const event of run.events()) {
      if (event.kind === "error" && event.code === "no-static-list") {
        const by = await pythonTakes(folder, name);
        if (by !== null) return by;
      } else if (event.kind === "error")
        return `it cannot be told whether it would be published: ${event.message}`;
      // Npm's list maker puts `./` before a name that begins with an @.
      if (event.kind === "item" && event.path.replace(/^\.\//, "") === name)
        return [event.container[0], event.included].filter((part) => part !== null).join(", ");
    }
    return null;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    if (NOT_A_PACKAGE.has(error.code)) return null;
    return `it cannot be told whether it would be published: ${error.message}`;
  } finally {
    await temp.remove();
  }
}
