import { deliver, looks } from "../deliver.ts";
import { publishedBy } from "../published.ts";
import { askEach } from "./ask.ts";
import type { FoundToStow } from "./find.ts";
import type { StowContext } from "./options.ts";
import { againCommand, report, showPlan } from "./report.ts";
import type { Outcome } from "./report.ts";
import { makePlan } from "./make-plan.ts";
import { carryOut, chooseStore, openSession } from "./session.ts";
import type { StowSession } from "./session.ts";
import { askYesNo, canAsk } from "../../host/prompt.ts";
import { ExitCode } from "../../model/exit-code.ts";
import type { StoreKind } from "../../model/transaction.ts";
import { escapeText } from "../../report/escape.ts";
import type { SecretStore } from "../../vault/store.ts";

/** The command `stow`, from the question to the last sentence. */
export async function stow(context: StowContext): Promise<ExitCode> {
  const { values, positionals, host } = context;
  const session = await openSession(host, values, isAttended(context));
  if (values.each && isAttended(context)) return await stowEach(context, session);
  const store = await settleStore(context, session);
  return store === null ? ExitCode.incomplete : await stowInto(context, session, store, positionals);
}

/** Whether there is a person to ask, who wants to be asked. */
function isAttended({ values, host }: StowContext): boolean {
  return !values.yes && values.format === "text" && canAsk(host);
}

/** @returns null where there is no store to be had */
async function settleStore(context: StowContext, session: StowSession): Promise<SecretStore | null> {
  const { values, host } = context;
  const choice = await chooseStore(session, values.to ?? null);
  if ("store" in choice) return choice.store;
  const { label, state } = choice;
  host.stderr.write(`stowaway: ${escapeText(label)} cannot be used: ${escapeText(state.reason)}\n`);
  const { dotenv, keychain } = session.stores;
  // A plan needs no store that is open.
  if (values["dry-run"]) return values.to === "dotenv" ? dotenv : keychain;
  host.stderr.write(`  hint: ${escapeText(state.hint)}\n`);
  if (values.to !== undefined || dotenv === null) return null;
  if (isAttended(context))
    return (await askYesNo(`Move to ${dotenv.label} instead, a file that neither git nor a package takes?`))
      ? dotenv
      : null;
  host.stderr.write(`  or move to a file that git ignores: ${againCommand(context, dotenv)}\n`);
  return null;
}

async function stowInto(
  context: StowContext,
  session: StowSession,
  store: SecretStore,
  ids: readonly string[],
): Promise<ExitCode> {
  const { values } = context;
  const { plan, found } = await makePlan(session, store, { ids, name: values.name ?? null, values });
  const outcome = (status: Outcome["status"], run: Outcome["run"] = null): Outcome => ({
    status,
    run,
    plan,
    store,
    outOfReach: found.outOfReach,
    from: found.from,
    published: [],
  });
  const writes =
    plan.transaction.edits.length + plan.transaction.untrack.length + plan.transaction.plain.length;
  if (writes === 0) {
    const stays = plan.left.length + found.outOfReach.length + found.published.length > 0;
    return await report(context, outcome(stays ? "by-hand" : "nothing-to-do"));
  }
  await showPlan(context, outcome("planned"));
  if (values["dry-run"]) return await report(context, outcome("planned"));
  if (!values.yes) {
    if (!isAttended(context)) return await report(context, outcome("not-asked"));
    if (!(await askYesNo("Do this?"))) return await report(context, outcome("declined"));
  }
  const run = await carryOut(session, plan, store);
  return await report(context, { ...outcome("done", run), published: await stillPublished(session, found) });
}

/** Files that a package still takes: what was written for them is looked at, not believed. */
async function stillPublished(
  { host, repo, settings }: StowSession,
  { published }: FoundToStow,
): Promise<string[]> {
  const ask = publishedBy(host, repo.top, settings.limits);
  const paths = published.map(({ folder, path }) => (folder === "" ? path : `${folder}/${path}`));
  const answers: string[] = [];
  for (const path of new Set(paths)) {
    const by = await ask(path);
    if (by !== null) answers.push(`${path} would still be published (${by}); keep it out by hand`);
  }
  return answers;
}

/** Asks for every secret what to do with it, then moves those of one store after those of the other. */
async function stowEach(context: StowContext, session: StowSession): Promise<ExitCode> {
  const { values, positionals, host } = context;
  const { paint } = looks(values, host);
  const say = async (text: string): Promise<void> => await deliver(text, values, host);
  const answers = await askEach(session, positionals, values, { paint, say });
  if (answers === "abort") return ExitCode.interrupted;
  let answer: ExitCode = ExitCode.findings;
  for (const kind of ["keychain", "dotenv"] as const satisfies readonly StoreKind[]) {
    const ids = answers.get(kind) ?? [];
    const store = session.stores[kind];
    if (ids.length === 0 || store === null) continue;
    answer = await stowInto(context, session, store, ids);
    if (answer !== ExitCode.clean) return answer;
  }
  return answer;
}
