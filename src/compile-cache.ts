import module from "node:module";
import { homedir } from "node:os";
import path from "node:path";

/** The folder in which this platform keeps what programs can make anew (XDG Base Directory; Apple; Windows). */
function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === "win32") return LOCALAPPDATA ?? path.join(homedir(), "AppData/Local");
  if (process.platform === "darwin") return path.join(homedir(), "Library/Caches");
  return XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)
    ? XDG_CACHE_HOME
    : path.join(homedir(), ".cache");
}

/**
 * Keeps our compiled code where the Node can (22.1 and newer): not in the temporary folder, which is its default and
 * which we promise to leave as it was, and which other users may write to.
 */
export function keepCompiledCode(): void {
  // Unknown to the types, and to the module itself, of Node 20. What it answers changes nothing: it is a cache.
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(path.join(cacheFolder(), "stowaway", "code"));
}
