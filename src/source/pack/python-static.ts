import { readdirSync } from "node:fs";
import { join } from "node:path";
import { git } from "../../host/plumbing.ts";
import type { Environment } from "../../host/host.ts";
import { tableAt } from "./python-project.ts";
import type { PythonProject } from "./python-project.ts";

const ALWAYS =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|MANIFEST\.in|(?:README|LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$/i;
const NEVER = /(?:^|\/)(?:__pycache__\/|\.git\/|[^/]+\.py[co]$)/;

/**
 * The files of the sdist by the rules of the backend; null where only a build can tell.
 *
 * @returns paths in the project, rather one too many than one too few
 */
export function staticPythonList(project: PythonProject, env: Environment): string[] | null {
  if (/^flit(?:_core)?\b/.test(project.backend)) return flitList(project);
  if (/^hatchling\b/.test(project.backend)) return hatchlingList(project, env);
  return project.backend.startsWith("setuptools") ? setuptoolsList(project, env) : null;
}

/** flit documentation, "sdists": the module and the files that describe it. */
function flitList({ pyproject, name, dir }: PythonProject): string[] | null {
  const flit = tableAt(pyproject, "tool", "flit");
  if (flit["sdist"] !== undefined || flit["external-data"] !== undefined) return null;
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

/** setuptools documentation, "Package discovery": only where the packages are written out. */
function setuptoolsList({ pyproject, dir, requires }: PythonProject, env: Environment): string[] | null {
  const files = walk(dir);
  const scm = requires.some((name) => /^setuptools[-_.]scm\b/i.test(name));
  const settings = tableAt(pyproject, "tool", "setuptools");
  const { packages, "py-modules": modules = [] } = settings;
  const otherwise = ["setup.py", "setup.cfg", "MANIFEST.in"].some((name) => files.includes(name));
  if (otherwise || settings["package-data"] !== undefined || settings["package-dir"] !== undefined)
    return null;
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

function walk(dir: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const parent = entry.parentPath.slice(dir.length).replaceAll("\\", "/").replace(/^\//, "");
    const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
    if (entry.isFile() && !NEVER.test(path)) found.push(path);
  }
  return found.toSorted();
}
