import { deliver, looks } from "./deliver.ts";
import { CHANGE_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { requireBinding, requireTrust } from "./trusting.ts";
import type { Host } from "../host/host.ts";
import { VERSION } from "../host/version.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Run } from "../remedy/journal.ts";
import type { StoreFor } from "../remedy/recover.ts";
import type { WorkRepository } from "../remedy/repository.ts";
import type { Kept } from "../remedy/take-back.ts";
import type { UndoPlan } from "../remedy/undo.ts";
import { escapeJson, escapeText } from "../report/escape.ts";

const options = {
  list: { type: "boolean", description: "list the runs of this work tree, and change nothing" },
  yes: { type: "boolean", short: "y", description: "do it without asking" },
  "dry-run": { type: "boolean", description: "show what would come back, and change nothing" },
  forget: { type: "boolean", description: "leave everything as it is, and take RUN off the list" },
} as const satisfies Options;

type UndoContext = Context<typeof options>;
type Status = "done" | "planned" | "not-asked" | "declined" | "forgotten";

export default {
  name: "undo",
  summary: "takes a stow back, byte for byte",
  usage: ["undo [RUN] [--dry-run | --yes]", "undo --list", "undo RUN --forget"],
  description: [
    "Puts the values back where they stood, on the disk and in git's index; the lists and ignore files become what they " +
      "were, and the values leave the store. Without RUN it is the latest stow of this work tree. A run that was " +
      "interrupted is taken back the same way.",
    "Nothing is changed if anything of it was edited since, or if a value in the store is another one now: it says which, " +
      "and how to go on. After a commit, the old text is staged again; the commit itself stays.",
    "With --forget everything stays as it is now, and RUN cannot be undone any more.",
  ],
  options,
  examples: [
    { command: "stowaway undo", says: "shows what would come back, asks, and does it" },
    { command: "stowaway undo 3 --yes", says: "takes run 3 back without asking" },
    { command: "stowaway undo --list", says: "what was stowed here, and when?" },
  ],
  exitCodes: CHANGE_EXIT_CODES,
  async run(context: UndoContext): Promise<ExitCode> {
    const { values, host } = context;
    const id = readId(context);
    const [{ openRepository }, { findRun }] = await Promise.all([
      import("../remedy/repository.ts"),
      import("../remedy/undo.ts"),
    ]);
    const repo = openRepository({ cwd: host.cwd, env: host.env });
    if (values.list) return await list(context, repo);
    const run = findRun(repo, id);
    if (values.forget) return await forget(context, repo, run);
    return await takeBack(context, repo, run);
  },
} satisfies Command<typeof options>;

function readId({ values, positionals }: UndoContext): number | null {
  const [text, ...more] = positionals;
  if (more.length > 0 || (values.list && text !== undefined))
    throw new UsageError("superfluous-argument", "undo takes one run at most", {
      hint: "stowaway undo --list shows the runs.",
    });
  if (text === undefined && !values.forget) return null;
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError("invalid-value", "a run is given by its number", {
    hint: "stowaway undo --list shows the runs.",
  });
}

async function takeBack(context: UndoContext, repo: WorkRepository, run: Run): Promise<ExitCode> {
  const { host } = context;
  const storeFor = await openStore(host);
  const { planUndo, undo } = await import("../remedy/undo.ts");
  const { ConflictError, describeConflicts } = await import("../remedy/conflict.ts");
  try {
    const plan = await planUndo(repo, storeFor, run.id);
    await showPlan(context, plan);
    const status = await settle(context, "Take this back?");
    const kept = status === "done" ? (await undo(repo, storeFor, run.id)).kept : null;
    return await report(context, plan, status, kept);
  } catch (error) {
    if (error instanceof ConflictError)
      host.stderr.write(
        describeConflicts(error)
          .map((line) => `${escapeText(line)}\n`)
          .join(""),
      );
    throw error;
  }
}

/** The values are handed out to the files again: in this clone only, if the project is one that it is trusted with. */
async function openStore(host: Host): Promise<StoreFor> {
  const [{ findProject }, { openOrigin }, { isWatched }] = await Promise.all([
    import("../vault/project.ts"),
    import("../vault/open.ts"),
    import("../host/terminal.ts"),
  ]);
  const project = await findProject(host);
  // A run that was interrupted early has no manifest, but its id was bound before anything else.
  if (project.manifest !== null) await requireTrust(host, project);
  return async (_, projectId, origin) => {
    await requireBinding(project, projectId);
    return openOrigin(project, origin, {
      projectId,
      attended: isWatched(host),
      isPublished: async () => null,
    });
  };
}

async function settle({ values, host }: UndoContext, question: string): Promise<Status> {
  if (values["dry-run"]) return "planned";
  if (values.yes) return "done";
  const { askYesNo, canAsk } = await import("../host/prompt.ts");
  if (values.format !== "text" || !canAsk(host)) return "not-asked";
  return (await askYesNo(question)) ? "done" : "declined";
}

async function showPlan({ values, host }: UndoContext, plan: UndoPlan): Promise<void> {
  if (values.format === "json") return;
  const { paint } = looks(values, host);
  const { run, files, plain, tracked, names } = plan;
  const lines = [
    paint("bold", `run ${run.id}, ${dateOf(run)}`),
    ...files.map(
      (file) =>
        `  ${escapeText(file.path)}: ${file.names.join(", ")} ${file.names.length === 1 ? "comes" : "come"} back`,
    ),
    ...plain.map((path) => `  ${escapeText(path)}: as it was`),
    ...tracked.map((path) => `  ${escapeText(path)}: in git's index again`),
    ...names.map((name) => `  ${escapeText(run.store.label)}: without ${name}, if this run put it there`),
  ];
  await deliver(`${lines.join("\n")}\n`, values, host);
}

async function report(
  { values, host }: UndoContext,
  plan: UndoPlan,
  status: Status,
  kept: Kept | null = null,
): Promise<ExitCode> {
  const { run } = plan;
  const done = status === "not-asked" || status === "declined" ? ExitCode.findings : ExitCode.clean;
  if (values.format === "json") {
    const { files, plain, tracked, staged, names } = plan;
    const stays = { names: Object.fromEntries(kept?.names ?? []), rules: kept?.rules ?? [] };
    await deliverJson(
      { values, host },
      { status, run: run.id, files, plain, tracked, staged, names, kept: stays },
    );
    return done;
  }
  const sentences: Readonly<Record<Status, string>> = {
    done: `Done: run ${run.id} is taken back.`,
    planned: "Nothing was changed, because of --dry-run.",
    "not-asked": `Nothing was changed: there is no terminal to ask on. To do it, run: npx stowaway undo ${run.id} --yes`,
    declined: "Nothing was changed.",
    forgotten: `Done: run ${run.id} stays as it is, and cannot be undone any more.`,
  };
  host.stderr.write(`${sentences[status]}\n`);
  for (const line of kept === null ? [] : keptLines(plan, kept)) host.stderr.write(`${escapeText(line)}\n`);
  if (status === "done" && plan.staged.length > 0)
    host.stderr.write(
      `warning: the old text, with its value, is staged again in ${escapeText(plan.staged.join(", "))}; do not commit it\n`,
    );
  return done;
}

function keptLines({ run }: UndoPlan, { names, rules }: Kept): string[] {
  const { label } = run.store;
  return [
    ...[...names].map(([name, why]) => `note: ${label} keeps ${name}: ${why}`),
    ...(rules.length === 0
      ? []
      : [
          `note: ${rules.join(", ")} as stow left it: ${label} is there still, and has to be kept out of git`,
        ]),
  ];
}

async function forget(context: UndoContext, repo: WorkRepository, run: Run): Promise<ExitCode> {
  const settled = await settle(
    context,
    `Leave everything as it is, so that run ${run.id} cannot be undone any more?`,
  );
  if (settled === "done") {
    const { forgetRun } = await import("../remedy/undo.ts");
    await forgetRun(repo, run.id);
  }
  const nothing = {
    run,
    files: [],
    plain: [],
    tracked: [],
    staged: [],
    names: run.secrets.map(({ name }) => name),
  };
  return await report(context, nothing, settled === "done" ? "forgotten" : settled);
}

async function list(context: UndoContext, repo: WorkRepository): Promise<ExitCode> {
  const { values, host } = context;
  const { listRuns } = await import("../remedy/undo.ts");
  const { pathsOf } = await import("../remedy/journal.ts");
  const runs = listRuns(repo).map((run) => ({
    run: run.id,
    started: run.started,
    state: run.state,
    store: run.store.label,
    names: run.secrets.map(({ name }) => name),
    paths: pathsOf(run),
  }));
  if (values.format === "json") await deliverJson(context, { runs });
  else {
    const lines = runs.map(
      ({ run, started, state, store, names, paths }) =>
        `${run}  ${started.slice(0, 16).replace("T", " ")}  ${STATES[state]}  ${escapeText(`${names.join(", ") || "no value"} (${store}): ${paths.join(", ")}`)}\n`,
    );
    await deliver(lines.join(""), values, host);
    if (runs.length === 0) host.stderr.write("Nothing was stowed in this work tree.\n");
  }
  return ExitCode.clean;
}

const STATES: Readonly<Record<Run["state"], string>> = {
  prepared: "interrupted",
  applied: "done",
  undone: "undone",
  closed: "closed",
};

function dateOf({ started }: Run): string {
  return `${started.slice(0, 16).replace("T", " ")} UTC`;
}

async function deliverJson(
  { values, host }: Pick<UndoContext, "values" | "host">,
  undo: object,
): Promise<void> {
  const document = { schema: 1, tool: { name: "stowaway", version: VERSION }, undo };
  await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
}
