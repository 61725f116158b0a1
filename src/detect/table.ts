import { RULES } from "../rules/index.ts";
import { lazyPrefilter } from "./lazy-prefilter.ts";
import { printPrefilter, type Prefilter } from "./prefilter.ts";

/** The prefilter of all built-in rules. The bundle reads it from a file instead, which the build prints. */
export const PREFILTER: Prefilter = lazyPrefilter(() => printPrefilter(RULES));
