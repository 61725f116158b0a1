import { deliver } from "./deliver.ts";
import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { boundElsewhere, describeProject, requireManifest } from "./trusting.ts";
import type { FoundProject } from "./trusting.ts";
import { VERSION } from "../host/version.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import { escapeJson } from "../report/escape.ts";
import { findProject } from "../vault/project.ts";
import { bind, unbind } from "../vault/trust.ts";

const options = {
  remove: { type: "boolean", description: "take the trust back" },
  yes: { type: "boolean", short: "y", description: "do it without asking" },
  "dry-run": { type: "boolean", description: "show what would be trusted, and change nothing" },
} as const satisfies Options;

type TrustContext = Context<typeof options>;
type Status = "done" | "nothing-to-do" | "planned" | "not-asked" | "declined";

export default {
  name: "trust",
  summary: "lets this clone have the secrets of its project",
  usage: ["trust [--yes | --dry-run]", "trust --remove"],
  description: [
    "stowaway.secrets.json names a project, and anybody can copy it into another repository. So the project is bound to " +
      "a clone on this machine: at the first stow, or by this command in a clone made later. All worktrees of the clone " +
      "share it. In a clone that is not bound, run, secrets, stow and undo hand nothing out.",
  ],
  options,
  examples: [
    { command: "stowaway trust", says: "shows project and names, and asks" },
    { command: "stowaway trust --yes", says: "the same without asking, for a script that sets a machine up" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: TrustContext): Promise<ExitCode> {
    const { positionals, host } = context;
    if (positionals.length > 0)
      throw new UsageError("superfluous-argument", "trust takes no arguments", {
        hint: "For another folder, use --cwd DIR.",
      });
    const project = requireManifest(await findProject(host));
    if (context.values.format === "text")
      await deliver(`${await describeProject(project)}\n`, context.values, host);
    const status = await settle(context, project);
    await report(context, project, status);
    return status === "not-asked" || status === "declined" ? ExitCode.findings : ExitCode.clean;
  },
} satisfies Command<typeof options>;

async function settle({ values, host }: TrustContext, project: FoundProject): Promise<Status> {
  const { remove } = values;
  if (project.bound !== remove) return "nothing-to-do";
  if (values["dry-run"]) return "planned";
  if (!values.yes) {
    const { askYesNo, canAsk } = await import("../host/prompt.ts");
    if (values.format !== "text" || !canAsk(host)) return "not-asked";
    const question = remove ? "Take the trust back?" : "Trust this clone with the secrets of this project?";
    if (!(await askYesNo(question, remove))) return "declined";
  }
  const clone = { ...project, projectId: project.manifest.projectId };
  await (remove ? unbind(clone) : bind(clone));
  return "done";
}

async function report({ values, host }: TrustContext, project: FoundProject, status: Status): Promise<void> {
  const { remove } = values;
  if (values.format === "json") {
    const { projectId, secrets } = project.manifest;
    const trust = {
      status,
      projectId,
      clone: project.top,
      bound: status === "done" ? !remove : project.bound,
      names: Object.keys(secrets),
      otherClones: await boundElsewhere(project),
    };
    const document = { schema: 1, tool: { name: "stowaway", version: VERSION }, trust };
    await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
    return;
  }
  const command = remove ? "stowaway trust --remove --yes" : "stowaway trust --yes";
  const sentence: Readonly<Record<Status, string>> = {
    done: remove ? "Done: this clone is no longer trusted." : "Done: this clone is trusted.",
    "nothing-to-do": remove
      ? "Nothing to do: this clone is not trusted."
      : "Nothing to do: this clone is trusted already.",
    planned: "Nothing was changed, because of --dry-run.",
    "not-asked": `Nothing was changed: there is no terminal to ask on. To do it, run: ${command}`,
    declined: "Nothing was changed.",
  };
  host.stderr.write(`${sentence[status]}\n`);
}
