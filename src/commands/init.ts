import { deliver, looks } from "./deliver.ts";
import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Context, Command, Options } from "./options.ts";
import { VERSION } from "../host/version.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import { escapeJson, escapeText } from "../report/escape.ts";
import type { Style } from "../report/index.ts";
import type { PlanLine } from "../setup/describe.ts";
import type { SetupPlan } from "../setup/plan.ts";

const options = {
  yes: { type: "boolean", short: "y", description: "write the changes without asking" },
  "dry-run": { type: "boolean", description: "show the changes and write nothing" },
} as const satisfies Options;

type InitContext = Context<typeof options>;

const STYLES: Readonly<Record<Exclude<PlanLine["kind"], "blank">, Style>> = {
  file: "bold",
  "+": "green",
  "-": "red",
  " ": "dim",
};

type Status = "done" | "nothing-to-do" | "planned" | "not-asked" | "declined";

export default {
  name: "init",
  summary: "installs the hook, and the check before publishing",
  usage: ["init [--yes | --dry-run]"],
  description: [
    "Puts a call of stowaway into the pre-commit hook, the way this repository already does hooks: husky's folder, " +
      "the folder of core.hooksPath, or git's own. Lines that are there stay and run first. In a package that can be " +
      "published, check-pack joins the scripts prepublishOnly and postpack.",
    "The changes are shown first. Without a terminal, nothing is written unless --yes is given.",
  ],
  options,
  examples: [
    { command: "npx stowaway init", says: "shows what would change, asks, and writes it" },
    { command: "npx stowaway init --yes", says: "the same without asking, for scripts" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: InitContext): Promise<ExitCode> {
    const { positionals, host } = context;
    if (positionals.length > 0) {
      throw new UsageError("superfluous-argument", "init takes no arguments", {
        hint: "For another folder, use --cwd DIR.",
      });
    }
    const [{ readRepository }, { planSetup }, { ownPackage }] = await Promise.all([
      import("../host/git.ts"),
      import("../setup/plan.ts"),
      import("../setup/own-package.ts"),
    ]);
    const plan = planSetup(host.cwd, await readRepository(host), ownPackage());
    await showPlan(context, plan);
    const status = await settle(context, plan);
    await report(context, plan, status);
    return status === "not-asked" || status === "declined" ? ExitCode.findings : ExitCode.clean;
  },
} satisfies Command<typeof options>;

async function showPlan({ values, host }: InitContext, plan: SetupPlan): Promise<void> {
  if (values.format !== "text" || plan.changes.length === 0) return;
  const { describeChanges } = await import("../setup/describe.ts");
  const { paint } = looks(values, host);
  const lines = describeChanges(plan.changes).map(({ kind, text }) => {
    if (kind === "blank") return "\n";
    return `${paint(STYLES[kind], `${kind === "file" ? "" : `  ${kind} `}${escapeText(text)}`)}\n`;
  });
  await deliver(lines.join(""), values, host);
}

async function settle({ values, host }: InitContext, plan: SetupPlan): Promise<Status> {
  if (plan.changes.length === 0) return "nothing-to-do";
  if (values["dry-run"]) return "planned";
  if (!values.yes) {
    const { askYesNo, canAsk } = await import("../host/prompt.ts");
    if (values.format !== "text" || !canAsk(host)) return "not-asked";
    const count = plan.changes.length;
    if (!(await askYesNo(count === 1 ? "Write this change?" : `Write these ${count} changes?`)))
      return "declined";
  }
  const { applyChanges } = await import("../setup/apply.ts");
  applyChanges(plan.changes);
  return "done";
}

async function report({ values, host }: InitContext, plan: SetupPlan, status: Status): Promise<void> {
  if (values.format === "json") {
    const changes = plan.changes.map(({ name, before }) => ({
      path: name,
      change: before === null ? "new" : "changed",
    }));
    const result = { status, hook: plan.hookName, manager: plan.hook.manager, changes, notes: plan.notes };
    const document = { schema: 1, tool: { name: "stowaway", version: VERSION }, init: result };
    await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
    return;
  }
  const { describeEffect } = await import("../setup/describe.ts");
  for (const note of plan.notes) host.stderr.write(`note: ${escapeText(note)}\n`);
  const effect = escapeText(describeEffect(plan));
  const sentence: Readonly<Record<Status, string>> = {
    done: `Done: ${effect}.`,
    "nothing-to-do": `Nothing to ${plan.hook.waiting ? "write" : "do"}: ${effect}.`,
    planned: "Nothing was written, because of --dry-run.",
    "not-asked":
      "Nothing was written: there is no terminal to ask on. To write it, run: npx stowaway init --yes",
    declined: "Nothing was written.",
  };
  host.stderr.write(`${sentence[status]}\n`);
}
