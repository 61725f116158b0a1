import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "stowaway-";
const actions = new Set<() => void>();

/** A folder of our own, readable by nobody else (mkdtemp makes it 0700). */
export interface TempFolder {
  readonly path: string;
  /** Removes it with all it holds. */
  remove(): Promise<void>;
}

/** Makes a folder that is gone at the latest when `cleanUp` ran. */
export async function makeTempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  const forget = onCleanUp(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      forget();
    },
  };
}

/**
 * Registers what has to be done before the process goes; the latest is done first.
 *
 * @param action synchronous
 * @returns takes the action back
 */
export function onCleanUp(action: () => void): () => void {
  actions.add(action);
  return () => void actions.delete(action);
}

/**
 * Stops what was started and removes what was made, as far as it still stands; for signal handlers.
 *
 * @throws the first error, once everything was tried
 */
export function cleanUp(): void {
  const errors: unknown[] = [];
  for (const action of [...actions].toReversed()) {
    actions.delete(action);
    try {
      action();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
