import type { AssignedRow } from "./assigned.ts";
import { run } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** The value of a key that only the name beside it tells; where documents say hexadecimal, any letters are taken. */
export const KEY32: Shape = [run("alnum", 32)];
export const KEY40: Shape = [run("alnum", 40)];
export const KEY64: Shape = [run("alnum", 64)];
export const UUID: Shape = [
  run("anyHex", 8),
  "-",
  run("anyHex", 4),
  "-",
  run("anyHex", 4),
  "-",
  run("anyHex", 4),
  "-",
  run("anyHex", 12),
];

/** What a name must also speak of where the provider's name alone would be too little. */
export const KEY_WORDS = ["key", "token", "secret", "pass", "pwd", "auth", "credential"];

/** One row of a table: the columns every row has, then what only some have. */
export type Columns = readonly [
  id: string,
  provider: string,
  title: string,
  names: readonly string[],
  value: Shape,
  envName: string,
  source: string,
  revokeUrl: string | null,
  more?: Partial<AssignedRow>,
];

/** @returns the row with its columns named */
export function namedKey([
  id,
  provider,
  title,
  names,
  value,
  envName,
  source,
  revokeUrl,
  more,
]: Columns): AssignedRow {
  const allows = "calls the service's interface in the account's name";
  return { id, provider, title, names, value, envName, source, revokeUrl, allows, ...more };
}
