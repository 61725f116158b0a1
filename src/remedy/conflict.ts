import { KnownError } from "../model/errors.ts";
import type { Splice } from "../model/transaction.ts";
import type { Reversal, Run } from "./journal.ts";

/** Something that is neither as it was before a run nor as the run left it. */
export interface Conflict {
  readonly path: string;
  /** One clause about it. */
  readonly why: string;
  /** Whether it is for want of a value, and not of the file. */
  readonly lacksValue: boolean;
  readonly reversal: Reversal;
  /** Content that is there now; null for none. */
  readonly now: Buffer | null;
}

/** Why a run cannot be taken back; nothing was changed. */
export class ConflictError extends KnownError {
  readonly run: Run;
  readonly conflicts: readonly Conflict[];

  constructor(run: Run, conflicts: readonly Conflict[]) {
    const [first] = conflicts;
    const more = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : "";
    super(1, "changed-since", `${first?.why ?? "was changed since"}${more}; nothing was changed`, {
      ...(first !== undefined && { path: first.path }),
      hint: howToGoOn(run, conflicts),
    });
    this.run = run;
    this.conflicts = conflicts;
  }
}

function howToGoOn(run: Run, conflicts: readonly Conflict[]): string {
  const names = run.secrets.map(({ name }) => name).join(", ");
  const byHand = `to keep things as they are, run stowaway undo ${run.id} --forget`;
  if (conflicts.some(({ lacksValue }) => lacksValue))
    return `Give ${run.store.label} the old value again (stowaway secrets set NAME) and repeat this; or, ${byHand}.`;
  const value = names === "" ? "" : `; stowaway secrets get shows the values (${names})`;
  return `Take your own change out (git stash, or git revert where it is committed), repeat this, and put it back; or, ${byHand}${value}.`;
}

/** Text of a splice as it stood, with names for the values. */
function oldText({ before }: Splice): string {
  return before.map((piece) => (typeof piece === "string" ? piece : `<${piece.name}>`)).join("");
}

function lineIn(bytes: Buffer, at: number): number {
  let line = 1;
  for (let end = bytes.indexOf(10); end >= 0 && end < at; end = bytes.indexOf(10, end + 1)) line += 1;
  return line;
}

/**
 * Three ways of each place in question: what stood there, what stow wrote, and whether that is still to be found. Nothing
 * else of the file is shown, as it may hold other secrets.
 *
 * @returns lines, to be escaped for a terminal
 */
export function describeConflicts({ conflicts }: ConflictError): string[] {
  return conflicts.flatMap(({ path, why, reversal, now }) => {
    const lines = [`${path}: ${why}`];
    if (reversal.kind !== "splices") return lines;
    for (const splice of reversal.splices) {
      const at =
        now === null || splice.after === "" ? -1 : now.indexOf(Buffer.from(splice.after, reversal.encoding));
      const found = now === null || at < 0 ? "not found" : `still in line ${lineIn(now, at)}`;
      lines.push(
        `  before: ${oneLine(oldText(splice))}`,
        `  stow:   ${oneLine(splice.after)}`,
        `  now:    ${splice.after === "" ? "(stow only took something out)" : found}`,
      );
    }
    return lines;
  });
}

function oneLine(text: string): string {
  return text === "" ? "(nothing)" : text.trim().replace(/\s*\r?\n\s*/g, " ⏎ ");
}
