import type { ScopeKind } from "../model/finding.ts";

/** By what lets a file into a package (the packers' reasons), the one line that keeps it out. */
const FIXES: readonly (readonly [reason: RegExp, fix: (path: string) => string])[] = [
  [/^(?:files\[|"files")/, (path) => `end "files" in package.json with "!${path}"`],
  [/\.npmignore switches|not named in \.npmignore/, (path) => `add the line ${path} to .npmignore`],
  [
    /^no "files"/,
    (path) =>
      `add the line ${path} to .gitignore, or name in "files" of package.json what is to be published`,
  ],
  [/^bundleDependencies/, () => "take the dependency out of bundleDependencies, or tell its authors"],
  [/^(?:MANIFEST\.in|setuptools)/, (path) => `end MANIFEST.in with the line: exclude ${path}`],
  [/^hatchling/, (path) => `add "${path}" to exclude in [tool.hatch.build] of pyproject.toml`],
  [/^flit/, () => "move the file out of the package folder, all of which flit publishes"],
  [/^poetry/, (path) => `add "${path}" to exclude in [tool.poetry] of pyproject.toml`],
  [/^pdm/, (path) => `add "${path}" to excludes in [tool.pdm.build] of pyproject.toml`],
  [/^uv/, (path) => `add "${path}" to source-exclude in [tool.uv.build-backend] of pyproject.toml`],
];

const PUBLISHES: ReadonlySet<ScopeKind> = new Set(["pack", "artifact", "image"]);

/**
 * How to keep a whole file from where it would go.
 *
 * @param included why the packer takes it; null where no packer is asked
 */
export function keepOut(path: string, scope: ScopeKind, included: string | null): string {
  if (scope === "staged") {
    // From the top, wherever the command is typed; characters that git reads as a pattern make it literal.
    const magic = /[*?[\]\\]/.test(path) ? ":(top,literal)" : ":/";
    const quoted = (magic + path).replaceAll("'", String.raw`'\''`);
    return `take the file out of the commit: git rm --cached -- '${quoted}', and add its name to .gitignore`;
  }
  if (!PUBLISHES.has(scope)) return "keep the file out of version control and out of packages";
  const fix = FIXES.find(([reason]) => included !== null && reason.test(included))?.[1](path);
  return fix === undefined
    ? "keep the file out of the package, and build it again"
    : `keep the file out of the package: ${fix}`;
}
