import type { ValuePath } from "../../../formats/jsonc.ts";
import type { LocatedScalar } from "../../../formats/located.ts";
import type { Place } from "../../../model/edit.ts";
import { lineEnd } from "../literal.ts";
import type { Refused } from "../literal.ts";
import { keysBelow, scalarKey, scalarValue } from "./lookup.ts";
import { refuse } from "./verdict.ts";
import type { Asked, Supply } from "./verdict.ts";

interface Wanted {
  /** The service's expression for a variable's value. */
  readonly form: (name: string) => string;
  /** Other `env` maps that reach the step. */
  readonly outer: readonly ValuePath[];
}

/**
 * Gives a step of a pipeline the variables that its script needs: entries of its `env`, or an `env` before the script.
 */
export function stepEnv(
  { scalar, scalars, request: { text } }: Asked,
  { form, outer }: Wanted,
): (places: readonly Place[]) => Supply | Refused {
  return (places) => {
    const step = scalar.path.slice(0, -1);
    const own = [...step, "env"];
    const names = [...new Set(places.map(({ name }) => name))];
    const missing: string[] = [];
    for (const name of names) {
      const found = [own, ...outer]
        .map((map) => scalarValue(scalars, [...map, name], scalar.document))
        .find((value) => value !== null);
      if (found === undefined) missing.push(name);
      else if (found !== form(name))
        return refuse(`the step has another ${name} in its environment`, `give that one another name first`);
    }
    return missing.length === 0
      ? { edits: [], added: 0 }
      : insertion(text, scalars, { scalar, own, lines: missing.map((name) => `${name}: ${form(name)}`) });
  };
}

function insertion(
  text: string,
  scalars: readonly LocatedScalar[],
  { scalar, own, lines }: { scalar: LocatedScalar; own: ValuePath; lines: readonly string[] },
): Supply | Refused {
  const [entry] = keysBelow(scalars, own, scalar.document);
  const script = scalarKey(scalars, scalar.path, scalar.document);
  const hasEnv = scalarKey(scalars, own, scalar.document) !== undefined;
  const at = entry ?? (hasEnv ? undefined : script);
  const column = at === undefined ? null : columnOf(text, at);
  if (at === undefined || column === null)
    return refuse(
      "the step's env cannot be added to",
      `write it as a block, one variable a line: ${lines.join(", ")}`,
    );
  const eol = lineEnd(text);
  const indent = " ".repeat(column);
  const added =
    entry === undefined
      ? [`env:`, ...lines.map((line) => `${indent}  ${line}`), indent].join(eol)
      : [...lines, ""].join(eol + indent);
  return {
    edits: [{ start: at.start, end: at.start, text: added }],
    added: lines.length * 2 + (entry === undefined ? 1 : 0),
  };
}

/** Column of a key that stands first on its line, but for the dash of a list; null where it does not. */
function columnOf(text: string, { start, flow }: LocatedScalar): number | null {
  const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  return !flow && /^(?: *- +)* *$/.test(text.slice(lineStart, start)) ? start - lineStart : null;
}
