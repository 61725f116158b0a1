import { parseJsonc } from "../../formats/jsonc.ts";
import type { Surroundings } from "../../model/edit.ts";

const OPTION = "noPropertyAccessFromIndexSignature";
const LONGEST_CHAIN = 16;

/**
 * Whether the compiler refuses `process.env.NAME` (TS4111) and wants `process.env["NAME"]`.
 *
 * @param path of the source; the nearest tsconfig.json above it counts, with what it extends inside the project
 */
export function needsBrackets(path: string, project: Surroundings): boolean {
  let folder = path;
  while (folder.includes("/")) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const found = option(`${folder}/tsconfig.json`, project, 0);
    if (found !== undefined) return found ?? false;
  }
  return option("tsconfig.json", project, 0) ?? false;
}

/** The option; null where the file does not set it, undefined where there is no file. */
function option(file: string, project: Surroundings, depth: number): boolean | null | undefined {
  const text = depth > LONGEST_CHAIN ? null : project.read(file);
  if (text === null) return undefined;
  const config = parseJsonc(text).value as {
    compilerOptions?: Record<string, unknown>;
    extends?: unknown;
  } | null;
  const own = config?.compilerOptions?.[OPTION];
  if (typeof own === "boolean") return own;
  const bases = [config?.extends ?? []].flat().filter((base) => typeof base === "string");
  for (const base of bases.toReversed()) {
    for (const candidate of inherited(file, base)) {
      const found = option(candidate, project, depth + 1);
      if (typeof found === "boolean") return found;
      if (found === null) break;
    }
  }
  return null;
}

/** Files that an `extends` may mean; one in a package is looked for in `node_modules` of the folder and above. */
function inherited(file: string, base: string): string[] {
  const folder = file.split("/").slice(0, -1);
  const files = base.endsWith(".json") ? [base] : [`${base}.json`, base, `${base}/tsconfig.json`];
  if (base.startsWith(".")) return files.flatMap((name) => resolved([...folder, ...name.split("/")]));
  if (base.startsWith("/")) return [];
  return [...folder.keys(), folder.length]
    .toReversed()
    .flatMap((count) =>
      files.flatMap((name) => resolved([...folder.slice(0, count), "node_modules", ...name.split("/")])),
    );
}

function resolved(parts: readonly string[]): string[] {
  const path: string[] = [];
  for (const part of parts) {
    if (part === "..") {
      if (path.pop() === undefined) return [];
    } else if (part !== "." && part !== "") path.push(part);
  }
  return [path.join("/")];
}
