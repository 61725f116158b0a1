import type { ManifestSecret } from "../model/manifest.ts";
import type { EditedFile } from "./edit-files.ts";
import type { SideResult } from "./edit-side.ts";
import type { FoundFile } from "./found-file.ts";
import type { NamedValue } from "./name-values.ts";

function sidesOf({ worktree, index }: EditedFile): SideResult[] {
  return [worktree, index].filter((side) => side !== null);
}

/** Which variable is to hold which name's value: no variable can hold two. */
export class AliasBook {
  readonly #owners = new Map<string, string>();

  /** @param present what the manifest says of its names */
  constructor(values: readonly NamedValue[], present: Readonly<Record<string, ManifestSecret>>) {
    for (const [name, { as = [] }] of Object.entries(present))
      for (const variable of [name, ...as]) this.#owners.set(variable, name);
    for (const { name } of values) this.#owners.set(name, name);
  }

  /** Names that want a variable which belongs to another one. */
  clashes(edited: EditedFile): ReadonlySet<string> {
    const wanted = new Map<string, string>();
    const clashing = new Set<string>();
    for (const { aliases } of sidesOf(edited))
      for (const [name, variables] of Object.entries(aliases))
        for (const variable of variables) {
          const owner = this.#owners.get(variable) ?? wanted.get(variable) ?? name;
          wanted.set(variable, owner);
          if (owner !== name) clashing.add(name);
        }
    return clashing;
  }

  /** Gives a file's variables to their names. */
  take(edited: EditedFile): void {
    for (const { aliases } of sidesOf(edited))
      for (const [name, variables] of Object.entries(aliases))
        for (const variable of variables) this.#owners.set(variable, name);
  }
}

/** The edits of a file without the clashing names, which stay in it. */
export function withClashes(
  edited: EditedFile,
  values: readonly NamedValue[],
  clashing: ReadonlySet<string>,
): EditedFile {
  const add = (side: SideResult | null, found: FoundFile["worktree"]): SideResult | null => {
    if (side === null || found === null) return side;
    const left = values
      .filter(({ name }) => clashing.has(name))
      .flatMap((value) =>
        [...value.linesIn(found)].slice(0, 1).map((line) => ({
          name: value.name,
          line,
          why: "the variable that this file sets is to hold another value too",
          instead: ["give one of the two variables another name, then run stow again"],
        })),
      );
    return { ...side, left: [...side.left, ...left] };
  };
  const { file, worktree, index } = edited;
  return { ...edited, worktree: add(worktree, file.worktree), index: add(index, file.index) };
}
