import { Generator } from "../../src/rules/example-generator.ts";
import { EXAMPLES } from "../../src/rules/examples.ts";
import { plant } from "./ledger.ts";

export interface PlantedSample {
  /** The line or block that the rule finds. */
  readonly text: string;
  readonly secret: string;
}

/**
 * A well-formed example of a rule's secret, made now from a seed and noted as planted.
 *
 * @param rule id of a rule over content
 * @throws Error where the rule has no example
 */
export function sample(rule: string, seed = 1): PlantedSample {
  const found = EXAMPLES.get(rule)?.match(new Generator(seed))[0];
  if (found?.secret === undefined) throw new Error(`rule ${rule} has no example with a secret`);
  return { text: found.text, secret: plant(found.secret) };
}

/** A GitHub personal access token with a right checksum. */
export function githubToken(seed = 1): string {
  return sample("github-personal-token", seed).secret;
}
