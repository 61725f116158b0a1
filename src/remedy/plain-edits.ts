import { KnownError } from "../model/errors.ts";
import type { PlainEdit } from "../model/transaction.ts";
import type { PlainChange } from "./plain-change.ts";

type Sides = (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };

/**
 * Settles changes of files without values: several of one file one after the other, each form of it by itself.
 *
 * @returns the edits, and what those changes say that change anything
 * @throws KnownError (1) where a file that is changed as text is no UTF-8
 */
export async function plainEdits(
  changes: readonly PlainChange[],
  sides: Sides,
): Promise<{ edits: PlainEdit[]; says: string[] }> {
  const edits: PlainEdit[] = [];
  const said = new Set<string>();
  for (const path of new Set(changes.map((change) => change.path))) {
    const here = changes.filter((change) => change.path === path);
    const { worktree, index } = sides(path);
    const after = await changed(worktree, here, said);
    // A file that nobody has added is not added by the way, unless it is new altogether.
    const staged = index === null && worktree !== null ? null : await changed(index, here, said);
    if (after === null && staged === null) continue;
    edits.push({
      path,
      worktree: after === null ? null : { before: worktree, after },
      index: staged === null ? null : { before: index, after: staged },
    });
  }
  return { edits, says: [...said] };
}

async function changed(
  before: Buffer | null,
  changes: readonly PlainChange[],
  said: Set<string>,
): Promise<Buffer | null> {
  let bytes = before;
  for (const change of changes) {
    const encoding = change.bytes === true ? "latin1" : "utf8";
    const next = await change.change(bytes === null ? null : decode(bytes, encoding, change.path));
    if (next === null) continue;
    bytes = Buffer.from(next, encoding);
    said.add(change.says);
  }
  return bytes === before ? null : bytes;
}

function decode(bytes: Buffer, encoding: "latin1" | "utf8", path: string): string {
  const text = bytes.toString(encoding);
  if (encoding === "latin1" || (Buffer.from(text).equals(bytes) && !text.includes("\0"))) return text;
  throw new KnownError(1, "not-utf8", "would have to be changed, and is no UTF-8 text", {
    path,
    hint: "Save it as UTF-8, then run stow again.",
  });
}
