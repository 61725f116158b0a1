import { isUnsafeName, NAME_PATTERN } from "../../../model/manifest.ts";
import type { EditResult, Place, Refusal, TextEdit } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";

/** Collects what an editor finds, and gives it in order. */
export class Draft {
  readonly #edits: TextEdit[] = [];
  readonly #refused: Refusal[] = [];
  readonly #notes = new Set<string>();
  readonly #shared = new Map<
    string,
    { readonly names: readonly string[]; readonly says: (names: readonly string[]) => string }
  >();
  readonly #aliases = new Map<string, Set<string>>();

  edit(...edits: readonly TextEdit[]): void {
    for (const edit of edits) {
      const twice = this.#edits.some(
        (known) => known.start === edit.start && known.end === edit.end && known.text === edit.text,
      );
      if (!twice) this.#edits.push(edit);
    }
  }

  note(...notes: readonly string[]): void {
    for (const note of notes) this.#notes.add(note);
  }

  /** One note for all the names of a file, since one command is to have them all. */
  noteFor(name: string, says: (names: readonly string[]) => string): void {
    const key = says(["…"]);
    const names = this.#shared.get(key)?.names ?? [];
    if (!names.includes(name)) this.#shared.set(key, { names: [...names, name], says });
  }

  alias(name: string, variable: string): void {
    if (variable === name) return;
    const known = this.#aliases.get(name) ?? new Set();
    this.#aliases.set(name, known.add(variable));
  }

  refuse(places: readonly Place[], { why, instead }: Refused): void {
    for (const place of places) this.#refused.push({ place, why, instead });
  }

  /** A line that goes takes what stands in its comment along. */
  #isTaken(place: Place): boolean {
    return this.#edits.some(({ start, end }) => start <= place.start && place.end <= end);
  }

  result(): EditResult {
    return {
      edits: this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end),
      refused: this.#refused
        .filter(({ place }) => !this.#isTaken(place))
        .toSorted((a, b) => a.place.start - b.place.start),
      notes:
        this.#edits.length === 0
          ? []
          : [...this.#notes, ...[...this.#shared.values()].map(({ names, says }) => says(names))],
      aliases:
        this.#edits.length === 0
          ? {}
          : Object.fromEntries([...this.#aliases].map(([name, variables]) => [name, [...variables]])),
    };
  }
}

/** Refuses every place for one reason. */
export function refuseAll(places: readonly Place[], refused: Refused): EditResult {
  const draft = new Draft();
  draft.refuse(places, refused);
  return draft.result();
}

/** Why a variable cannot be filled by `stowaway run`; null where it can. */
export function unusable(variable: string): Refused | null {
  if (!NAME_PATTERN.test(variable))
    return {
      why: `${variable} is no name for a variable`,
      instead: ["rename the key, with letters, digits and _ only, then try again"],
    };
  if (!isUnsafeName(variable)) return null;
  return {
    why: `stowaway run does not set ${variable}, since it decides what programs do`,
    instead: [`set ${variable} in your own shell, and delete the value here`],
  };
}
