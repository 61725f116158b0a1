import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Command } from "./options.ts";
import { STOW_OPTIONS } from "./stow/options.ts";
import type { StowContext } from "./stow/options.ts";
import type { ExitCode } from "../model/exit-code.ts";

export default {
  name: "stow",
  summary: "moves found secrets into a store, and rewrites where they stood",
  usage: ["stow [ID…] [--to keychain|dotenv] [--dry-run | --yes]"],
  description: [
    "Takes the findings of the last check of any kind (those with the given ids, or all that block), or those of a fresh " +
      "check of what is staged. Each value goes into the store under one name; the places it stood in, in the index and on " +
      "the disk alike, read the variable from then on. `stowaway run -- CMD` gives it back to a program.",
    "The plan is shown first, with masked values. What cannot be rewritten safely stays as it is, and is listed with what " +
      "to do by hand. Files such as .env leave git's index and stay on the disk. `stowaway undo` takes everything back, " +
      "byte for byte.",
    "Moving a secret does not make one safe that was pushed or published: revoke it at its provider.",
  ],
  options: STOW_OPTIONS,
  examples: [
    { command: "stowaway stow --dry-run", says: "what would be done with the findings of the last check?" },
    { command: "stowaway stow", says: "shows the plan, asks, and does it" },
    {
      command: "stowaway stow 3f9a2c --name STRIPE_SECRET_KEY",
      says: "one finding, under a name of your own",
    },
    { command: "stowaway stow --to dotenv --yes", says: "into .env.local, without asking" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: StowContext): Promise<ExitCode> {
    const { stow } = await import("./stow/flow.ts");
    return await stow(context);
  },
} satisfies Command<typeof STOW_OPTIONS>;
