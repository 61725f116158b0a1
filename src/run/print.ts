import { UsageError } from "../model/errors.ts";
import { NAME_PATTERN } from "../model/manifest.ts";
import type { Secret } from "../model/secret.ts";

type Values = ReadonlyMap<string, Secret>;

/** Lines for the `eval` of a shell: `export NAME='value'`. */
export function shellExports(values: Values): string {
  return [...values]
    .filter(([name]) => NAME_PATTERN.test(name))
    .map(([name, value]) => `export ${name}='${value.expose().replaceAll("'", `'\\''`)}'\n`)
    .join("");
}

/** One JSON object: values by name. */
export function jsonObject(values: Values): string {
  const entries = [...values].map(([name, value]) => [name, value.expose()] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** @throws UsageError where there are not two or three names for `awsCredentials` */
export function requireAwsNames(names: readonly string[]): void {
  if (names.length === 2 || names.length === 3) return;
  throw new UsageError("aws-names", "--format aws needs the names of two or three secrets", {
    hint: "Name the key id, the key and, for temporary keys, the session token: --only ID,KEY,TOKEN",
  });
}

/**
 * What a `credential_process` of AWS answers (AWS CLI User Guide, "Sourcing credentials with an external process").
 *
 * @param names of the key id, the key and, for temporary keys, the session token, in this order
 * @see https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
 */
export function awsCredentials(values: Values, names: readonly string[]): string {
  const [id, key, token] = names.map((name) => values.get(name)?.expose());
  const session = token === undefined ? {} : { SessionToken: token };
  return `${JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: key, ...session })}\n`;
}
