import { confirm, isCancel } from "@clack/prompts";
import type { Host } from "./host.ts";

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
 */
export async function askYesNo(question: string): Promise<boolean> {
  const answer = await confirm({
    message: question,
    initialValue: true,
    input: process.stdin,
    output: process.stderr,
  });
  return !isCancel(answer) && answer;
}
