import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Generator } from "../../src/rules/example-generator.ts";
import { EXAMPLES } from "../../src/rules/examples.ts";
import { plant } from "./ledger.ts";

/** `{{rule}}` in a fixture stands for a secret of that rule. */
const PLACEHOLDER = /\{\{([a-z0-9-]+)\}\}/g;

export interface Planted {
  readonly rule: string;
  readonly secret: string;
  /** The file it was put into, relative to the copy. */
  readonly file: string;
}

/**
 * Copies a fixture and fills its placeholders with secrets made now: the repository itself holds none.
 *
 * @param source absolute folder of the fixture
 * @param into absolute folder; made if need be
 * @param seed of the generator; the same seed gives the same secrets
 */
export function copyFixture(source: string, into: string, seed = 1): Planted[] {
  cpSync(source, into, { recursive: true });
  const generator = new Generator(seed);
  const planted: Planted[] = [];
  const names = readdirSync(source, { recursive: true, encoding: "utf8" }).toSorted();
  for (const name of names) {
    const file = path.join(into, name);
    if (!statSync(file).isFile()) continue;
    const before = readFileSync(file, "utf8");
    const after = before.replace(PLACEHOLDER, (_, rule: string) => {
      const secret = EXAMPLES.get(rule)?.match(generator)[0]?.secret;
      if (secret === undefined) throw new Error(`no example of rule ${rule} for ${name}`);
      planted.push({ rule, secret: plant(secret), file: name.split(path.sep).join("/") });
      return secret;
    });
    if (after !== before) writeFileSync(file, after);
  }
  return planted;
}
