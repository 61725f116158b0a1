import { isUnsafeName } from "../model/manifest.ts";

/** What a value is known by. */
export interface NameHints {
  /** The rule's own variable; null where it has none. */
  readonly envName: string | null;
  /** Whether the rule knows the provider: a generic rule's variable says less than the field does. */
  readonly generic: boolean;
  /** Field or variable that the value stands in. */
  readonly field: string | null;
  readonly path: string;
}

const LAST_RESORT = "SECRET_VALUE";
const LONGEST = 60;

function variable(text: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, LONGEST)
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : "";
}

/** The last part of a field that is a word: `services.db.password` gives `PASSWORD`. */
function ofField(field: string | null): string {
  return variable(field?.split(/[.[\]:/]/).findLast((part) => /[A-Za-z]{2}/.test(part)) ?? "");
}

/** `src/billing/client.ts` gives `CLIENT`, `.env.production` gives `ENV_PRODUCTION`. */
function ofPath(path: string): string {
  const file = path.split("/").at(-1) ?? "";
  return variable(file.startsWith(".") ? file : file.replace(/\.[^.]*$/, ""));
}

/** Names in the order in which they are tried; the last one, with a number behind it, never ends. */
function* candidates({ envName, generic, field, path }: NameHints): Generator<string> {
  const own = ofField(field);
  const first = (generic ? own : "") || envName || own || LAST_RESORT;
  yield first;
  // A field that only repeats the rule's name tells two values no better apart.
  if (own !== "" && !first.includes(own)) yield own.includes(first) ? own : `${first}_${own}`;
  const place = ofPath(path);
  if (place !== "") yield `${first}_${place}`;
  for (let number = 2; ; number += 1) yield `${first}_${number}`;
}

/**
 * Names the variable for a value: by its rule, else by its field or variable; where that name holds another value, with
 * the field, the file or a number behind it.
 *
 * @param isTaken whether a name is in use with another value
 */
export function chooseName(hints: NameHints, isTaken: (name: string) => boolean): string {
  for (const candidate of candidates(hints)) {
    const name = isUnsafeName(candidate) ? `APP_${candidate}` : candidate;
    if (!isUnsafeName(name) && !isTaken(name)) return name;
  }
  throw new Error("the candidates never end");
}
