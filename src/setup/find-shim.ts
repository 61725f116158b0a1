import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { KnownError } from "../model/errors.ts";

/** The published shim, as a hook calls it. */
export interface Shim {
  /** Path as it is written into the hook: relative to the top of the repository, or absolute. `/` between parts. */
  readonly call: string;
  /** Folder that holds the `node_modules` it was found in; null for one that belongs to this machine. */
  readonly project: string | null;
}

const IN_PACKAGE = path.join("hooks", "pre-commit");

/**
 * Finds the shim that a hook of this repository should call: the nearest installed one from the working folder up to
 * the top, else the running program's own.
 *
 * @param cwd absolute
 * @param top absolute top of the work tree
 * @param own absolute folder of the running program's package
 * @throws KnownError (1) where the running program lies in a cache that may vanish, or has no shim
 */
export function findShim(cwd: string, top: string, own: string): Shim {
  const [from, to] = [realpathSync(cwd), realpathSync(top)];
  for (let folder = from; ; folder = path.dirname(folder)) {
    const relative = path.relative(to, folder);
    if (relative.startsWith("..") || path.isAbsolute(relative)) break;
    const shim = path.join(folder, "node_modules", "stowaway", IN_PACKAGE);
    if (existsSync(shim)) return { call: slashes(path.relative(to, shim)), project: folder };
    if (folder === to) break;
  }
  return ownShim(to, realpathSync(own));
}

function ownShim(top: string, own: string): Shim {
  const shim = path.join(own, IN_PACKAGE);
  // npx, pnpm dlx and bunx run packages out of caches that are emptied at any time.
  const cached = own.split(path.sep).some((part) => /^(_npx|dlx|dlx-.*|bunx-.*)$/.test(part));
  if (cached || !existsSync(shim)) {
    throw new KnownError(
      1,
      "not-installed",
      "stowaway is not installed in this project, so a hook could not call it",
      {
        hint: "Run npm install --save-dev stowaway, then npx stowaway init.",
      },
    );
  }
  const relative = path.relative(top, shim);
  const inside = !relative.startsWith("..") && !path.isAbsolute(relative);
  return { call: slashes(inside ? relative : shim), project: inside ? top : null };
}

function slashes(file: string): string {
  return file.split(path.sep).join("/");
}
