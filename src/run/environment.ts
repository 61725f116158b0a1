import type { Environment } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import type { Secret } from "../model/secret.ts";

/**
 * An environment with values in it.
 *
 * @throws UsageError where a value cannot be one of a variable
 */
export function withSecrets(env: Environment, values: ReadonlyMap<string, Secret>): Environment {
  const exposed: Record<string, string | undefined> = { ...env };
  for (const [name, secret] of values) {
    const value = secret.expose();
    // Node's own message would quote it.
    if (value.includes("\0"))
      throw new UsageError("binary-secret", `${name} holds a zero byte, which no variable can`, {
        hint: `Take it from a pipe: stowaway secrets get ${name}`,
      });
    exposed[name] = value;
  }
  return exposed;
}
