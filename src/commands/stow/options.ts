import type { Context, Options } from "../options.ts";
import { SCAN_OPTIONS } from "../scanning.ts";

/** Options of `stow`. */
export const STOW_OPTIONS = {
  to: {
    type: "string",
    value: "STORE",
    choices: ["keychain", "dotenv"],
    description: "where the values go (default: the keychain)",
  },
  name: { type: "string", value: "NAME", description: "the variable's name, where one value is moved" },
  yes: { type: "boolean", short: "y", description: "do it without asking" },
  "dry-run": { type: "boolean", description: "show the plan and change nothing" },
  each: { type: "boolean", description: "ask for each secret what to do with it, as the hook does" },
  ...SCAN_OPTIONS,
} as const satisfies Options;

export type StowContext = Context<typeof STOW_OPTIONS>;
