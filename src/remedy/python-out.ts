import { escapePattern } from "../formats/ignore-file.ts";
import { parseToml } from "../formats/toml.ts";
import { pythonGlob } from "./pack-rules.ts";
import { addToTomlArray, tomlArray } from "./toml-array.ts";

/** The text of a pyproject.toml that has a file left out; null where it has to be done by hand. */
type Exclude = (text: string, path: string) => string | null;

interface Backend {
  /** The packer's reason begins with it. */
  readonly name: string;
  readonly exclude: Exclude | null;
  /** Where it has to be done by hand: what. */
  readonly byHand: string;
}

/** The build back ends that have a list of their own, by the documentation of each. */
export const BACKENDS: readonly Backend[] = [
  {
    name: "hatchling",
    exclude: hatchExclude,
    byHand: "add it to exclude in [tool.hatch.build] of pyproject.toml",
  },
  {
    name: "poetry",
    exclude: (text, path) => addOnce(text, ["tool", "poetry", "exclude"], pythonGlob(path)),
    byHand: "add it to exclude in [tool.poetry] of pyproject.toml",
  },
  {
    name: "pdm",
    exclude: (text, path) => addOnce(text, ["tool", "pdm", "build", "excludes"], pythonGlob(path)),
    byHand: "add it to excludes in [tool.pdm.build] of pyproject.toml",
  },
  {
    name: "uv",
    exclude: (text, path) =>
      /^[\w./-]+$/.test(path)
        ? addOnce(text, ["tool", "uv", "build-backend", "source-exclude"], `/${path}`)
        : null,
    byHand: "add it to source-exclude in [tool.uv.build-backend] of pyproject.toml",
  },
  {
    name: "flit",
    exclude: null,
    byHand: "move it out of the package's folder, since flit has no setting that keeps it out of the wheel",
  },
];

function addOnce(text: string, path: readonly string[], entry: string): string | null {
  return tomlArray(text, path)?.includes(entry) === true ? null : addToTomlArray(text, path, entry);
}

/** A target with a list of its own does not see the common one. */
function hatchExclude(text: string, path: string): string | null {
  const entry = `/${escapePattern(path)}`;
  const targets = ["sdist", "wheel"]
    .map((target) => ["tool", "hatch", "build", "targets", target, "exclude"])
    .filter((keys) => tomlArray(text, keys) !== null);
  return [["tool", "hatch", "build", "exclude"], ...targets].reduce<string | null>(
    (before, keys) => (before === null ? null : addToTomlArray(before, keys, entry)),
    text,
  );
}

/** A part of a package's name; setuptools refuses any other in its settings, and does not build. */
const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;

/**
 * The packages of setuptools that may have a file among their data, with the file's path in each.
 *
 * @param text of pyproject.toml; empty where there is none
 * @param path relative to the project
 */
export function owners(text: string, path: string): { readonly owner: string; readonly inside: string }[] {
  const parts = withoutRoot(text, path).split("/");
  const folders = parts.slice(0, -1);
  const other = folders.findIndex((part) => !IDENTIFIER.test(part));
  return folders.slice(0, other === -1 ? folders.length : other).map((_, depth) => ({
    owner: parts.slice(0, depth + 1).join("."),
    inside: parts.slice(depth + 1).join("/"),
  }));
}

/**
 * The pyproject.toml by which setuptools takes a file for no package's data: what MANIFEST.in leaves out, a pattern of
 * `package-data` would still bring into the wheel.
 *
 * @param path relative to the project
 * @returns null where nothing is to be changed, or where it has to be done by hand: without metadata in it, settings there
 *   would change what setup.cfg and setup.py mean
 */
export function excludePackageData(text: string, path: string): string | null {
  if (Object.keys(tableOf(parseToml(text).value, "project")).length === 0) return null;
  let changed: string | null = null;
  for (const { owner, inside } of owners(text, path)) {
    const keys = ["tool", "setuptools", "exclude-package-data", owner];
    const entry = pythonGlob(inside);
    const before: string = changed ?? text;
    if (tomlArray(before, keys)?.includes(entry) === true) continue;
    const after = addToTomlArray(before, keys, entry);
    if (after === null) return null;
    changed = after;
  }
  return changed;
}

/** The folder that packages are looked for in is no part of their names. */
function withoutRoot(text: string, path: string): string {
  const setuptools = tableOf(tableOf(parseToml(text).value, "tool"), "setuptools");
  const where = tableOf(tableOf(setuptools, "packages"), "find")["where"];
  const roots = [tableOf(setuptools, "package-dir")[""], ...(Array.isArray(where) ? where : []), "src"];
  const root = roots
    .filter((each) => typeof each === "string")
    .map((each) => `${each.replace(/^\.\/|\/$/g, "")}/`)
    .find((each) => path.startsWith(each));
  return root === undefined ? path : path.slice(root.length);
}

function tableOf(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const table: unknown =
    typeof value === "object" && value !== null && Object.hasOwn(value, key)
      ? (value as Readonly<Record<string, unknown>>)[key]
      : null;
  return typeof table === "object" && table !== null ? (table as Readonly<Record<string, unknown>>) : {};
}
