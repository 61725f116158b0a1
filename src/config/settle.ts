import type { Config } from "./schema.ts";
import type { Severity } from "../model/rule.ts";
import { DEFAULT_SETTINGS } from "../model/settings.ts";
import type { Limits, Settings } from "../model/settings.ts";

/** What the command line says about settings. */
export interface Flags {
  readonly failOn?: Severity | undefined;
  readonly strict?: boolean | undefined;
}

/**
 * Settles flags, configuration and defaults, in this order of weight, into what the rest of the program reads.
 *
 * The configuration comes from the scanned repository and may be hostile: only the keys named here are taken from it.
 */
export function settle(flags: Flags, config: Config): Settings {
  return deepFreeze({
    failOn: flags.failOn ?? config.failOn ?? DEFAULT_SETTINGS.failOn,
    ignorePaths: [...(config.ignorePaths ?? DEFAULT_SETTINGS.ignorePaths)],
    disable: [...(config.disable ?? DEFAULT_SETTINGS.disable)],
    store: config.store ?? DEFAULT_SETTINGS.store,
    strict: flags.strict ?? DEFAULT_SETTINGS.strict,
    limits: settleLimits(config.limits ?? {}),
  });
}

function settleLimits(given: NonNullable<Config["limits"]>): Limits {
  const defaults = DEFAULT_SETTINGS.limits;
  return {
    fileBytes: given.fileBytes ?? defaults.fileBytes,
    entries: given.entries ?? defaults.entries,
    totalBytes: given.totalBytes ?? defaults.totalBytes,
    ratio: given.ratio ?? defaults.ratio,
    ratioFrom: given.ratioFrom ?? defaults.ratioFrom,
    depth: given.depth ?? defaults.depth,
    buildSeconds: given.buildSeconds ?? defaults.buildSeconds,
  };
}

function deepFreeze(settings: Settings): Settings {
  Object.freeze(settings.ignorePaths);
  Object.freeze(settings.disable);
  Object.freeze(settings.limits);
  return Object.freeze(settings);
}
