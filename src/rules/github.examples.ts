import type { RuleExamples } from "./example.ts";
import type { Generator } from "./example-generator.ts";
import { toBase64url } from "./example-generator.ts";
import { GITHUB_ROWS } from "./github.ts";
import { NPM_ROW } from "./npm.ts";
import type { PrefixedRow } from "./prefixed.ts";
import { PYPI_ROW } from "./pypi.ts";
import { prefixedExamples } from "./row-examples.ts";

/** Rows with a checksum: well-formed tokens have it, and what lacks it must be left alone. */
function checkedExamples(row: PrefixedRow): RuleExamples {
  const make = (g: Generator): string => {
    const first = row.shape[0];
    return (typeof first === "string" ? first : g.one(first as readonly string[])) + g.checked();
  };
  const examples = prefixedExamples(row, make);
  return {
    match: (g) => examples.match(g),
    ignore: (g) => {
      const token = make(g);
      const wrong = token.slice(0, 10) + (token[10] === "a" ? "b" : "a") + token.slice(11);
      return [
        ...examples.ignore(g),
        { text: `${row.envName}=${wrong}\n` },
        { text: `${row.envName}=${g.shape(row.shape)}\n` },
      ];
    },
  };
}

function macaroon(g: Generator): string {
  const location = g.one(["\x0bexample.org", "\x10test.example.org"]);
  return `pypi-${toBase64url(`\x02\x01${location}\x02$${g.uuid()}\x00\x06 ${g.bytes(32)}`)}`;
}

export const TOKEN_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map([
  ...[...GITHUB_ROWS, NPM_ROW].map(
    (row) => [row.id, row.accepts === undefined ? prefixedExamples(row) : checkedExamples(row)] as const,
  ),
  [PYPI_ROW.id, prefixedExamples(PYPI_ROW, macaroon)] as const,
]);
