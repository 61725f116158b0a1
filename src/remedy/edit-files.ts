import type { Surroundings } from "../model/edit.ts";
import type { ManifestSecret } from "../model/manifest.ts";
import { AliasBook, withClashes } from "./aliases.ts";
import { editSide } from "./edit-side.ts";
import type { Left, SideResult } from "./edit-side.ts";
import type { FoundFile, FoundSide } from "./found-file.ts";
import { wantedOf } from "./found-file.ts";
import type { NamedValue } from "./name-values.ts";
import type { ShowLines } from "./shown-changes.ts";

/** What the editors make of both forms of a file. */
export interface EditedFile {
  readonly file: FoundFile;
  readonly worktree: SideResult | null;
  readonly index: SideResult | null;
  /** Whether its index entry goes. */
  readonly untrack: boolean;
  /** Names whose value only the index has, whose entry goes: it would be lost, so it is kept. */
  readonly kept: readonly string[];
  /** Places of the file as such that stay, besides those of its forms. */
  readonly left: readonly Left[];
}

interface EditContext {
  readonly project: Surroundings;
  readonly show: ShowLines;
  /** What the manifest says of its names. */
  readonly present: Readonly<Record<string, ManifestSecret>>;
}

/** A later file's editor sees what the earlier ones will be: of a Terraform module no variable is declared twice. */
export async function editFiles(
  files: readonly FoundFile[],
  values: readonly NamedValue[],
  context: EditContext,
): Promise<EditedFile[]> {
  const edited: EditedFile[] = [];
  const texts = new Map<string, string>();
  const read = (path: string): string | null => texts.get(path) ?? context.project.read(path);
  const own = { ...context, project: { ...context.project, read } };
  const aliases = new AliasBook(values, context.present);
  for (const file of files) {
    const first = await editFile(file, values, own);
    const clashing = aliases.clashes(first);
    const rest = values.filter(({ name }) => !clashing.has(name));
    const settled =
      clashing.size === 0 ? first : withClashes(await editFile(file, rest, own), values, clashing);
    aliases.take(settled);
    if (settled.worktree !== null) texts.set(file.path, settled.worktree.after.toString());
    edited.push(settled);
  }
  return edited;
}

async function editFile(
  file: FoundFile,
  values: readonly NamedValue[],
  context: EditContext,
): Promise<EditedFile> {
  const nothing = { file, worktree: null, index: null, untrack: file.untrack, kept: [], left: [] };
  if (file.problem !== null) return { ...nothing, left: unreadable(file, file.problem) };
  if (file.home) return { ...nothing, kept: onlyStaged(file, values) };
  const edit = async (side: FoundSide | null): Promise<SideResult | null> =>
    await editForm(file.path, side, values, context);
  const worktree = await edit(file.worktree);
  // The same bytes give the same edits.
  const same = file.index !== null && file.worktree?.bytes.equals(file.index.bytes) === true;
  const index = file.filtered ? null : same ? worktree : await edit(file.index);
  const clean = index !== null && index.left.length === 0 && index.splices.length > 0;
  if (file.untrack && !(file.onlyIfHolding && clean))
    return { ...nothing, worktree, kept: onlyStaged(file, values) };
  return {
    ...nothing,
    worktree,
    index,
    untrack: false,
    left: file.filtered ? behindFilter(file, values, worktree) : [],
  };
}

/** All values are looked for, not only those that a rule has found here: a file that is edited is to hold none of them. */
async function editForm(
  path: string,
  side: FoundSide | null,
  values: readonly NamedValue[],
  { project, show }: EditContext,
): Promise<SideResult | null> {
  if (side === null || side.wanted.length === 0) return null;
  const wanted = values.map((value) => ({
    name: value.name,
    value: value.value.expose(),
    lines: value.linesIn(side),
  }));
  const moved = new Set(wanted.map(({ value }) => value));
  const others = side.others.flatMap(({ secret }) => {
    const value = secret?.expose();
    return value === undefined || moved.has(value) ? [] : [value];
  });
  return await editSide({ path, bytes: side.bytes, wanted, others, project, show });
}

function unreadable({ checked }: FoundFile, why: string): Left[] {
  return checked.map(({ line }) => ({
    name: "",
    line,
    why,
    instead: ["settle that first, then check and stow again; or take the value out by hand"],
  }));
}

function onlyStaged({ worktree, index }: FoundFile, values: readonly NamedValue[]): string[] {
  if (index === null) return [];
  return values
    .filter((value) => value.linesIn(index).size > 0)
    .filter(({ value }) => worktree?.bytes.includes(value.expose()) !== true)
    .map(({ name }) => name);
}

/** Git makes the index's form from the file, through the filter; what the file has not cannot be taken out that way. */
function behindFilter(file: FoundFile, values: readonly NamedValue[], worktree: SideResult | null): Left[] {
  const { index } = file;
  if (index === null) return [];
  const taken = new Set(worktree?.taken.map(({ name }) => name));
  return values
    .filter(({ name }) => !taken.has(name))
    .flatMap((value) =>
      [...value.linesIn(index)].map((line) => ({
        name: value.name,
        line,
        why: "only what is staged holds it, and a filter stands between that and the file",
        instead: [`take it out of the file, and stage it again (git add ${file.path})`],
      })),
    );
}

/** Whether anything of a file is to be done at all. */
export function concerns(file: FoundFile): boolean {
  return file.untrack || file.problem !== null || wantedOf(file).length > 0;
}
