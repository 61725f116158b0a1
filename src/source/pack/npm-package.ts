import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UsageError } from "../../model/errors.ts";
import type { Limits } from "../../model/settings.ts";
import type { PackOptions } from "./packer.ts";
import { readNpmManifest, toNpmManifest, tryParseObject } from "./manifest.ts";
import type { NpmManifest } from "./manifest.ts";
import { npmFix, npmReason } from "./npm-reason.ts";
import type { IgnoreFiles } from "./npm-reason.ts";
import { memberFolders, workspaceRootOf } from "./npm-workspace.ts";
import { readTrackedState, untrackedNotes } from "./untracked.ts";
import type { TrackedState } from "./untracked.ts";

/** Everything an npm run of ours needs to know about its package. */
export interface NpmPackage {
  /** Real path; of a package that is known by its tarball alone, that of the one it was packed with. */
  readonly dir: string;
  readonly manifest: NpmManifest;
  /** Base name of the tarball. */
  readonly tarball: string;
  readonly state: TrackedState | null;
  readonly ignoreFiles: IgnoreFiles;
  /** Paths in the package that were asked about, which is all that are published. */
  readonly published: Set<string>;
  readonly reasonFor: (path: string) => string;
}

/** @throws UsageError where there is no package.json, or one that cannot be used */
export async function readNpmPackage(dir: string, { host }: PackOptions): Promise<NpmPackage> {
  const manifest = await readNpmManifest(dir);
  if (manifest === null) throw new UsageError("no-package", "there is no package.json", { path: dir });
  const ignoreFiles = {
    npmignore: existsSync(join(dir, ".npmignore")),
    gitignore: existsSync(join(dir, ".gitignore")),
  };
  return makePackage(dir, manifest, ignoreFiles, readTrackedState({ cwd: dir, env: host.env }));
}

/**
 * The package that a tarball was made of: it is not always the one of the folder that npm was started in, since a
 * project's `.npmrc` may name others (`workspaces=true`, `workspace=packages/a`).
 *
 * @param alone whether it is the only tarball that npm made
 */
export async function packageOfTarball(
  file: string,
  alone: boolean,
  started: NpmPackage,
  options: PackOptions,
): Promise<NpmPackage> {
  if (alone && basename(file) === started.tarball) return started;
  const manifest = toNpmManifest(await readTarballManifest(file, options.limits));
  if (manifest === null) return started;
  const isThis = ({ name, version }: NpmManifest): boolean =>
    name === manifest.name && version === manifest.version;
  if (isThis(started.manifest)) return started;
  const root = (await workspaceRootOf(started.dir)) ?? started.dir;
  for (const folder of await memberFolders(root)) {
    const member = await readNpmManifest(folder).catch(() => null);
    if (member !== null && isThis(member)) return await readNpmPackage(folder, options);
  }
  return makePackage(started.dir, manifest, { npmignore: false, gitignore: false }, null);
}

function makePackage(
  dir: string,
  manifest: NpmManifest,
  ignoreFiles: IgnoreFiles,
  state: TrackedState | null,
): NpmPackage {
  const published = new Set<string>();
  return {
    dir,
    manifest,
    ignoreFiles,
    state,
    published,
    tarball: `${manifest.name.replace(/^@/, "").replace("/", "-")}-${manifest.version}.tgz`,
    reasonFor(path) {
      published.add(path);
      return npmReason(path, manifest, ignoreFiles, state);
    },
  };
}

/** The warning about files of a package that git ignores or does not track; asked for once they are known. */
export function untrackedOf({ dir, manifest, ignoreFiles, state, published, tarball }: NpmPackage): string[] {
  if (state === null) return [];
  const own = [...published].filter(
    (path) => !path.startsWith("node_modules/") && existsSync(join(dir, path)),
  );
  return untrackedNotes(state, own, tarball, npmFix(manifest, ignoreFiles));
}

/** The package.json in a tarball; an empty object where there is none that can be read. */
async function readTarballManifest(file: string, limits: Limits): Promise<Readonly<Record<string, unknown>>> {
  const [{ Budget, LimitHit }, { gunzip }, { readTar }] = await Promise.all([
    import("../../formats/archive/budget.ts"),
    import("../../formats/archive/gzip.ts"),
    import("../../formats/archive/tar.ts"),
  ]);
  const bytes = await readFile(file);
  const budget = new Budget(limits, bytes.length, () => performance.now());
  try {
    for await (const event of readTar(gunzip(bytes, budget, []), budget))
      if (event.kind === "member" && /^[^/]+\/package\.json$/.test(event.name))
        return tryParseObject(
          Buffer.from(event.bytes)
            .toString("utf8")
            .replace(/^\uFEFF/, ""),
        );
  } catch (error) {
    // The scan of the tarball meets the same bound, and says so.
    if (!(error instanceof LimitHit)) throw error;
  }
  return {};
}
