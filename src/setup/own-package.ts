import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the package that this program runs from: the nearest one above this file, bundled or not. */
export function ownPackage(): string {
  const start = path.dirname(fileURLToPath(import.meta.url));
  let folder = start;
  while (!existsSync(path.join(folder, "package.json"))) {
    const parent = path.dirname(folder);
    if (parent === folder) return start;
    folder = parent;
  }
  return folder;
}

/** Whether it was installed into a project, and so is not on the PATH: its command line begins with `npx` then. */
export function isInProject(own: string = ownPackage()): boolean {
  const parts = own.split(path.sep);
  const at = parts.lastIndexOf("node_modules");
  // A global folder is `lib/node_modules`, on Windows `npm\\node_modules`.
  return at > 0 && parts[at - 1] !== "lib" && parts[at - 1] !== "npm";
}
