import type { PlainEdit } from "../model/transaction.ts";
import type { PlainChange } from "./pack-out.ts";

type Sides = (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };

/** Settles changes of files without values: several of one file one after the other, each form of it by itself. */
export async function plainEdits(
  changes: readonly PlainChange[],
  sides: Sides,
): Promise<{ edits: PlainEdit[]; says: string[] }> {
  const edits: PlainEdit[] = [];
  const says: string[] = [];
  for (const path of new Set(changes.map((change) => change.path))) {
    const here = changes.filter((change) => change.path === path);
    const { worktree, index } = sides(path);
    const after = await changed(worktree, here);
    // A file that nobody has added is not added by the way, unless it is new altogether.
    const staged = index === null && worktree !== null ? null : await changed(index, here);
    if (after === null && staged === null) continue;
    edits.push({
      path,
      worktree: after === null ? null : { before: worktree, after },
      index: staged === null ? null : { before: index, after: staged },
    });
    says.push(...here.map((change) => change.says));
  }
  return { edits, says };
}

async function changed(before: Buffer | null, changes: readonly PlainChange[]): Promise<Buffer | null> {
  let text = before === null ? null : before.toString("latin1");
  let any = false;
  for (const { change } of changes) {
    // As Latin-1, so that bytes which are no UTF-8 stay what they are; what is added is ASCII.
    const next = await change(text);
    if (next === null) continue;
    text = next;
    any = true;
  }
  return any ? Buffer.from(text ?? "", "latin1") : null;
}
