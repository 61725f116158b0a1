import type { Environment } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import type { Secret } from "../model/secret.ts";
import { isText } from "../vault/value-bytes.ts";

/**
 * A variable's value; undefined where it is not set. What every object has (`constructor`, `toString`) is no variable.
 */
export function variableOf(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/**
 * An environment with values in it.
 *
 * @throws UsageError where a value cannot be one of a variable
 */
export function withSecrets(env: Environment, values: ReadonlyMap<string, Secret>): Environment {
  requireText(values);
  const exposed = [...values].map(([name, secret]) => [name, secret.expose()] as const);
  return Object.fromEntries([...Object.entries(env), ...exposed]);
}

/**
 * Sees to it that variables, shells and JSON can carry the values as they are.
 *
 * @throws UsageError that names the first one of which they cannot
 */
export function requireText(values: ReadonlyMap<string, Secret>): void {
  for (const [name, secret] of values) {
    // Node's own message would quote it.
    const isBroken = secret.expose().includes("\0");
    if (!isBroken && isText(secret)) continue;
    const what = isBroken ? "holds a zero byte" : "is no text (UTF-8)";
    throw new UsageError("binary-secret", `${name} ${what}, so no variable can carry it`, {
      hint: `Take it from a pipe: stowaway secrets get ${name}`,
    });
  }
}
