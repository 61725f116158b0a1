import { checkConfig, knownKeys } from "./schema.ts";
import type { Config } from "./schema.ts";
import type { LocatedDocument, Position } from "../formats/jsonc.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";

/** A file that may hold configuration: of its own, or of one of a language's packages. */
export type ConfigKind = "jsonc" | "package-json" | "pyproject";

const ROOTS: Readonly<Record<ConfigKind, readonly string[]>> = {
  jsonc: [],
  "package-json": ["stowaway"],
  pyproject: ["tool", "stowaway"],
};

/**
 * Reads a configuration.
 *
 * @param text content of the file
 * @param path the file as the user knows it, for messages
 * @returns null where a package's file says nothing about stowaway
 * @throws UsageError for broken text, an unknown key or a value of the wrong kind; it names line and column, and quotes
 *   nothing of the file, which may hold secrets or be a link to one that does
 */
export async function parseConfig(text: string, path: string, kind: ConfigKind): Promise<Config | null> {
  const document = await parseDocument(text, kind);
  const root = ROOTS[kind];
  const value = valueAt(document.value, root);
  if (value === undefined && kind !== "jsonc") return null;
  if (document.problem !== null) throw invalid(path, document.problem, document.problem.message);
  const checked = checkConfig(value);
  if ("config" in checked) return checked.config;
  const { path: steps, wanted } = checked.problem;
  const position = document.positionOf([...root, ...steps]);
  if (wanted === null) throw unknownKey(path, position, steps);
  const what = steps.length === 0 ? "the configuration" : steps.join(".");
  throw invalid(path, position, `${what} must be ${wanted}`);
}

async function parseDocument(text: string, kind: ConfigKind): Promise<LocatedDocument> {
  if (kind === "pyproject") {
    const { parseToml } = await import("../formats/toml.ts");
    return parseToml(text);
  }
  const { parseJsonc } = await import("../formats/jsonc.ts");
  return parseJsonc(text, { strict: kind === "package-json" });
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function unknownKey(path: string, position: Position, steps: readonly (string | number)[]): UsageError {
  const known = knownKeys(steps.slice(0, -1));
  const near = nearest(String(steps.at(-1)), known);
  const hint = near === null ? `Known here: ${known.join(", ")}.` : `Did you mean ${near}?`;
  return invalid(path, position, "this key is not known", hint);
}

function invalid(path: string, { line, column }: Position, message: string, hint?: string): UsageError {
  const details = hint === undefined ? { path } : { path, hint };
  return new UsageError("config-invalid", `line ${line}, column ${column}: ${message}`, details);
}
