import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Command } from "./options.ts";
import { SECRETS_OPTIONS } from "./secrets/session.ts";
import type { SecretsContext } from "./secrets/session.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import type { ExitCode } from "../model/exit-code.ts";

type Action = (context: SecretsContext) => Promise<ExitCode>;

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  ls: async () => (await import("./secrets/show.ts")).list,
  get: async () => (await import("./secrets/show.ts")).get,
  set: async () => (await import("./secrets/set.ts")).set,
  rm: async () => (await import("./secrets/move.ts")).remove,
  mv: async () => (await import("./secrets/move.ts")).move,
  rename: async () => (await import("./secrets/move.ts")).rename,
};

export default {
  name: "secrets",
  summary: "lists, reads and changes what the project has stowed",
  usage: [
    "secrets [ls]",
    "secrets get NAME [--profile NAME] [--reveal]",
    "secrets set NAME [--to keychain|dotenv] [--profile NAME]",
    "secrets rm NAME… [--profile NAME]",
    "secrets mv NAME… --to keychain|dotenv",
    "secrets rename OLD NEW",
  ],
  description: [
    "The names stand in stowaway.secrets.json, which is committed; the values are in the system's keychain, or in a " +
      "dotenv file that git ignores and no package takes. set reads the value from standard input, without the last line " +
      "end, or asks for it on a terminal. It overwrites another value only with --yes.",
    "get prints the value to a pipe; to a terminal or a file only with --reveal.",
  ],
  options: SECRETS_OPTIONS,
  examples: [
    { command: "stowaway secrets", says: "the names, and where their values are" },
    { command: "stowaway secrets set DATABASE_URL", says: "asks for the value, and stores it" },
    {
      command: "stowaway secrets get NPM_TOKEN | gh secret set NPM_TOKEN",
      says: "hands one to another program",
    },
    { command: "stowaway secrets mv DATABASE_URL --to dotenv", says: "where there is no keychain" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: SecretsContext): Promise<ExitCode> {
    const [word = "ls", ...positionals] = context.positionals;
    const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
    if (action === undefined) {
      const near = nearest(word, Object.keys(ACTIONS));
      throw new UsageError("unknown-command", `secrets has no ${word}`, {
        hint:
          near === null
            ? `It has ${Object.keys(ACTIONS).join(", ")}.`
            : `Did you mean stowaway secrets ${near}?`,
      });
    }
    return await (
      await action()
    )({ ...context, positionals });
  },
} satisfies Command<typeof SECRETS_OPTIONS>;
