import { KnownError } from "../model/errors.ts";
import type { FileEncoding, StoredSecret } from "../model/transaction.ts";
import type { Plan } from "./plan.ts";

/** Both forms of a file, as they are now. */
type Look = (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };

function count(bytes: Buffer, { value }: StoredSecret, encoding: FileEncoding): number {
  const text = Buffer.from(value.expose(), encoding);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) found += 1;
  return found;
}

/**
 * Looks at every file that was edited: none may hold a value more often than planned.
 *
 * @throws KnownError (1), upon which all is taken back
 */
export function seeGone({ transaction, expected }: Plan, look: Look): void {
  for (const { path } of transaction.edits) {
    const now = look(path);
    const planned = expected.get(path);
    if (planned === undefined) continue;
    for (const form of ["worktree", "index"] as const) {
      const [is, was] = [now[form], planned[form]];
      if (is === null || was === null) continue;
      const more = transaction.secrets.find(
        (secret) => count(is, secret, planned.encoding) > count(was, secret, planned.encoding),
      );
      if (more !== undefined)
        throw new KnownError(
          1,
          "still-there",
          `the value of ${more.name} still stands in it after the edit`,
          {
            path,
            hint: "Take it out by hand, and tell us about this kind of file.",
          },
        );
    }
  }
}
