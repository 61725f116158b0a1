import { existsSync, lstatSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { PackEdge, PackTree } from "npm-packlist";
import type { NpmManifest } from "./manifest.ts";

/**
 * The paths npm would pack, by npm's own list maker, without running anything. (arborist, which npm uses for the
 * tree, is 24 MB; bundled dependencies are found here as Node finds them.)
 *
 * @param dir absolute
 */
export async function staticNpmList(dir: string, manifest: NpmManifest): Promise<string[]> {
  const { default: packlist } = await import("npm-packlist");
  const tree = await makeTree(dir, manifest.raw, manifest.bundled, new Map());
  return (await packlist(tree, { path: dir })).toSorted();
}

async function makeTree(
  dir: string,
  manifest: Readonly<Record<string, unknown>>,
  bundled: readonly string[] | null,
  known: Map<string, PackTree>,
): Promise<PackTree> {
  const real = realpathSync(dir);
  const seen = known.get(real);
  if (seen !== undefined) return seen;
  const edgesOut = new Map<string, PackEdge>();
  const isProjectRoot = bundled !== null;
  const tree: PackTree = {
    path: dir,
    package: normalise(manifest, bundled),
    isProjectRoot,
    edgesOut,
    workspaces: null,
  };
  known.set(real, tree);
  const runtime = { ...keysOf(manifest, "dependencies"), ...keysOf(manifest, "optionalDependencies") };
  for (const name of bundled ?? Object.keys(runtime)) {
    if (runtime[name] !== true) continue;
    const path = resolveDependency(dir, name);
    edgesOut.set(name, { dev: false, peer: false, to: path === null ? null : await makeEnd(path, known) });
  }
  return tree;
}

async function makeEnd(path: string, known: Map<string, PackTree>): Promise<PackEdge["to"]> {
  const isLink = lstatSync(path).isSymbolicLink();
  const target = isLink ? realpathSync(path) : path;
  const text = (await readFile(join(target, "package.json"), "utf8")).replace(/^\uFEFF/, "");
  return {
    path,
    isLink,
    target: await makeTree(target, JSON.parse(text) as Record<string, unknown>, null, known),
  };
}

/** What npm makes of a manifest before it lists (normalize-package-data, as far as the list depends on it). */
function normalise(
  manifest: Readonly<Record<string, unknown>>,
  bundled: readonly string[] | null,
): Readonly<Record<string, unknown>> {
  const { bin, main, browser, files, name } = manifest;
  const command = basename(typeof name === "string" ? name : "");
  return {
    ...manifest,
    bin: typeof bin === "string" ? { [command]: bin } : bin,
    main: typeof main === "string" ? main : undefined,
    browser: typeof browser === "string" ? browser : undefined,
    files: Array.isArray(files) ? files : undefined,
    bundleDependencies: bundled ?? [],
  };
}

function keysOf(manifest: Readonly<Record<string, unknown>>, field: string): Record<string, true> {
  const value = manifest[field];
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.keys(value).map((name) => [name, true]));
}

/** Node's own way up through the `node_modules` folders. */
function resolveDependency(from: string, name: string): string | null {
  for (let dir = from; ; dir = dirname(dir)) {
    const candidate = join(dir, "node_modules", name);
    if (basename(dir) !== "node_modules" && existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(dir) === dir) return null;
  }
}
