import { deliver } from "./deliver.ts";
import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { VERSION } from "../host/version.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { HeldObject, ObjectState } from "../remedy/scrub.ts";
import { escapeJson, escapeText } from "../report/escape.ts";

const options = {
  yes: { type: "boolean", short: "y", description: "delete without asking" },
  "dry-run": { type: "boolean", description: "show what would be deleted, and delete nothing" },
} as const satisfies Options;

type ScrubContext = Context<typeof options>;
type Status = "done" | "nothing-to-do" | "planned" | "not-asked" | "declined";

const SAYS: Readonly<Record<ObjectState, string>> = {
  loose: "nothing refers to it: to be deleted",
  reachable: "a commit, stash, reflog or index still has it: stays. Revoke the secret",
  packed: "stands in a pack: stays, until git gc --prune=now",
  gone: "is gone already",
};

export default {
  name: "scrub",
  summary: "deletes the git object that still holds a moved secret",
  usage: ["scrub [--dry-run | --yes]"],
  description: [
    "What was staged once stays in .git/objects for weeks, also after stow took the value out of the index. This deletes " +
      "exactly these objects, one by one. None goes that a branch, tag, stash, reflog, another worktree, or a merge or " +
      "rebase under way refers to. `stowaway undo` can still be used: it makes the object again.",
    "A secret that was committed or pushed is not helped by this: revoke it.",
  ],
  options,
  examples: [
    { command: "stowaway scrub --dry-run", says: "which objects still hold what was stowed?" },
    { command: "stowaway scrub --yes", says: "deletes them without asking" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: ScrubContext): Promise<ExitCode> {
    const { positionals, host } = context;
    if (positionals.length > 0)
      throw new UsageError("superfluous-argument", "scrub takes no arguments", {
        hint: "For another folder, use --cwd DIR.",
      });
    const [{ openRepository }, { findHeld, scrub }] = await Promise.all([
      import("../remedy/repository.ts"),
      import("../remedy/scrub.ts"),
    ]);
    const repo = openRepository({ cwd: host.cwd, env: host.env });
    const held = await findHeld(repo);
    await showPlan(context, held);
    const status = await settle(context, held);
    if (status === "done") await scrub(repo);
    await report(context, held, status);
    return status === "not-asked" || status === "declined" ? ExitCode.findings : ExitCode.clean;
  },
} satisfies Command<typeof options>;

const isLoose = ({ state }: HeldObject): boolean => state === "loose";

async function showPlan({ values, host }: ScrubContext, held: readonly HeldObject[]): Promise<void> {
  if (values.format === "json") return;
  const lines = held.map(
    ({ oid, paths, state }) => `${oid.slice(0, 12)} ${escapeText(paths.join(", "))}: ${SAYS[state]}\n`,
  );
  await deliver(lines.join(""), values, host);
}

async function settle({ values, host }: ScrubContext, held: readonly HeldObject[]): Promise<Status> {
  const count = held.filter(isLoose).length;
  if (count === 0) return "nothing-to-do";
  if (values["dry-run"]) return "planned";
  if (values.yes) return "done";
  const { askYesNo, canAsk } = await import("../host/prompt.ts");
  if (values.format !== "text" || !canAsk(host)) return "not-asked";
  return (await askYesNo(count === 1 ? "Delete this object?" : `Delete these ${count} objects?`))
    ? "done"
    : "declined";
}

async function report(
  { values, host }: ScrubContext,
  held: readonly HeldObject[],
  status: Status,
): Promise<void> {
  if (values.format === "json") {
    const document = {
      schema: 1,
      tool: { name: "stowaway", version: VERSION },
      scrub: { status, objects: held },
    };
    await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
    return;
  }
  const count = held.filter(isLoose).length;
  const sentence: Readonly<Record<Status, string>> = {
    done: `Done: ${count === 1 ? "1 object is" : `${count} objects are`} deleted.`,
    "nothing-to-do": "Nothing to do: no loose object holds what was stowed here.",
    planned: "Nothing was deleted, because of --dry-run.",
    "not-asked":
      "Nothing was deleted: there is no terminal to ask on. To do it, run: npx stowaway scrub --yes",
    declined: "Nothing was deleted.",
  };
  host.stderr.write(`${sentence[status]}\n`);
}
