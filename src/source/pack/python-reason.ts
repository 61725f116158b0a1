import { globToRegExp } from "./glob.ts";
import type { PythonProject } from "./python-project.ts";

/** A line of MANIFEST.in that takes files in. */
export interface ManifestLine {
  /** 1-based. */
  readonly line: number;
  readonly takes: RegExp;
}

/** setuptools documentation, "Controlling files in the distribution": commands of MANIFEST.in that add files. */
export function readManifestIn(text: string): ManifestLine[] {
  const lines: ManifestLine[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [command = "", ...words] = line.trim().split(/\s+/);
    const [folder = "", ...patterns] = words;
    const take = (source: string): void =>
      void lines.push({ line: index + 1, takes: globToRegExp(source, false) });
    if (command === "include") words.forEach(take);
    else if (command === "global-include") for (const pattern of words) take(`**/${pattern}`);
    else if (command === "graft") take(`${folder.replace(/\/$/, "")}/**`);
    else if (command === "recursive-include")
      for (const pattern of patterns)
        take(folder === "." ? `**/${pattern}` : `${folder.replace(/\/$/, "")}/**/${pattern}`);
  }
  return lines;
}

/** Files that every backend puts into the sdist by their name. */
const ALWAYS = /^(?:pyproject\.toml|(?:README|LICEN[CS]E|COPYING)(?:\.[^/]*)?)$/i;

/** What each backend takes by itself (each one's documentation). */
const DEFAULTS: readonly (readonly [backend: RegExp, sdist: string, wheel: string])[] = [
  [
    /^hatchling\b/,
    "hatchling takes all that the top .gitignore does not name",
    "hatchling takes the whole package folder",
  ],
  [/^flit(?:_core|_scm)?\b/, "flit takes the whole package folder", "flit takes the whole package folder"],
  [
    /^poetry\b/,
    "poetry takes the package folder without what git ignores",
    "poetry takes the package folder without what git ignores",
  ],
  [/^pdm\b/, "pdm takes the whole package folder and tests", "pdm takes the whole package folder"],
  [/^uv_build\b/, "uv takes the whole package folder", "uv takes the whole package folder"],
];

/**
 * Why a Python artifact holds a file, in a few words.
 *
 * @param path in the project, the sdist's top folder taken off
 * @param kind the artifact it was found in
 */
export function pythonReason(
  path: string,
  kind: "sdist" | "wheel",
  project: Pick<PythonProject, "backend" | "requires">,
  manifestIn: readonly ManifestLine[],
): string | null {
  if (/(?:^|\/)(?:PKG-INFO|[^/]+\.(?:dist|egg)-info\/.*)$/.test(path))
    return "made by the build from the metadata";
  if (ALWAYS.test(path)) return "always included";
  const known = DEFAULTS.find(([backend]) => backend.test(project.backend));
  if (known !== undefined) return kind === "sdist" ? known[1] : known[2];
  if (!project.backend.startsWith("setuptools")) return `taken by ${project.backend}`;
  const line = manifestIn.findLast(({ takes }) => takes.test(path));
  if (line !== undefined) return `MANIFEST.in line ${line.line}`;
  if (project.requires.some((name) => /^setuptools[-_.]scm\b/i.test(name)))
    return "setuptools-scm takes all that git tracks";
  if (/^tests?\/test[^/]*\.py$/.test(path)) return "setuptools takes tests by default";
  return path.endsWith(".py")
    ? "setuptools takes the modules of the package"
    : "setuptools takes it as package data";
}
