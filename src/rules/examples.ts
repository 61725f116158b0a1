import { AUTHORIZATION_EXAMPLES } from "./authorization.examples.ts";
import { AWS_EXAMPLES } from "./aws.examples.ts";
import { AZURE_EXAMPLES } from "./azure.examples.ts";
import { COMMAND_LINE_EXAMPLES } from "./command-line.examples.ts";
import type { RuleExamples } from "./example.ts";
import { GENERIC_EXAMPLES } from "./generic.examples.ts";
import { TOKEN_EXAMPLES } from "./github.examples.ts";
import { JWT_EXAMPLES } from "./jwt.examples.ts";
import { PRIVATE_KEY_EXAMPLES } from "./private-key.examples.ts";
import { assignedExamples, prefixedExamples } from "./row-examples.ts";
import { ASSIGNED_ROWS, PREFIXED_ROWS } from "./tables/index.ts";
import { URL_EXAMPLES } from "./urls.examples.ts";

export type { RuleExamples, Sample } from "./example.ts";

/** What each rule over content must find and must leave alone; for tests and the demo, never for the product. */
export const EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  ...PREFIXED_ROWS.map((row) => [row.id, prefixedExamples(row)] as const),
  ...ASSIGNED_ROWS.map((row) => [row.id, assignedExamples(row)] as const),
  ...AWS_EXAMPLES,
  ...AZURE_EXAMPLES,
  ...TOKEN_EXAMPLES,
  ...PRIVATE_KEY_EXAMPLES,
  ...URL_EXAMPLES,
  ...JWT_EXAMPLES,
  ...AUTHORIZATION_EXAMPLES,
  ...COMMAND_LINE_EXAMPLES,
  ...GENERIC_EXAMPLES,
]);
