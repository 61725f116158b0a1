import { existsSync } from "node:fs";
import path from "node:path";
import { handOut } from "./handing-out.ts";
import type { Handout } from "./handing-out.ts";
import type { Command, Context, ExitCodes, Options } from "./options.ts";
import type { Host } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import type { ExitCode } from "../model/exit-code.ts";
import { escapeText } from "../report/escape.ts";
import type { Outputs } from "../run/outputs.ts";

const options = {
  only: { type: "list", value: "NAMES", description: "hand out these and no others: A,B" },
  profile: {
    type: "string",
    value: "NAME",
    description: "take this profile's values, and the default where it has none",
  },
  dotenv: {
    type: "list",
    value: "FILE",
    description:
      "a dotenv file for what has no value yet; refused where git tracks it; the last one that has a name counts",
  },
  "env-file": {
    type: "list",
    value: "FILE",
    description: "the same, after those of --dotenv; but Node reads it too, before stowaway can look",
  },
  "no-masking": { type: "boolean", description: "let values through in the output" },
  "allow-install": { type: "boolean", description: "install packages with every secret in the environment" },
} as const satisfies Options;

type RunContext = Context<typeof options>;

const EXIT_CODES: ExitCodes = [
  ["0…255", "as the program answers"],
  ["2", "wrong usage, a missing secret, or a clone that is not trusted; nothing was started"],
  ["3", "a store that may have a missing secret cannot be asked; nothing was started"],
  ["126, 127", "the program cannot be executed, was not found"],
  ["128 + N", "signal N ended the program; stowaway dies of it too"],
];

/** Says to programs that they run under us. */
const MARK = "STOWAWAY_RUN";

export default {
  name: "run",
  summary: "runs a program with the project's secrets in its environment",
  usage: ["run [OPTION…] [--] PROGRAM [ARGUMENT…]"],
  description: [
    "The names in stowaway.secrets.json become variables. One that is set already stays as it is, even when empty; else " +
      "the value comes from the profile, the default, or a file of --dotenv. If none is missing, no store is opened, so " +
      "CI needs nothing but its variables.",
    "Values of six characters or more do not show in the program's output (nor do their lines, or what base64, URLs, " +
      "JSON, HTML and quotes make of them): *** stands there. Output to a terminal is not touched.",
    "Installing packages is refused, since their scripts would get every secret, unless --only says which ones, or " +
      "--allow-install is given.",
    "Node itself looks for --env-file among all that stands before a --, the program's own options too: it ends with 9 " +
      "where the file is missing, and starts stowaway with the NODE_OPTIONS in it. Use --dotenv for files that you did not " +
      "write, and -- before a program that has an --env-file of its own.",
    "What the program left running may go on writing: as in a shell's pipe, stowaway passes it on until its end.",
    "Variables that decide what programs do (PATH, NODE_OPTIONS, LD_PRELOAD, …) are set only when --only names them.",
  ],
  options,
  rest: true,
  examples: [
    { command: "stowaway run npm start", says: "a script, with what it needs" },
    { command: "stowaway run --only DATABASE_URL -- python -m app", says: "one secret, and no other" },
    {
      command: "stowaway run --profile staging --dotenv .env.local node server.js",
      says: "values of a profile, then a file",
    },
  ],
  exitCodes: EXIT_CODES,
  async run(context: RunContext): Promise<ExitCode> {
    const { values, positionals, host } = context;
    if (positionals.length === 0)
      throw new UsageError("no-program", "run needs a program", {
        hint: "For example: stowaway run npm start",
      });
    const { refuseNodeDebug } = await import("../run/node-debug.ts");
    refuseNodeDebug(host.env);
    await refuseInstallers(context);
    const { INHERITED, openOutputs } = await import("../run/outputs.ts");
    const opening = values["no-masking"] ? Promise.resolve(INHERITED) : openOutputs();
    try {
      const envFiles = [
        ...values.dotenv.map((file) => ({ file, readByNode: false })),
        ...values["env-file"].map((file) => ({ file, readByNode: true })),
      ];
      const request = { only: values.only, profile: values.profile, envFiles };
      const handout = await handOut(host, request);
      if (!values.quiet)
        for (const note of handout.notes) host.stderr.write(`stowaway: ${escapeText(note)}\n`);
      return await startWith(handout, await opening, context);
    } catch (error) {
      (await opening).abandon();
      throw error;
    }
  },
} satisfies Command<typeof options>;

async function refuseInstallers({ values, positionals, host }: RunContext): Promise<void> {
  if (values["allow-install"] || values.only.length > 0) return;
  const { installerIn } = await import("../run/installer.ts");
  const installer = installerIn(positionals, (program) => isInstalled(program, host));
  if (installer === null) return;
  throw new UsageError(
    "install-refused",
    `${installer} runs the packages' own scripts, which would get every secret: nothing was started`,
    { hint: "Run it without stowaway, name what it needs with --only, or insist with --allow-install." },
  );
}

/** Whether the name, which is no path, is one of an installed package or of its program. */
function isInstalled(program: string, { cwd }: Host): boolean {
  if (!/^(?:@[\w.-]+\/)?[\w-][\w.-]*$/.test(program)) return false;
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const modules = path.join(folder, "node_modules");
    if ([path.join(".bin", program), program].some((name) => existsSync(path.join(modules, name))))
      return true;
    if (folder === path.dirname(folder)) return false;
  }
}

async function startWith(
  { added, secrets }: Handout,
  opened: Outputs,
  { positionals, host }: RunContext,
): Promise<ExitCode> {
  const [{ start }, { dieOf }, { isMasked, needlesOf }, { withSecrets }, { INHERITED }] = await Promise.all([
    import("../run/start.ts"),
    import("../run/signals.ts"),
    import("../run/needles.ts"),
    import("../run/environment.ts"),
    import("../run/outputs.ts"),
  ]);
  const [command = "", ...args] = positionals;
  const masks = secrets.some(isMasked);
  if (!masks) opened.abandon();
  const ending = await start(command, args, {
    cwd: host.cwd,
    env: { ...withSecrets(host.env, added), [MARK]: "1" },
    outputs: masks ? opened : INHERITED,
    needles: () => needlesOf(secrets),
    releaseSignals: () => host.releaseSignals(),
    onLeftRunning: () => {
      const what = `${escapeText(command)} has ended; waiting for what it left running (Ctrl-C ends the wait)`;
      host.stderr.write(`stowaway: ${what}\n`);
    },
  });
  // Any number may be a program's answer.
  if (ending.kind === "exit") return ending.code as ExitCode;
  if (ending.kind === "signal") return (await dieOf(ending.signal)) as ExitCode;
  const missing = ending.code === "ENOENT";
  host.stderr.write(
    `stowaway: ${escapeText(command)}: ${missing ? "not found" : `cannot be executed (${ending.code})`}\n`,
  );
  return (missing ? 127 : 126) as ExitCode;
}
