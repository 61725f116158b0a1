import type { Finding } from "../model/finding.ts";

/** One form of a file with what was found in it. */
export interface FoundSide {
  readonly bytes: Buffer;
  /** Findings over content that are to be moved. */
  readonly wanted: readonly Finding[];
  /** Those, and the ones over the file's name, for the question what to do with them. */
  readonly asked: readonly Finding[];
  /** All other findings of the same text. */
  readonly others: readonly Finding[];
}

/** A file with findings. */
export interface FoundFile {
  /** Relative to the top. */
  readonly path: string;
  readonly worktree: FoundSide | null;
  readonly index: FoundSide | null;
  /** A filter stands between both forms. */
  readonly filtered: boolean;
  /** Why it cannot be edited (a conflict, a link …); null where it can. Both forms are null then. */
  readonly problem: string | null;
  /** What the check has found in it, for a file that cannot be read now. */
  readonly checked: readonly { readonly title: string; readonly line: number }[];
  /** Whether its index entry goes: the file as such should not be in git. */
  readonly untrack: boolean;
  /** Whether it may stay in git once it holds no value (`.npmrc`). */
  readonly onlyIfHolding: boolean;
  /** Whether its values stay in it: a dotenv file that leaves git is itself a home for them. */
  readonly home: boolean;
}

/** Findings of both forms that are to be moved. */
export function wantedOf({ worktree, index }: FoundFile): readonly Finding[] {
  return [...(worktree?.wanted ?? []), ...(index?.wanted ?? [])];
}
