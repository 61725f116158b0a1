import type { LocatedScalar } from "../../../formats/located.ts";
import type { EditRequest, Place, TextEdit } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";

/** A place, and the key or value of a document that holds it. */
export interface Asked {
  readonly place: Place;
  readonly scalar: LocatedScalar;
  /** Whether the value is all of the scalar. */
  readonly whole: boolean;
  readonly request: EditRequest;
  readonly scalars: readonly LocatedScalar[];
}

/** Lines that a format needs besides: a step's `env`. */
export interface Supply {
  readonly edits: readonly TextEdit[];
  /** Number of keys and values that they add. */
  readonly added: number;
}

/** What becomes of a place. */
export type Verdict =
  | Refused
  /** The reader's own form of a reference takes the place. */
  | { readonly write: string; readonly variable?: string; readonly notes?: readonly string[] }
  /** The whole entry goes, because the reader takes this variable where there is none; null where we do not set it. */
  | { readonly drop: string | null; readonly notes?: readonly string[] }
  /** The scalar is a script for a shell; the reference takes the form that is right at that point of it. */
  | {
      readonly script: true;
      readonly notes?: readonly string[];
      /** What is to be said besides where the script then names a variable. */
      readonly naming?: readonly string[];
      /** Expressions that the reader puts values in for before a shell sees the script; with the flag g. */
      readonly opaque?: RegExp;
      readonly supply?: (places: readonly Place[]) => Supply | Refused;
      /** Turns to the script's own text first; null where it has nothing to say. */
      readonly first?: (script: string, place: Place) => ScriptEdit | null;
    };

/** An edit within a script, and the variable that the script's programs take the value from. */
export interface ScriptEdit extends TextEdit {
  readonly variable: string;
}

export type Judge = (asked: Asked) => Verdict;

/** One program that reads a kind of file. */
export interface Reader {
  /** For people: `a compose file`. */
  readonly name: string;
  readonly files: RegExp;
  readonly format: "yaml" | "json" | "toml" | "ini" | "npmrc" | "conf" | "properties" | "xml";
  /** Its documentation, which says how it reads variables. */
  readonly source: string;
  readonly judge: Judge;
}

interface Expansion {
  /** The reader's form of a reference. */
  readonly form: (name: string) => string;
  /** What means something to the reader: a value that holds it may be another than its text. */
  readonly meant: RegExp;
  readonly notes?: (name: string) => readonly string[];
}

/** For readers that expand variables in every value. */
export function expands({ form, meant, notes }: Expansion): Judge {
  return ({ place, request }) => {
    if (meant.test(request.text.slice(place.start, place.end)))
      return refuse(
        "its characters have a meaning to the program that reads the file",
        `write ${form(place.name)} in its place by hand`,
      );
    return { write: form(place.name), notes: notes?.(place.name) ?? [] };
  };
}

export function refuse(why: string, ...instead: readonly string[]): Refused {
  return { why, instead };
}

/** Path of a value for people and patterns: `jobs.build.steps.0.run`. */
function pathOf({ path }: LocatedScalar): string {
  return path.join(".");
}

/** Takes the first judge whose pattern matches the path of the value; else the last one. */
export function byPath(rows: readonly (readonly [RegExp, Judge])[], otherwise: Judge): Judge {
  return (asked) => {
    const path = pathOf(asked.scalar);
    return (rows.find(([pattern]) => pattern.test(path))?.[1] ?? otherwise)(asked);
  };
}

/** For values that the reader takes as they are. */
export function literally(why: string, ...instead: readonly ((asked: Asked) => string)[]): Judge {
  return (asked) => refuse(why, ...instead.map((sentence) => sentence(asked)));
}

/** For values that the reader takes from a variable where the file has none. */
export function dropped(
  variable: (asked: Asked) => string,
  notes: (asked: Asked) => readonly string[] = () => [],
): Judge {
  return (asked) =>
    asked.whole
      ? { drop: variable(asked), notes: notes(asked) }
      : refuse(
          "only a part of the value is secret",
          `keep the whole value as a secret: stowaway secrets set ${variable(asked)}`,
          "then delete the line",
        );
}

/** Advice where no program is known that expands variables in a file. */
export const UNREAD: Judge = ({ place, request: { path } }) =>
  refuse(
    "programs take the values of this file as they stand there",
    `read ${place.name} from the environment in the code that loads ${path}, and delete the value`,
    `or keep the file out of git: git rm --cached ${path}, name it in .gitignore, and commit ${path}.example without the value`,
  );
