import type { ScanValues } from "../scanning.ts";
import { findToStow } from "./find.ts";
import type { FoundToStow } from "./find.ts";
import { hindranceOf } from "./session.ts";
import type { StowSession } from "./session.ts";
import { askChoice } from "../../host/prompt.ts";
import type { Choice } from "../../host/prompt.ts";
import type { Finding } from "../../model/finding.ts";
import type { StoreKind } from "../../model/transaction.ts";
import { escapeText } from "../../report/escape.ts";
import type { Paint } from "../../report/index.ts";

type Answer = StoreKind | "all-keychain" | "all-dotenv" | "untrack" | "leave" | "more" | "abort";

interface Speaker {
  readonly paint: Paint;
  readonly say: (text: string) => Promise<void>;
}

/** One value with all the places it stands in, or one file that should not be in git. */
interface Question {
  readonly finding: Finding;
  readonly ids: readonly string[];
  readonly places: readonly string[];
}

/** Places named in a question; the rest is counted. */
const SHOWN_PLACES = 3;

function questionsOf({ files }: FoundToStow): Question[] {
  const questions: { finding: Finding; ids: Set<string>; places: Set<string> }[] = [];
  for (const { path, worktree, index } of files)
    for (const finding of [...(index?.asked ?? []), ...(worktree?.asked ?? [])]) {
      const { secret, line, id } = finding;
      const place = secret === null ? path : `${path}:${line}`;
      const same = questions.find(
        (each) => each.ids.has(id) || (secret !== null && each.finding.secret?.equals(secret) === true),
      );
      if (same === undefined) questions.push({ finding, ids: new Set([id]), places: new Set([place]) });
      else {
        same.ids.add(id);
        same.places.add(place);
      }
    }
  return questions.map(({ finding, ids, places }) => ({ finding, ids: [...ids], places: [...places] }));
}

const REST: readonly Choice<Answer>[] = [
  { value: "more", label: "Show more" },
  { value: "leave", label: "Leave it" },
  { value: "abort", label: "Abort" },
];

/** @param following how many values come after this one */
function choicesFor(
  { stores }: StowSession,
  { finding }: Question,
  keychain: string | null,
  following: number,
): Choice<Answer>[] {
  if (finding.secret === null)
    return [{ value: "untrack", label: "Take it out of git; the file stays on the disk" }, ...REST];
  const to = (kind: StoreKind, label: string): Choice<Answer>[] => [
    { value: kind, label: `Move to ${label}` },
    ...(following === 0
      ? []
      : [{ value: `all-${kind}` as const, label: `Move to ${label}, and the ${following} that follow too` }]),
  ];
  return [
    ...(keychain === null ? [] : to("keychain", keychain)),
    ...(stores.dotenv === null ? [] : to("dotenv", stores.dotenv.label)),
    ...REST,
  ];
}

/**
 * Asks on the terminal what to do with each value.
 *
 * @returns ids by the store they are to go to
 */
export async function askEach(
  session: StowSession,
  ids: readonly string[],
  values: ScanValues,
  { paint, say }: Speaker,
): Promise<ReadonlyMap<StoreKind, readonly string[]> | "abort"> {
  const questions = questionsOf(await findToStow(session.host, session.repo, ids, values));
  const keychain = await usableKeychain(session, say);
  const answers = new Map<StoreKind | "untrack", string[]>();
  let forAll: StoreKind | null = null;
  for (const [index, question] of questions.entries()) {
    const ofValue = question.finding.secret !== null;
    const following = questions.slice(index + 1).filter(({ finding }) => finding.secret !== null).length;
    const choices = choicesFor(session, question, keychain, following);
    const answer: Answer = (ofValue ? forAll : null) ?? (await askOne(question, choices, { paint, say }));
    if (answer === "abort") return "abort";
    if (answer === "all-keychain" || answer === "all-dotenv")
      forAll = answer === "all-keychain" ? "keychain" : "dotenv";
    const kind = ofValue ? (forAll ?? answer) : answer;
    if (kind === "keychain" || kind === "dotenv" || kind === "untrack")
      answers.set(kind, [...(answers.get(kind) ?? []), ...question.ids]);
  }
  return byStore(session, answers);
}

/** The keychain's name; null, and a sentence why, where it cannot be used. */
async function usableKeychain(
  { stores: { keychain }, attended }: StowSession,
  say: Speaker["say"],
): Promise<string | null> {
  const state = await keychain?.probe();
  if (keychain === null || state === undefined) return null;
  const hindrance = hindranceOf(state, attended);
  if (hindrance === null) return keychain.label;
  await say(`${escapeText(keychain.label)} cannot be used: ${escapeText(hindrance.reason)}\n`);
  return null;
}

/** What only leaves git needs no store, and goes along with the first that is used. */
function byStore(
  { stores }: StowSession,
  answers: ReadonlyMap<StoreKind | "untrack", readonly string[]>,
): ReadonlyMap<StoreKind, readonly string[]> {
  const carrier: StoreKind =
    answers.has("keychain") || (stores.dotenv === null && !answers.has("dotenv")) ? "keychain" : "dotenv";
  const of = (kind: StoreKind): readonly string[] => [
    ...(answers.get(kind) ?? []),
    ...(kind === carrier ? (answers.get("untrack") ?? []) : []),
  ];
  return new Map([
    ["keychain", of("keychain")],
    ["dotenv", of("dotenv")],
  ]);
}

async function askOne(
  { finding, places }: Question,
  choices: readonly Choice<Answer>[],
  { paint, say }: Speaker,
): Promise<Answer> {
  const more = places.length > SHOWN_PLACES ? ` and ${places.length - SHOWN_PLACES} more` : "";
  const where = `${places.slice(0, SHOWN_PLACES).join(", ")}${more}`;
  const question = [finding.rule.title, finding.redacted, escapeText(where)].filter((part) => part !== "");
  for (;;) {
    const answer = (await askChoice(question.join("  "), choices)) ?? "abort";
    if (answer !== "more") return answer;
    const lines = [finding.rule.description, ...finding.advice.map((line) => `- ${line}`)];
    await say(`${[paint("bold", finding.rule.id), ...lines.map(escapeText)].join("\n")}\n`);
  }
}
