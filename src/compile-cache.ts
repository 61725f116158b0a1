import module from "node:module";
import path from "node:path";
import { userFolder } from "./host/home.ts";

/**
 * Keeps our compiled code where the Node can (22.1 and newer): not in the temporary folder, which is its default and
 * which we promise to leave as it was, and which other users may write to.
 */
export function keepCompiledCode(): void {
  // Unknown to the types, and to the module itself, of Node 20. What it answers changes nothing: it is a cache.
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  const folder = userFolder("cache", process);
  if (folder !== null) enableCompileCache?.(path.join(folder, "stowaway", "code"));
}
