import { existsSync } from "node:fs";
import path from "node:path";
import { globToRegExp } from "./glob.ts";
import { readText } from "./manifest.ts";
import { readPythonProject, tableAt } from "./python-project.ts";

/** Tables of the backends; those of linters and test runners have patterns of their own. */
const BACKENDS = ["hatch", "poetry", "pdm", "uv", "flit", "setuptools", "maturin", "scikit-build"];
/** Settings that only leave out, and those that name packages and their folders. */
const NO_FILES = /exclude|^(?:where|packages|package-dir|py-modules|module-name|module-root)$/i;
/** What a build script takes in by its own code. */
const BY_CODE = /\b(?:data_files|package_data|include_package_data|glob|walk|listdir|iterdir)\b/;
/** Files that set a build up by code, or that list what an earlier one took. */
const SCRIPTS = ["setup.py", "setup.cfg"];

/** Why a Python build might take one file, or null where nothing in the project names it. */
type Reason = string | null;

/**
 * Whether a build could take a single file that git ignores and no backend takes by itself, since it is no module: told
 * for every backend from what its settings name, where a whole list needs a build.
 *
 * @param dir absolute folder of the project
 * @param name the file, relative to it
 * @throws UsageError where pyproject.toml is broken
 */
export async function pythonTakes(dir: string, name: string): Promise<Reason> {
  const folder = path.posix.dirname(name);
  // A package's folder may go as a whole: as package data, or by default (flit, uv, pdm).
  if (folder !== "." && (existsSync(path.join(dir, folder, "__init__.py")) || /^src(?:\/|$)/.test(folder)))
    return `${folder} may be a package, which goes as a whole`;
  const { pyproject } = await readPythonProject(dir);
  const tables = BACKENDS.map((backend) => tableAt(pyproject, "tool", backend));
  const named = tables.flatMap(patternsOf).find((pattern) => matches(pattern, name));
  if (named !== undefined) return `pyproject.toml names ${named}`;
  const line = manifestTakes((await readText(path.join(dir, "MANIFEST.in"))) ?? "", name);
  if (line !== null) return `MANIFEST.in line ${line}`;
  for (const script of SCRIPTS)
    if (BY_CODE.test((await readText(path.join(dir, script))) ?? ""))
      return `${script} may take files by its own code`;
  return null;
}

function matches(pattern: string, name: string): boolean {
  const plain = pattern.replace(/^\.?\//, "").replace(/\/$/, "");
  return plain === "." || globToRegExp(plain, true).test(name);
}

/** All texts of a table that may be patterns, but for those under a key that leaves out. */
function patternsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(patternsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (NO_FILES.test(key) ? [] : patternsOf(inner)));
}

/** setuptools documentation, "Controlling files in the distribution": the last command that matches decides. */
function manifestTakes(text: string, name: string): number | null {
  let taken: number | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [command = "", ...words] = line.trim().split(/\s+/);
    const [folder = "", ...patterns] = words;
    const below = folder === "." ? "" : `${folder.replace(/\/$/, "")}/`;
    const globs: Readonly<Record<string, readonly string[]>> = {
      include: words,
      exclude: words,
      "global-include": words.map((pattern) => `**/${pattern}`),
      "global-exclude": words.map((pattern) => `**/${pattern}`),
      graft: [`${below}**`],
      prune: [`${below}**`],
      "recursive-include": patterns.map((pattern) => `${below}**/${pattern}`),
      "recursive-exclude": patterns.map((pattern) => `${below}**/${pattern}`),
    };
    const hit = globs[command]?.some((pattern) => globToRegExp(pattern, false).test(name)) === true;
    if (hit) taken = /include|graft/.test(command) ? index + 1 : null;
  }
  return taken;
}
