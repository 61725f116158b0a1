import type { AssignedRow } from "./assigned.ts";
import { inForms, plain } from "./example.ts";
import type { RuleExamples } from "./example.ts";
import type { Generator } from "./example-generator.ts";
import type { PrefixedRow } from "./prefixed.ts";
import { charactersOf, isRun } from "./shape.ts";
import type { Run, Shape } from "./shape.ts";

function sized(shape: Shape, length: (run: Run, index: number) => number): Shape {
  return shape.map((part, index) => {
    if (!isRun(part)) return part;
    const size = length(part, index);
    return { ...part, min: size, max: size };
  });
}

/** One character less than the shortest. */
function tooShort(shape: Shape): Shape {
  const last = shape.findLastIndex((part) => isRun(part) && part.min > 0);
  return sized(shape, ({ min }, index) => (index === last ? min - 1 : min));
}

/** One character more than the longest. */
function tooLong(shape: Shape): Shape {
  return sized(shape, ({ max }, index) => (index === shape.length - 1 ? max + 1 : max));
}

/** A shape whose runs are one character repeated. */
function filled(generator: Generator, shape: Shape): string {
  return shape
    .map((part) => {
      if (typeof part === "string") return part;
      if (!isRun(part)) return generator.one(part);
      const characters = charactersOf(part.of);
      return (characters.includes("x") ? "x" : generator.pick(characters, 1)).repeat(part.min);
    })
    .join("");
}

function endsWithRun(shape: Shape): boolean {
  const last = shape.at(-1);
  return last !== undefined && isRun(last);
}

/** @param make the token of a row whose runs are not all random */
export function prefixedExamples(
  row: PrefixedRow,
  make = (g: Generator) => g.shape(row.shape),
): RuleExamples {
  return {
    match: (generator) => inForms(row.envName, make(generator)),
    ignore: (generator) => [
      ...plain(row.envName, [
        generator.shape(tooShort(row.shape)),
        ...(endsWithRun(row.shape) ? [generator.shape(tooLong(row.shape))] : []),
        filled(generator, row.shape),
      ]),
      { text: `const ${row.envName} = process.env.${row.envName};\n`, path: "index.js" },
    ],
  };
}

export function assignedExamples(row: AssignedRow): RuleExamples {
  return {
    match: (generator) => inForms(row.envName, generator.shape(row.value)),
    ignore: (generator) => [
      ...plain(row.envName, [
        generator.shape(tooShort(row.value)),
        generator.shape(tooLong(row.value)),
        filled(generator, row.value),
      ]),
      // The value alone says nothing: the name must stand beside it.
      { text: `const revision = "${generator.shape(row.value)}";\n` },
    ],
  };
}
