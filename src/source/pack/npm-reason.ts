import { globToRegExp } from "./glob.ts";
import { plain } from "./manifest.ts";
import type { NpmManifest } from "./manifest.ts";
import type { TrackedState } from "./untracked.ts";

/** Of the top folder, whatever `files` and the ignore files say (npm docs, package.json "files"). */
const ALWAYS = /^(?:package\.json|(?:readme|licen[cs]e|copying)[^/]*)$/i;

/** What decides besides package.json. */
export interface IgnoreFiles {
  readonly npmignore: boolean;
  readonly gitignore: boolean;
}

/** Why npm takes a file of the package, in a few words. */
export function npmReason(
  path: string,
  manifest: NpmManifest,
  ignoreFiles: IgnoreFiles,
  state: TrackedState | null,
): string {
  const bundle = manifest.bundled.find((name) => path.startsWith(`node_modules/${name}/`));
  if (bundle !== undefined) return `bundleDependencies "${bundle}"`;
  const entry = manifest.entries.find(({ path: target }) => target === path || `${target}.js` === path);
  if (entry !== undefined) return `always included: ${entry.field}`;
  if (ALWAYS.test(path)) return "always included";
  if (manifest.files !== null) return filesReason(path, manifest.files);
  if (ignoreFiles.npmignore) {
    return state?.stateOf(path) === "ignored"
      ? ".npmignore switches .gitignore off"
      : 'no "files", not named in .npmignore';
  }
  return ignoreFiles.gitignore
    ? 'no "files", no .npmignore, not named in the package\'s .gitignore'
    : 'no "files", no .npmignore, no .gitignore';
}

/** How files are kept out of the package, one sentence. */
export function npmFix(manifest: NpmManifest, ignoreFiles: IgnoreFiles): string {
  if (manifest.files !== null)
    return 'To keep one out, end "files" in package.json with its path after a "!".';
  const file = ignoreFiles.npmignore ? ".npmignore" : ".gitignore";
  return `To keep one out, name it in ${file}, or say in "files" of package.json what is to be published.`;
}

function filesReason(path: string, files: readonly string[]): string {
  const index = files.findIndex((pattern) => {
    const inner = plain(pattern).replace(/\/+$/, "");
    if (pattern.startsWith("!")) return false;
    return inner === "" || inner === "." || globToRegExp(inner, true).test(path);
  });
  return index < 0 ? '"files" in package.json' : `files[${index}] "${files[index]}"`;
}
