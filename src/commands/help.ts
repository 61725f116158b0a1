import { COMMANDS } from "./index.ts";
import { READ_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";

const options = {} as const satisfies Options;

export default {
  name: "help",
  summary: "explains stowaway, or one of its commands",
  usage: ["help [COMMAND]"],
  options,
  examples: [{ command: "stowaway help check-pack", says: "the same as stowaway check-pack --help" }],
  exitCodes: READ_EXIT_CODES,
  async run({ positionals, host }: Context<typeof options>): Promise<ExitCode> {
    const { commandHelp, overview } = await import("./help-text.ts");
    const [name] = positionals;
    host.stdout.write(name === undefined ? await overview() : commandHelp(await load(name)));
    return ExitCode.clean;
  },
} satisfies Command<typeof options>;

async function load(name: string): Promise<Command> {
  const names = COMMANDS.map((entry) => entry.name);
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry !== undefined) return (await entry.load()).default;
  const near = nearest(name, names);
  throw new UsageError("unknown-command", `unknown command ${name}`, {
    hint: near === null ? `The commands are ${names.join(", ")}.` : `Did you mean stowaway help ${near}?`,
  });
}
