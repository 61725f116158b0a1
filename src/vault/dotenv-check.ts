import { parseEnv } from "node:util";
import { refused } from "./dotenv-file.ts";
import type { DotenvContent } from "./dotenv-file.ts";
import { nameTaken } from "./name-taken.ts";
import { writeDotenvValue } from "../formats/dotenv-edit.ts";
import { dotenvValues, parseDotenv } from "../formats/dotenv.ts";
import { KnownError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import { Secret } from "../model/secret.ts";
import type { StoredSecret } from "../model/transaction.ts";

/**
 * Names that the file has not yet.
 *
 * @throws KnownError (1) where one has another value, or is there twice
 */
export function missing(
  secrets: readonly StoredSecret[],
  content: DotenvContent | null,
  file: string,
): Set<string> {
  refuseTwice(secrets, content, file);
  const values = dotenvValues(content?.entries ?? []);
  const made = new Set<string>();
  for (const { name, value } of secrets) {
    const present = values[name];
    if (present === undefined) made.add(name);
    else if (!new Secret(present).equals(value)) throw nameTaken(name, file);
  }
  return made;
}

/** @throws KnownError (1) where a name is there twice: readers may take either */
export function refuseTwice(
  secrets: readonly StoredSecret[],
  content: DotenvContent | null,
  file: string,
): void {
  for (const { name } of secrets)
    if ((content?.entries ?? []).filter(({ key }) => key === name).length > 1)
      throw refused(file, `${name} is given twice in this file`, { hint: "Keep one of the lines." });
}

/**
 * How a value is written.
 *
 * @throws KnownError (1) where no form is read alike everywhere
 */
export function formOf(name: string, value: Secret, file: string): { text: string; warning: string | null } {
  const form = writeDotenvValue(value.expose());
  if (!("refused" in form)) return form;
  throw new KnownError(
    ExitCode.findings,
    "value-refused",
    `${name} cannot be kept in a dotenv file: ${form.refused}`,
    {
      path: file,
      hint: "Keep it in the keychain: --to keychain",
    },
  );
}

/**
 * What is in the file may swallow a line behind it: an unclosed quote, say. So it is read back before it is written.
 *
 * @throws KnownError (1) where a value would not be read as it is, or another one would change
 */
export function verifyText(
  before: string,
  after: string,
  secrets: readonly StoredSecret[],
  file: string,
): void {
  if (before === after) return;
  const ours = dotenvValues(parseDotenv(after));
  const nodes = parseEnv(after);
  const right = secrets.every(
    ({ name, value }) =>
      ours[name] === value.expose() && (before.startsWith("\ufeff") || nodes[name] === value.expose()),
  );
  if (right && agreesBut(before, after, new Set(secrets.map(({ name }) => name)))) return;
  throw refused(file, "its content would not be read back as it is written", {
    hint: "Look for a quote that is not closed, or a line of nothing but blanks.",
  });
}

/** Whether two texts give the same values, but for some names. */
function agreesBut(before: string, after: string, names: ReadonlySet<string>): boolean {
  const [old, current] = [before, after].map((text) => dotenvValues(parseDotenv(text)));
  const all = new Set([...Object.keys(old ?? {}), ...Object.keys(current ?? {})]);
  return [...all].every((key) => names.has(key) || old?.[key] === current?.[key]);
}
