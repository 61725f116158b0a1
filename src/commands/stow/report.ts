import { deliver, looks } from "../deliver.ts";
import { planText } from "./plan-text.ts";
import type { StowContext } from "./options.ts";
import type { OutOfReach } from "./find.ts";
import { VERSION } from "../../host/version.ts";
import { ExitCode } from "../../model/exit-code.ts";
import type { AppliedRun } from "../../remedy/apply.ts";
import type { Plan } from "../../remedy/plan.ts";
import { escapeJson, escapeText } from "../../report/escape.ts";
import type { SecretStore } from "../../vault/store.ts";

/** How a `stow` ended. */
export interface Outcome {
  readonly status: "done" | "planned" | "nothing-to-do" | "by-hand" | "not-asked" | "declined";
  readonly run: AppliedRun | null;
  readonly plan: Plan;
  readonly store: SecretStore;
  readonly outOfReach: readonly OutOfReach[];
  /** The check that found it. */
  readonly from: string;
  /** Files that a package takes in spite of what was written, one sentence each. */
  readonly published: readonly string[];
}

const ANSWERS: Readonly<Record<Outcome["status"], ExitCode>> = {
  done: ExitCode.clean,
  planned: ExitCode.clean,
  "nothing-to-do": ExitCode.clean,
  "by-hand": ExitCode.findings,
  "not-asked": ExitCode.findings,
  declined: ExitCode.findings,
};

/** Shows what would be done, before anything is. */
export async function showPlan({ values, host }: StowContext, outcome: Outcome): Promise<void> {
  if (values.format !== "text") return;
  await deliver(
    planText(outcome.plan, { ...outcome, label: outcome.store.label }, looks(values, host)),
    values,
    host,
  );
}

/** Says how it ended, and answers accordingly. */
export async function report(context: StowContext, outcome: Outcome): Promise<ExitCode> {
  const { values, host } = context;
  if (values.format === "json") {
    await deliver(json(outcome), values, host);
    return ANSWERS[outcome.status];
  }
  if (outcome.status === "by-hand") await showPlan(context, outcome);
  host.stderr.write(
    sentences(outcome, againCommand(context, outcome.store))
      .map((line) => `${escapeText(line)}\n`)
      .join(""),
  );
  return ANSWERS[outcome.status];
}

/** Where a sentence says it all. */
const SAID: Readonly<Record<Exclude<Outcome["status"], "done" | "not-asked">, string>> = {
  "nothing-to-do": "Nothing to move: neither the last check nor what is staged holds a secret that blocks.",
  "by-hand": "Nothing was changed: none of this can be rewritten safely. See above what to do by hand.",
  planned: "Nothing was changed, because of --dry-run.",
  declined: "Nothing was changed.",
};

/** The command line that does the same without asking. */
export function againCommand({ values, positionals }: StowContext, store: Pick<SecretStore, "kind">): string {
  const name = values.name === undefined ? [] : ["--name", values.name];
  return ["npx stowaway stow", ...positionals, "--to", store.kind, ...name, "--yes"].join(" ");
}

function sentences({ status, plan, store, run, published }: Outcome, again: string): string[] {
  const { moved, left, transaction } = plan;
  const { untrack } = transaction;
  if (status === "not-asked")
    return [`Nothing was changed: there is no terminal to ask on. To do it, run: ${again}`];
  if (status !== "done") return [SAID[status]];
  const done = [
    ...(moved.length === 0 ? [] : [`Moved ${count(moved.length, "secret")} to ${store.label}`]),
    ...(untrack.length === 0 ? [] : [`Took ${untrack.join(", ")} out of git's index`]),
    ...(moved.length + untrack.length === 0 ? ["Kept the files out of the package"] : []),
  ];
  return [
    `${done.join("; ")}.`,
    ...(left.length === 0 ? [] : [`${count(left.length, "place")} stayed; see above what to do by hand.`]),
    ...published.map((each) => `warning: ${each}`),
    ...(run?.remaining ?? []).map(
      ({ path }) => `${path} still has the value in another index; check again before the next commit.`,
    ),
    ...(moved.length === 0 ? [] : ["Run your program with its secrets: npx stowaway run -- CMD"]),
    `Take all of it back: npx stowaway undo${run === null ? "" : ` ${run.id}`}`,
  ];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

function json({ status, plan, store, run, outOfReach, published }: Outcome): string {
  const { transaction, moved, left, notes, warnings } = plan;
  const paths = [...transaction.edits, ...transaction.plain].map(({ path }) => path);
  const stow = {
    status,
    run: run?.id ?? null,
    store: { kind: store.kind, label: store.label },
    secrets: moved.map(({ name, redacted, title, provider, places }) => ({
      name,
      redacted,
      title,
      provider,
      places,
    })),
    changes: [...new Set(paths)],
    untracked: transaction.untrack,
    left: [
      ...left.map(({ path, line, title, why, instead }) => ({ path, line, title, why, instead })),
      ...outOfReach.map(({ path, title, why }) => ({ path, line: null, title, why, instead: [] })),
    ],
    notes,
    warnings: [...warnings, ...published],
  };
  const document = { schema: 1, tool: { name: "stowaway", version: VERSION }, stow };
  return `${escapeJson(JSON.stringify(document, null, 2))}\n`;
}
