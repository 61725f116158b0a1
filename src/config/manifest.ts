import { randomBytes } from "node:crypto";
import { checkManifest, knownManifestKeys } from "./schema.ts";
import { parseJsonc, setJsonValue } from "../formats/jsonc.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest, ManifestSecret } from "../model/manifest.ts";

/** What is to be said of names; what a name's entry says already and this leaves out stays. */
export type ManifestEntries = Readonly<Record<string, ManifestSecret>>;

/** A new project's id: 32 hexadecimal digits that nobody can guess or meet by chance. */
export function newProjectId(): string {
  return randomBytes(16).toString("hex");
}

/**
 * Reads a manifest. It comes from the repository, so it may be hostile.
 *
 * @param text content of `stowaway.secrets.json`; comments are passed over
 * @param path the file as the user knows it, for messages
 * @returns `secrets` has no prototype
 * @throws UsageError where it is broken; it names line and column, and quotes nothing of the file
 */
export function parseManifest(text: string, path: string = MANIFEST_FILE): Manifest {
  const document = parseJsonc(text);
  const fail = ({ line, column }: { line: number; column: number }, what: string, hint?: string): never => {
    const details = hint === undefined ? { path } : { path, hint };
    throw new UsageError("manifest-invalid", `line ${line}, column ${column}: ${what}`, details);
  };
  if (document.problem !== null) fail(document.problem, document.problem.message);
  const checked = checkManifest(document.value);
  if ("manifest" in checked) return checked.manifest;
  const { path: steps, wanted } = checked.problem;
  const position = document.positionOf(steps);
  if (wanted !== null) return fail(position, `${labelOf(steps)} must be ${wanted}`);
  const known = knownManifestKeys(steps.slice(0, -1));
  const near = nearest(String(steps.at(-1)), known);
  return fail(
    position,
    "this key is not known",
    near === null ? `Known here: ${known.join(", ")}.` : `Did you mean ${near}?`,
  );
}

/** A name that is none may be anything, and long; it is not repeated. */
function labelOf(steps: readonly (string | number)[]): string {
  if (steps.length === 0) return "the manifest";
  if (steps[0] !== "secrets" || steps.length === 1) return steps.join(".");
  return steps.length === 2 ? "what stands here" : steps.slice(2).join(".");
}

/**
 * The manifest's text with these names in it; all else stays as it is.
 *
 * @param text the present content, null where there is no manifest yet
 * @param entries by name; what is said of names that are there already is changed in place
 * @param projectId of a new manifest; the present one's stays
 * @throws UsageError where the present text is broken
 */
export function addToManifest(
  text: string | null,
  entries: ManifestEntries,
  projectId: string = newProjectId(),
): string {
  const names = Object.keys(entries).toSorted();
  if (text === null) {
    const secrets = Object.fromEntries(names.map((name) => [name, entries[name]]));
    return `${JSON.stringify({ version: 1, projectId, secrets }, null, 2)}\n`;
  }
  const { secrets } = parseManifest(text);
  return edit(text, (body) =>
    names.reduce((current, name) => {
      const before = secrets[name];
      const after = withoutUndefined({ ...before, ...entries[name] });
      return JSON.stringify(withoutUndefined({ ...before })) === JSON.stringify(after)
        ? current
        : setJsonValue(current, ["secrets", name], after);
    }, body),
  );
}

/**
 * The manifest's text without these names; those it has not are passed over.
 *
 * @throws UsageError where the text is broken
 */
export function dropFromManifest(text: string, names: readonly string[]): string {
  const { secrets } = parseManifest(text);
  const known = names.filter((name) => secrets[name] !== undefined);
  return edit(text, (body) =>
    known.reduce((current, name) => setJsonValue(current, ["secrets", name], undefined), body),
  );
}

/** The editor takes no byte order mark. */
function edit(text: string, change: (body: string) => string): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  return `${mark}${change(text.slice(mark.length))}`;
}

function withoutUndefined(entry: Partial<ManifestSecret>): object {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
