import type { Command } from "./options.ts";

/** A command by its name; loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  load(): Promise<{ readonly default: Command }>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "check", load: () => import("./check.ts") },
  { name: "check-pack", load: () => import("./check-pack.ts") },
  { name: "stow", load: () => import("./stow.ts") },
  { name: "init", load: () => import("./init.ts") },
  { name: "rules", load: () => import("./rules.ts") },
  { name: "run", load: () => import("./run.ts") },
  { name: "env", load: () => import("./env.ts") },
  { name: "secrets", load: () => import("./secrets.ts") },
  { name: "trust", load: () => import("./trust.ts") },
  { name: "undo", load: () => import("./undo.ts") },
  { name: "scrub", load: () => import("./scrub.ts") },
  { name: "help", load: () => import("./help.ts") },
];
