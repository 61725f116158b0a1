import { setJsonValue, parseJsonc } from "../formats/jsonc.ts";

/** A change of a file without values; `change` gives null where nothing is to be changed. */
export interface PlainChange {
  /** Relative to the top. */
  readonly path: string;
  readonly change: (text: string | null) => string | null | Promise<string | null>;
  /** One clause for people. */
  readonly says: string;
}

const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** Appends a line, in the file's own line ends; null where the line is there. */
export function appendLine(text: string | null, line: string): string | null {
  const old = text ?? "";
  const end = old.includes("\r\n") ? "\r\n" : "\n";
  if (old.split(/\r?\n/).includes(line)) return null;
  const gap = old === "" || old.endsWith("\n") ? "" : end;
  return `${old}${gap}${line}${end}`;
}

function excludeFromFiles(text: string | null, path: string): string | null {
  const source = text ?? "";
  const mark = source.startsWith("\ufeff") ? "\ufeff" : "";
  const { value, problem } = parseJsonc(source, { strict: true });
  if (problem !== null || typeof value !== "object" || value === null || !("files" in value)) return null;
  const files: unknown = value.files;
  const line = `!${path}`;
  if (!Array.isArray(files) || files.includes(line)) return null;
  // A file that is named itself stays in, whatever comes after; so its name goes.
  const others = files.filter((entry) => String(entry).replace(/^\.?\//, "") !== path);
  const body = source.slice(mark.length);
  // The whole list: jsonc-parser takes too much when it removes a list's last entry.
  if (others.length < files.length) return mark + setJsonValue(body, ["files"], others);
  return mark + setJsonValue(body, ["files", files.length], line);
}

interface Way {
  readonly reason: RegExp;
  readonly file: string;
  readonly change: (text: string | null, path: string) => string | null;
}

/** By what lets a file into a package (the packers' reasons), the change that keeps it out. */
const WAYS: readonly Way[] = [
  { reason: /^(?:files\[|"files")/, file: "package.json", change: excludeFromFiles },
  {
    reason: /\.npmignore switches|not named in \.npmignore/,
    file: ".npmignore",
    change: (text, path) => appendLine(text, `/${path}`),
  },
  // Never a new .npmignore: it would switch the .gitignore off, and publish what that keeps out.
  { reason: /^no "files"/, file: ".gitignore", change: (text, path) => appendLine(text, `/${path}`) },
  {
    reason: /^(?:MANIFEST\.in|setuptools)/,
    file: "MANIFEST.in",
    change: (text, path) => appendLine(text, `exclude ${path}`),
  },
];

/**
 * The change that keeps a file out of a package.
 *
 * @param folder the package's folder, relative to the top
 * @param path relative to the package
 * @param included the packer's reason
 * @returns null where only a person can tell how
 */
export function packOut(folder: string, path: string, included: string | null): PlainChange | null {
  const way = WAYS.find(({ reason }) => included !== null && reason.test(included));
  if (way === undefined) return null;
  const file = join(folder, way.file);
  return {
    path: file,
    change: (text) => way.change(text, path),
    says: `${file} keeps ${path} out of the package`,
  };
}

/** Patterns in "files" that take every file at the top. */
const ALL_AT_TOP = new Set(["*", "**", "**/*", ".", "./", "/", "/*", "./*", "./**", ".env*", ".*"]);

/**
 * What keeps a new file, one that git ignores, out of the packages made of a folder: for npm where `.npmignore` or a wide
 * "files" switches `.gitignore` off, for setuptools where MANIFEST.in grafts everything, for docker by `.dockerignore`.
 *
 * @param name the file's name in that folder
 * @param read text of a file of that folder; null where there is none
 */
export function keepFileOut(
  folder: string,
  name: string,
  read: (name: string) => string | null,
): PlainChange[] {
  const changes: PlainChange[] = [];
  const add = (file: string, change: PlainChange["change"]): void =>
    void changes.push({ path: join(folder, file), change, says: `${join(folder, file)} leaves ${name} out` });
  if (read(".npmignore") !== null) add(".npmignore", (text) => appendLine(text, `/${name}`));
  const manifest = read("package.json");
  if (manifest !== null && takesAll(manifest)) add("package.json", (text) => excludeFromFiles(text, name));
  if (
    /^\s*(?:graft\s+\.|global-include|recursive-include\s+\.|include\s+.*[*.]env)/m.test(
      read("MANIFEST.in") ?? "",
    )
  )
    add("MANIFEST.in", (text) => appendLine(text, `global-exclude ${name}`));
  if (read(".dockerignore") !== null || read("Dockerfile") !== null)
    add(".dockerignore", (text) => appendLine(text, `**/${name}`));
  return changes;
}

function takesAll(manifest: string): boolean {
  const { value } = parseJsonc(manifest);
  const files = typeof value === "object" && value !== null && "files" in value ? value.files : null;
  return Array.isArray(files) && files.some((pattern) => ALL_AT_TOP.has(String(pattern)));
}
