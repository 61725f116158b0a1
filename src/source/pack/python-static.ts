import { readdirSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../host/plumbing.ts";
import type { Environment } from "../../host/host.ts";
import { globToRegExp } from "./glob.ts";
import { plain } from "./manifest.ts";
import { tableAt } from "./python-project.ts";
import type { PythonProject } from "./python-project.ts";

const ALWAYS =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|MANIFEST\.in|(?:README|LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$/i;
const NEVER = /(?:^|\/)(?:__pycache__\/|\.git\/|[^/]+\.py[co]$)/;

/** Folders of installed things: their links and lists are none of the project's. */
const INSTALLED = /^(?:node_modules|\.?venv|\.tox|\.nox|\.git|site-packages)$/;

/**
 * The files of the sdist by the rules of the backend; null where only a build can tell. What a link leads to, some
 * backends copy and some do not: with one in the project there is no list.
 *
 * @returns paths in the project, rather one too many than one too few
 */
export function staticPythonList(project: PythonProject, env: Environment): string[] | null {
  const lister = LISTERS.find(([backend]) => backend.test(project.backend))?.[1];
  if (lister === undefined || hasLink(project.dir)) return null;
  const listed = lister(project, env);
  if (listed === null) return null;
  const named = namedByMetadata(project);
  const all = walk(project.dir).filter((path) => named.some((pattern) => pattern.test(path)));
  return [...new Set([...listed, ...all])].toSorted();
}

const LISTERS = [
  [/^flit(?:_core)?\b/, flitList],
  [/^hatchling\b/, hatchlingList],
  [/^setuptools\b/, setuptoolsList],
] as const;

/** Files that the metadata names (PEP 621, PEP 639): every backend takes them, ignored or not. */
function namedByMetadata({ pyproject }: PythonProject): RegExp[] {
  const project = tableAt(pyproject, "project");
  const { readme, "license-files": patterns } = project;
  const globs = [
    readme,
    tableAt(pyproject, "project", "readme")["file"],
    tableAt(pyproject, "project", "license")["file"],
    ...[patterns, tableAt(pyproject, "tool", "setuptools")["license-files"]].flat(),
    ...[tableAt(pyproject, "project", "license-files")].flatMap(({ paths, globs: more }) =>
      [paths, more].flat(),
    ),
  ];
  return globs.filter((glob) => typeof glob === "string").map((glob) => globToRegExp(plain(glob), false));
}

/** flit documentation, "sdists": the module and the files that describe it. */
function flitList({ pyproject, name, dir }: PythonProject): string[] | null {
  const flit = tableAt(pyproject, "tool", "flit");
  if (Object.keys(flit).some((key) => key !== "module")) return null;
  const written = tableAt(pyproject, "tool", "flit", "module")["name"] ?? name;
  if (typeof written !== "string") return null;
  const module = written.replaceAll("-", "_").replaceAll(".", "/");
  const taken = [`${module}/`, `${module}.py`, `src/${module}/`, `src/${module}.py`];
  return walk(dir).filter(
    (path) =>
      ALWAYS.test(path) ||
      taken.some((start) => path === start || (start.endsWith("/") && path.startsWith(start))),
  );
}

/** hatch documentation, "Build configuration": all that the top .gitignore does not name, tracked or not. */
function hatchlingList({ pyproject, dir }: PythonProject, env: Environment): string[] | null {
  if (Object.keys(tableAt(pyproject, "tool", "hatch", "build")).length > 0) return null;
  try {
    const args = ["ls-files", "-z", "-c", "-o", `--exclude-from=${join(dir, ".gitignore")}`];
    const listed = git({ cwd: dir, env }, args).toString("utf8").split("\0");
    const there = new Set(walk(dir));
    return listed.filter((path) => there.has(path));
  } catch {
    // No repository, or no .gitignore.
    return walk(dir);
  }
}

const LISTED_SETTINGS = new Set(["packages", "py-modules", "license-files", "zip-safe", "platforms"]);

/** setuptools documentation, "Package discovery": only where the packages are written out. */
function setuptoolsList({ pyproject, dir, requires }: PythonProject, env: Environment): string[] | null {
  const files = walk(dir);
  const scm = requires.some((name) => /^setuptools[-_.]scm\b/i.test(name));
  const settings = tableAt(pyproject, "tool", "setuptools");
  const { packages, "py-modules": modules = [] } = settings;
  // Every other setting (data-files, package-data, dynamic, ext-modules, …) may add files.
  if (Object.keys(settings).some((key) => !LISTED_SETTINGS.has(key))) return null;
  // A list of an earlier build is read again, and brings back whatever it names.
  const otherwise = /^(?:setup\.py|setup\.cfg|MANIFEST\.in)$|\.egg-info\/SOURCES\.txt$/;
  const own = files.filter((path) => !path.split("/").some((part) => INSTALLED.test(part)));
  if (own.some((path) => otherwise.test(path))) return null;
  if (!Array.isArray(packages) || !Array.isArray(modules)) return null;
  const tracked = scm ? git({ cwd: dir, env }, ["ls-files", "-z"]).toString("utf8").split("\0") : [];
  const folders = packages.map((name) => `${String(name).replaceAll(".", "/")}/`);
  const isModule = (path: string): boolean =>
    path.endsWith(".py") &&
    (modules.includes(path.slice(0, -3)) ||
      /^tests?\/test[^/]*\.py$/.test(path) ||
      folders.some((folder) => path.startsWith(folder) && !path.slice(folder.length).includes("/")));
  return files.filter((path) => ALWAYS.test(path) || isModule(path) || tracked.includes(path));
}

function hasLink(dir: string): boolean {
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (INSTALLED.test(entry.name)) continue;
      if (entry.isSymbolicLink()) return true;
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
    }
  return false;
}

function walk(dir: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const parent = entry.parentPath.slice(dir.length).replaceAll("\\", "/").replace(/^\//, "");
    const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
    if (entry.isFile() && !NEVER.test(path)) found.push(path);
  }
  return found.toSorted();
}
