import { appendRule, escapePattern } from "../formats/ignore-file.ts";
import { parseJsonc, setJsonValue } from "../formats/jsonc.ts";

/** Patterns in "files" that take every file at the top. */
const ALL_AT_TOP = new Set(["", "*", "**", "**/*", ".", ".env*", ".*"]);

/**
 * Whether an entry of "files" may take a file in: it names all, a folder above, or a pattern that only npm can tell.
 *
 * @param path relative to the package
 */
function mayTake(entry: string, path: string): boolean {
  if (entry.startsWith("!")) return false;
  const inner = withoutStart(entry).replace(/\/(?:\*{1,2})?$/, "");
  return (
    ALL_AT_TOP.has(inner) || path.startsWith(`${inner}/`) || (path.includes("/") && /[*?[{(]/.test(inner))
  );
}

function withoutStart(entry: string): string {
  return entry.replace(/^(?:\.?\/)+/, "");
}

/** The entries of a package.json's "files"; null where there are none, or where it cannot be read. */
function filesOf(text: string): readonly string[] | null {
  const { value, problem } = parseJsonc(text, { strict: true });
  if (problem !== null || typeof value !== "object" || value === null || !("files" in value)) return null;
  const files: unknown = value.files;
  return Array.isArray(files) && files.every((entry) => typeof entry === "string") ? files : null;
}

/** Whether "files" of a package.json may take a file that is not named in it. */
export function filesTake(text: string, path: string): boolean {
  return filesOf(text)?.some((entry) => mayTake(entry, path)) === true;
}

/**
 * The package.json whose "files" leaves a file out.
 *
 * Entries are read as npm-packlist 10 reads them (lib/index.js, processPackage): patterns of minimatch, each turned round;
 * the last one that matches decides.
 *
 * @param path relative to the package
 * @returns null where nothing is to be changed, or where it has no such list
 */
export function excludeFromFiles(text: string | null, path: string): string | null {
  const source = text ?? "";
  const files = filesOf(source);
  if (files === null) return null;
  const line = `!${npmPattern(path).replace(/^!/, String.raw`\!`)}`;
  const at = files.lastIndexOf(line);
  if (at !== -1 && files.slice(at).every((entry) => entry.startsWith("!"))) return null;
  const mark = source.startsWith("\ufeff") ? "\ufeff" : "";
  const body = source.slice(mark.length);
  // A file that is named itself stays in, whatever comes after; so its name goes.
  const others = files.filter((entry) => withoutStart(entry) !== path);
  if (others.length === files.length) return mark + setJsonValue(body, ["files", files.length], line);
  const left = others.some((entry) => mayTake(entry, path)) ? [...others, line] : others;
  // The whole list: jsonc-parser takes too much when it removes a list's last entry.
  return mark + setJsonValue(body, ["files"], left);
}

/** A path as a pattern in npm's lists, which loses blanks of every kind at its end. */
export function npmPattern(path: string): string {
  return escapePattern(path, /\s+$/);
}

/** Commands of MANIFEST.in that add files. */
const ADDS = /^\s*(?:include|recursive-include|global-include|graft)\s/;

/**
 * The MANIFEST.in that leaves a file out.
 *
 * @param command `exclude` with a path, `global-exclude` with a name
 * @returns null where that stands there already and nothing adds files after it
 * @see https://setuptools.pypa.io/en/latest/userguide/miscellaneous.html
 */
export function excludeFromManifest(text: string | null, command: string, path: string): string | null {
  const present = text ?? "";
  const rule = `${command} ${manifestPattern(path)}`;
  const lines = present.split(/\r?\n/);
  const at = lines.lastIndexOf(rule);
  return at !== -1 && !lines.slice(at).some((line) => ADDS.test(line)) ? null : appendRule(present, rule);
}

/** Patterns are split at blanks, `#` begins a comment, and there is no escape: `?` stands for what cannot be written. */
function manifestPattern(path: string): string {
  return pythonGlob(path).replace(/[\s\\#]/g, "?");
}

/** A path as a pattern of Python's glob and fnmatch. */
export function pythonGlob(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}
