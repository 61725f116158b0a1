import type { JournalKey } from "./journal-key.ts";
import type { Reversal } from "./journal.ts";
import type { WorkRepository } from "./repository.ts";
import { namesIn } from "./reversal.ts";
import type { Values } from "./splice.ts";

/** What looking at a run needs. */
export interface Examination {
  readonly repo: WorkRepository;
  readonly key: JournalKey;
  /** Values that the store holds as the run put them there. */
  readonly values: Values;
  /** Why there is no value, one clause a name. */
  readonly lost: ReadonlyMap<string, string>;
}

/** Why a reversal cannot be made for want of a value; null where it can. */
export function lackOf(reversal: Reversal, { lost }: Examination): string | null {
  const name = namesIn(reversal).find((each) => lost.has(each));
  return name === undefined ? null : (lost.get(name) ?? null);
}
