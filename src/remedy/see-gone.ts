import { KnownError } from "../model/errors.ts";
import type { StoredSecret } from "../model/transaction.ts";
import type { Plan } from "./plan.ts";

/** Both forms of a file, as they are now. */
type Look = (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };

function count(bytes: Buffer, { value }: StoredSecret): number {
  const text = value.expose();
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found += 1;
  return found;
}

/**
 * Looks at every file that was edited: none may hold a value more often than the plan said.
 *
 * @throws KnownError (1), upon which all is taken back
 */
export function seeGone({ transaction, left }: Plan, look: Look): void {
  for (const { path, worktree, index } of transaction.edits) {
    const now = look(path);
    const changed = [worktree === null ? null : now.worktree, index === null ? null : now.index];
    for (const secret of transaction.secrets) {
      const allowed = left.filter((each) => each.path === path && each.name === secret.name).length;
      if (changed.some((side) => side !== null && count(side, secret) > allowed))
        throw new KnownError(
          1,
          "still-there",
          "a value still stands in it after the edit, so all was taken back",
          {
            path,
            hint: "Take it out by hand, and tell us about this kind of file.",
          },
        );
    }
  }
}
