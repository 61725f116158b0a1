import type { ConfigKind } from "./parse.ts";
import type { Config } from "./schema.ts";
import { UsageError } from "../model/errors.ts";

/** A configuration, and the file it stands in. */
export interface FoundConfig {
  readonly path: string;
  readonly config: Config;
}

/** Files that may hold configuration, with how they are read. */
export const KINDS: readonly (readonly [name: string, kind: ConfigKind])[] = [
  ["stowaway.config.json", "jsonc"],
  ["package.json", "package-json"],
  ["pyproject.toml", "pyproject"],
];

/**
 * Looks for the configuration in one folder after the other, and takes the first.
 *
 * @param folders nearest first, each as a path prefix that `read` understands: `""`, `"packages/a/"`
 * @param read gives a file's text, or null where there is no such file; this is how a staged check reads the index
 * @throws UsageError where a configuration is broken, or where one folder holds two
 */
export async function findConfig(
  folders: readonly string[],
  read: (path: string) => Promise<string | null>,
): Promise<FoundConfig | null> {
  for (const folder of folders) {
    // oxlint-disable-next-line no-await-in-loop -- the nearest folder decides whether another is looked at
    const found = await Promise.all(KINDS.map(([name, kind]) => readKind(`${folder}${name}`, kind, read)));
    const [first, second] = found.filter((config) => config !== null);
    if (first === undefined) continue;
    if (second === undefined) return first;
    throw new UsageError("config-twice", `this folder holds a second configuration, in ${second.path}`, {
      path: first.path,
      hint: "Keep one of them.",
    });
  }
  return null;
}

async function readKind(
  path: string,
  kind: ConfigKind,
  read: (path: string) => Promise<string | null>,
): Promise<FoundConfig | null> {
  const text = await read(path);
  // The parsers and the schema are not loaded for a package's file that cannot hold a configuration.
  if (text === null || !mayHoldConfig(text, kind)) return null;
  const { parseConfig } = await import("./parse.ts");
  const config = await parseConfig(text, path, kind);
  return config === null ? null : { path, config };
}

/**
 * A key may be written with escapes, so a text with any counts. A package.json that merely depends on stowaway is the
 * common case of every commit: JSON.parse tells it in no time. One that is broken is left to the parser.
 */
function mayHoldConfig(text: string, kind: ConfigKind): boolean {
  if (kind === "jsonc") return true;
  if (!text.includes("stowaway") && !text.includes(String.raw`\u`) && !text.includes(String.raw`\U`))
    return false;
  if (kind !== "package-json") return true;
  try {
    const manifest: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return typeof manifest === "object" && manifest !== null && Object.hasOwn(manifest, "stowaway");
  } catch {
    return true;
  }
}
