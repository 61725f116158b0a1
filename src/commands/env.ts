import { fstatSync } from "node:fs";
import { deliver } from "./deliver.ts";
import { handOut } from "./handing-out.ts";
import type { Command, Context, ExitCodes, Options } from "./options.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import { requireText } from "../run/environment.ts";
import { awsCredentials, jsonObject, requireAwsNames, shellExports } from "../run/print.ts";

const options = {
  format: {
    type: "string",
    value: "FORMAT",
    choices: ["sh", "json", "aws"],
    default: "sh",
    description: "lines for a shell's eval, an object, or the answer of AWS's credential_process",
  },
  only: {
    type: "list",
    value: "NAMES",
    description: "these and no others: A,B; for aws: key id, key and, if there is one, session token",
  },
  profile: {
    type: "string",
    value: "NAME",
    description: "take this profile's values, and the default where it has none",
  },
  reveal: { type: "boolean", description: "print the values to a terminal or a file too" },
} as const satisfies Options;

type EnvContext = Context<typeof options>;

const EXIT_CODES: ExitCodes = [
  ["0", "done"],
  ["2", "wrong usage, a missing secret, or a clone that is not trusted; nothing was printed"],
  ["3", "a store that may have a missing secret cannot be asked; nothing was printed"],
];

export default {
  name: "env",
  summary: "prints the project's secrets for a shell or a program",
  usage: ["env [--format sh|json|aws] [--only A,B]"],
  description: [
    "It prints values, so it writes to a pipe only: to a terminal or a file, with --reveal. Values come from where run " +
      "takes them. A program is served better by stowaway run, which masks what it prints.",
  ],
  options,
  examples: [
    { command: `eval "$(stowaway env)"`, says: "in .envrc for direnv, or in a shell" },
    {
      command: "stowaway env --format aws --only AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY",
      says: "as credential_process in ~/.aws/config; with --cwd DIR of the project",
    },
  ],
  exitCodes: EXIT_CODES,
  async run({ values, positionals, host }: EnvContext): Promise<ExitCode> {
    if (positionals.length > 0)
      throw new UsageError("superfluous-argument", "env takes no arguments", {
        hint: "Name secrets with --only A,B; run a program with stowaway run PROGRAM.",
      });
    if (!values.reveal && (values.output !== undefined || host.stdout.isTTY || fstatSync(1).isFile()))
      throw new UsageError("would-reveal", "that would leave values in clear, so nothing was printed", {
        hint: `Use it as eval "$(stowaway env)", or insist with --reveal.`,
      });
    const { only, profile } = values;
    if (values.format === "aws") requireAwsNames(only);
    const { added, present, notes } = await handOut(host, { only, profile, envFiles: [] });
    if (!values.quiet) for (const note of notes) host.stderr.write(`stowaway: ${note}\n`);
    const all = new Map([...present, ...added]);
    requireText(all);
    const text =
      values.format === "aws"
        ? awsCredentials(all, only)
        : values.format === "json"
          ? jsonObject(all)
          : shellExports(all);
    await deliver(text, values, host);
    return ExitCode.clean;
  },
} satisfies Command<typeof options>;
