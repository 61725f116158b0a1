import { deliver } from "../deliver.ts";
import type { SecretsContext } from "./session.ts";
import { VERSION } from "../../host/version.ts";
import { ExitCode } from "../../model/exit-code.ts";
import { escapeJson, escapeText } from "../../report/escape.ts";

export type Status = "done" | "nothing-to-do" | "planned" | "not-asked" | "declined";

/** How a change ended. */
export interface Outcome {
  readonly status: Status;
  readonly names: readonly string[];
  /** What was done, one sentence. */
  readonly done: string;
  /** Further sentences. */
  readonly notes?: readonly string[];
}

/**
 * Whether to go on.
 *
 * @param question one sentence
 * @returns null to go on, else how it ends
 */
export async function settle({ values, host }: SecretsContext, question: string): Promise<Status | null> {
  if (values["dry-run"]) return "planned";
  if (values.yes) return null;
  const { askYesNo, canAsk } = await import("../../host/prompt.ts");
  if (values.format !== "text" || !canAsk(host)) return "not-asked";
  return (await askYesNo(question)) ? null : "declined";
}

/** Writes how a change ended. @param command what was asked for, without `--yes` */
export async function reportChange(
  { values, host }: SecretsContext,
  { status, names, done, notes = [] }: Outcome,
  command: string,
): Promise<ExitCode> {
  if (values.format === "json") {
    const document = {
      schema: 1,
      tool: { name: "stowaway", version: VERSION },
      secrets: { status, names, notes },
    };
    await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
  } else {
    const sentence: Readonly<Record<Status, string>> = {
      done,
      "nothing-to-do": "Nothing to do: it is so already.",
      planned: "Nothing was changed, because of --dry-run.",
      "not-asked": `Nothing was changed: there is no terminal to ask on. To do it, run: ${command} --yes`,
      declined: "Nothing was changed.",
    };
    for (const line of [sentence[status], ...(values.quiet ? [] : notes)])
      host.stderr.write(`${escapeText(line)}\n`);
  }
  return status === "not-asked" || status === "declined" ? ExitCode.findings : ExitCode.clean;
}
