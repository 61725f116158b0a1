import { findConfig } from "./find.ts";
import { type Flags, settle } from "./settle.ts";
import type { Settings } from "../model/settings.ts";

/**
 * The settings of a staged check: configuration comes from the index, so that what is committed is what counts.
 *
 * @param read gives the index's version of a path, null where it has none
 * @throws UsageError where the configuration is broken
 */
export async function settingsOfIndex(
  read: (path: string) => Promise<Buffer | null>,
  flags: Flags,
): Promise<Settings> {
  const found = await findConfig([""], async (path) => (await read(path))?.toString() ?? null);
  return settle(flags, found?.config ?? {});
}
