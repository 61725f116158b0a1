import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../model/errors.ts";

/** What is read of a package.json; anything in it may be of the wrong kind. */
export interface NpmManifest {
  readonly name: string;
  readonly version: string;
  readonly private: boolean;
  readonly scripts: Readonly<Record<string, string>>;
  /** Null where there is none, or none that npm would use. */
  readonly files: readonly string[] | null;
  /** Paths of `main`, `browser` and every `bin`, with the field's name. */
  readonly entries: readonly { readonly field: string; readonly path: string }[];
  readonly bundled: readonly string[];
  readonly packageManager: string | null;
  /** All of it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Reads the package.json of a folder.
 *
 * @returns null where there is none
 * @throws UsageError where it is no JSON object, or has no name or version
 */
export async function readNpmManifest(dir: string): Promise<NpmManifest | null> {
  const path = join(dir, "package.json");
  const text = await readText(path);
  if (text === null) return null;
  const raw = await parse(text, path);
  const manifest = toNpmManifest(raw);
  if (manifest === null)
    throw new UsageError("no-name-version", "it has no name or no version, so npm cannot pack it", { path });
  return manifest;
}

/** What is read of a package.json's object; null where it has no name or version. */
export function toNpmManifest(raw: Readonly<Record<string, unknown>>): NpmManifest | null {
  const { name, version } = raw;
  if (typeof name !== "string" || typeof version !== "string" || name === "" || version === "") return null;
  return {
    name,
    version,
    private: raw["private"] === true,
    scripts: strings(raw["scripts"]),
    files: Array.isArray(raw["files"]) ? raw["files"].filter((entry) => typeof entry === "string") : null,
    entries: entriesOf(raw, name),
    bundled: bundledOf(raw),
    packageManager: typeof raw["packageManager"] === "string" ? raw["packageManager"] : null,
    raw,
  };
}

/** Whether the folder has a package.json with a name and a version. */
export async function hasNpmManifest(dir: string): Promise<boolean> {
  const text = await readText(join(dir, "package.json"));
  if (text === null) return false;
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    return typeof value?.["name"] === "string" && typeof value["version"] === "string";
  } catch {
    return true;
  }
}

/** The object that a JSON text holds; an empty one where it holds none, or is broken. */
export function tryParseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}

/** The text without its byte order mark; null where there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new UsageError("unreadable-manifest", `it cannot be read (${code ?? "unknown"})`, {
      path,
      cause: error,
    });
  }
}

async function parse(text: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    // The engine's own message quotes the text, which may hold a secret.
    const { parseJsonc } = await import("../../formats/jsonc.ts");
    const { problem } = parseJsonc(text, { strict: true });
    const place =
      problem === null ? "" : ` at line ${problem.line}, column ${problem.column}: ${problem.message}`;
    throw new UsageError("invalid-manifest", `it is no valid JSON${place}`, { path, cause });
  }
  throw new UsageError("invalid-manifest", "it holds no JSON object", { path });
}

function entriesOf(raw: Readonly<Record<string, unknown>>, name: string): NpmManifest["entries"] {
  const entries: { field: string; path: string }[] = [];
  for (const field of ["main", "browser"]) {
    const path = raw[field];
    if (typeof path === "string") entries.push({ field, path: plain(path) });
  }
  const { bin } = raw;
  if (typeof bin === "string") entries.push({ field: `bin "${name}"`, path: plain(bin) });
  for (const [command, path] of Object.entries(strings(bin)))
    entries.push({ field: `bin "${command}"`, path: plain(path) });
  return entries;
}

function bundledOf(raw: Readonly<Record<string, unknown>>): string[] {
  const field = raw["bundleDependencies"] ?? raw["bundledDependencies"];
  if (field === true)
    return Object.keys({ ...strings(raw["dependencies"]), ...strings(raw["optionalDependencies"]) });
  if (Array.isArray(field)) return field.filter((entry) => typeof entry === "string");
  return typeof field === "object" && field !== null ? Object.keys(field) : [];
}

function strings(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** A path of the manifest as the packer compares it. */
export function plain(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, "");
}
