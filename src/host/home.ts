import { userInfo } from "node:os";
import { posix, win32 } from "node:path";
import type { Environment } from "./host.ts";

interface Place {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

/** Per platform: the variable that names the folder, and where it is in the user's own folder without that. */
type Folder = readonly [variable: string | null, below: string];

/** XDG Base Directory 0.8, and what macOS and Windows have in its place. */
const FOLDERS = {
  state: { win32: ["LOCALAPPDATA", "AppData/Local"], darwin: [null, "Library/Application Support"] },
  cache: { win32: ["LOCALAPPDATA", "AppData/Local"], darwin: [null, "Library/Caches"] },
} as const satisfies Record<string, Partial<Record<NodeJS.Platform, Folder>>>;
const XDG = {
  state: ["XDG_STATE_HOME", ".local/state"],
  cache: ["XDG_CACHE_HOME", ".cache"],
} as const satisfies Record<keyof typeof FOLDERS, Folder>;

/**
 * The folder in which a platform's programs keep what they know (`state`), or could make anew (`cache`), for a user.
 * Variables that hold nothing or a relative path do not count: they would lead into the folder that we happen to work in.
 *
 * @returns absolute; null where neither the environment nor the system knows the user's own folder
 */
export function userFolder(kind: keyof typeof FOLDERS, { env, platform }: Place): string | null {
  const folders: Partial<Record<NodeJS.Platform, Folder>> = FOLDERS[kind];
  const [variable, below] = folders[platform] ?? XDG[kind];
  const named = variable === null ? null : absolute(env[variable], platform);
  if (named !== null) return named;
  const home =
    absolute(env[platform === "win32" ? "USERPROFILE" : "HOME"], platform) ?? homeOfSystem(platform);
  return home === null ? null : pathsOf(platform).join(home, below);
}

function homeOfSystem(platform: NodeJS.Platform): string | null {
  try {
    // Unlike homedir(), this asks no variable.
    return absolute(userInfo().homedir, platform);
  } catch {
    // A user without an entry in the system's list, as containers have them.
    return null;
  }
}

function absolute(path: string | undefined, platform: NodeJS.Platform): string | null {
  return path !== undefined && pathsOf(platform).isAbsolute(path) ? path : null;
}

function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === "win32" ? win32 : posix;
}
