import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import path from "node:path";

const NAME = /^(\d{1,9})\.json$/;
const HEAD = Buffer.from('{"state":"prepared"');

/** Where a run's journal is. */
export function journalOf(stateDir: string, id: number): string {
  return path.join(stateDir, `${id}.json`);
}

/** Ids of a work tree's runs, ascending. */
export function runIds(stateDir: string): number[] {
  let names: string[];
  try {
    names = readdirSync(stateDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

/**
 * Whether a run was interrupted in this work tree, so that it must be taken back first. Cheap enough for a hook: reads a
 * few bytes of each journal.
 *
 * @param stateDir our folder in the git directory; need not exist
 */
export function hasUnfinished(stateDir: string): boolean {
  return runIds(stateDir).some((id) => {
    const file = openSync(journalOf(stateDir, id), "r");
    try {
      const head = Buffer.alloc(HEAD.length);
      readSync(file, head, 0, head.length, 0);
      return head.equals(HEAD);
    } finally {
      closeSync(file);
    }
  });
}
