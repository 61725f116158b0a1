import { confirm, isCancel, password, select } from "@clack/prompts";
import type { Host } from "./host.ts";
import { Secret } from "../model/secret.ts";

/** Whether there is a person to ask. */
export function canAsk(host: Host): boolean {
  return host.stdin.isTTY && host.stderr.isTTY;
}

/**
 * Asks a yes-or-no question on the terminal; Ctrl-C and Ctrl-D mean no.
 *
 * Only where `canAsk` says so: without a terminal the question would wait for ever.
 *
 * @param question one sentence
 * @param initial what Return alone answers
 */
export async function askYesNo(question: string, initial = true): Promise<boolean> {
  const answer = await confirm({
    message: question,
    initialValue: initial,
    input: process.stdin,
    output: process.stderr,
  });
  return !isCancel(answer) && answer;
}

/** One answer of a list. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/**
 * Lets the user take one of a list; the first is chosen beforehand.
 *
 * Only where `canAsk` says so.
 *
 * @returns null for Ctrl-C and Ctrl-D
 */
export async function askChoice<T extends string>(
  question: string,
  choices: readonly Choice<T>[],
): Promise<T | null> {
  // The library's own type of a list is conditional on T, and not seen through here.
  const options = choices.map((choice) => ({ ...choice })) as never;
  const answer = await select<T>({
    message: question,
    options,
    input: process.stdin,
    output: process.stderr,
  });
  return isCancel(answer) ? null : answer;
}

/**
 * Asks for a value, which does not show.
 *
 * Only where `canAsk` says so.
 *
 * @returns null for Ctrl-C, Ctrl-D and nothing
 */
export async function askSecret(question: string): Promise<Secret | null> {
  const answer = await password({ message: question, input: process.stdin, output: process.stderr });
  return isCancel(answer) || answer === undefined || answer === "" ? null : new Secret(answer);
}
