import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../model/errors.ts";
import { readText } from "./manifest.ts";
import type { TomlTable } from "../../formats/toml.ts";

/** What decides how a Python project is built. */
export interface PythonProject {
  readonly dir: string;
  /** pyproject.toml; empty where there is none. */
  readonly pyproject: TomlTable;
  /** Importable name of the build backend (PEP 517): `hatchling.build`. */
  readonly backend: string;
  readonly requires: readonly string[];
  /** Name as written; null where only the build knows it. */
  readonly name: string | null;
  readonly version: string | null;
}

const LEGACY_BACKEND = "setuptools.build_meta:__legacy__";

/** Whether the folder holds something that builds: a pyproject.toml that only configures tools does not. */
export async function hasPythonProject(dir: string): Promise<boolean> {
  if (existsSync(join(dir, "setup.py"))) return true;
  const setupCfg = (await readText(join(dir, "setup.cfg"))) ?? "";
  if (/^\[(?:metadata|options)\]/m.test(setupCfg)) return true;
  const text = await readText(join(dir, "pyproject.toml"));
  if (text === null) return false;
  const { parseToml } = await import("../../formats/toml.ts");
  const { value } = parseToml(text);
  // A broken one is told when it is read.
  return value === null || ["project", "build-system"].some((key) => Object.hasOwn(value, key));
}

/**
 * Reads pyproject.toml as a build front end does (PEP 517, PEP 518, PEP 621).
 *
 * @throws UsageError where it is no TOML
 */
export async function readPythonProject(dir: string): Promise<PythonProject> {
  const path = join(dir, "pyproject.toml");
  const text = await readText(path);
  const { parseToml } = await import("../../formats/toml.ts");
  const { value, problem } = parseToml(text ?? "");
  if (problem !== null) {
    const place = `at line ${problem.line}, column ${problem.column}`;
    throw new UsageError("invalid-manifest", `${problem.message} ${place}`, { path });
  }
  const pyproject = value ?? {};
  const system = tableAt(pyproject, "build-system");
  const project = tableAt(pyproject, "project");
  const { "build-backend": backend, requires } = system;
  const { name, version } = project;
  return {
    dir,
    pyproject,
    backend: typeof backend === "string" ? backend : LEGACY_BACKEND,
    requires: Array.isArray(requires) ? requires.filter((entry) => typeof entry === "string") : [],
    name: typeof name === "string" ? name : null,
    version: typeof version === "string" ? version : null,
  };
}

/** The table at a path of keys; an empty one where there is none. */
export function tableAt(value: TomlTable | null, ...path: readonly string[]): TomlTable {
  let table: unknown = value ?? {};
  for (const key of path) table = isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(table) ? table : {};
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
