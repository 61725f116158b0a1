import { existsSync, realpathSync } from "node:fs";
import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScanError } from "../../model/item.ts";
import { copyProject } from "./copy-tree.ts";
import { readText } from "./manifest.ts";
import { printable } from "./packer.ts";
import type { Packed, PackedArtifact, Packer, PackOptions } from "./packer.ts";
import { buildPython, findBuilder } from "./python-build.ts";
import type { Builder } from "./python-build.ts";
import { hasPythonProject, readPythonProject } from "./python-project.ts";
import type { PythonProject } from "./python-project.ts";
import { pythonReason, readManifestIn } from "./python-reason.ts";
import type { ManifestLine } from "./python-reason.ts";
import { staticPythonList } from "./python-static.ts";
import { readTrackedState, untrackedNotes } from "./untracked.ts";

const FIX = "To keep one out, exclude it in the backend's settings (or MANIFEST.in), or delete it.";

/** Builds sdist and wheel with the user's front end, in a copy of the project. */
export const python: Packer = {
  ecosystem: "python",
  detect: hasPythonProject,
  async pack(folder, options) {
    const project = await readPythonProject(realpathSync(folder));
    const builder = options.static ? null : await findBuilder(project.dir, options);
    const published = new Set<string>();
    const manifestIn = readManifestIn((await readText(join(project.dir, "MANIFEST.in"))) ?? "");
    const packed =
      builder === null
        ? packStatic(project, published, manifestIn, options)
        : await packExact(project, builder, { published, manifestIn }, options);
    const state = readTrackedState({ cwd: project.dir, env: options.host.env });
    return {
      ...packed,
      notes: () => [
        ...packed.notes(),
        ...(state === null
          ? []
          : untrackedNotes(state, published, `the Python package ${project.name ?? ""}`.trim(), FIX)),
      ],
    };
  },
};

function packStatic(
  project: PythonProject,
  published: Set<string>,
  manifestIn: readonly ManifestLine[],
  options: PackOptions,
): Packed {
  const paths = staticPythonList(project, options.host.env);
  if (paths === null) {
    const [code, why] = options.static
      ? (["no-static-list", `the rules of ${project.backend} allow no list without a build`] as const)
      : ([
          "no-builder",
          "neither uv nor the Python module build is there, so it could not be built",
        ] as const);
    const hint = options.static
      ? "Run without --static."
      : "Install one: pip install build (or see the uv documentation).";
    return {
      mode: "static",
      artifacts: [],
      files: [],
      errors: [failed(project, code, why, hint)],
      notes: () => [],
    };
  }
  for (const path of paths) published.add(path);
  const container = `${sdistName(project)}.tar.gz`;
  const why = options.static
    ? "as asked for"
    : "since neither uv nor the Python module build is there (pip install build)";
  return {
    mode: "static",
    artifacts: [],
    errors: [],
    files: paths.map((path) => ({
      container,
      path,
      file: join(project.dir, path),
      included: pythonReason(path, "sdist", project, manifestIn),
    })),
    notes: () => [
      `The list of ${container} was made by the rules of ${project.backend}, ${why}; nothing was built.`,
    ],
  };
}

/** PEP 625; the version of a static list may be known to the build only. */
function sdistName({ name, version }: PythonProject): string {
  return `${(name ?? "package").toLowerCase().replace(/[-_.]+/g, "_")}-${version ?? "0"}`;
}

interface Known {
  readonly published: Set<string>;
  readonly manifestIn: readonly ManifestLine[];
}

async function packExact(
  project: PythonProject,
  builder: Builder,
  known: Known,
  options: PackOptions,
): Promise<Packed> {
  const work = realpathSync(await mkdtemp(join(options.temp, "python-")));
  const out = join(work, "dist");
  const tmp = join(work, "tmp");
  await Promise.all([mkdir(out), mkdir(tmp)]);
  const copy = await copyProject(project.dir, join(work, "copy"), { env: options.host.env });
  const empty = { mode: "exact", artifacts: [], files: [], errors: [] } as const;
  if (!copy.whole) {
    const message = "the repository is too large to build in a copy (50,000 files or 2 GB)";
    return {
      ...empty,
      errors: [
        failed(
          project,
          "too-large",
          message,
          "Build it, and run check-pack on the artifacts: check-pack dist/*",
        ),
      ],
      notes: () => [],
    };
  }
  const what = project.name ?? project.dir;
  options.host.stderr.write(
    `stowaway: ${builder.shown} builds ${printable(what)} in a copy of the project\n`,
  );
  const result = await buildPython(project, builder, { dir: copy.dir, out, tmp }, options);
  // The sdist first: what the wheel repeats is told as being in the wheel too.
  const names = (await readdir(out))
    .filter((name) => /\.(?:tar\.gz|whl|zip)$/.test(name))
    .toSorted((a, b) => Number(a.endsWith(".whl")) - Number(b.endsWith(".whl")));
  if (result.problem !== null || names.length === 0) {
    const message = result.problem ?? `${builder.shown} made no artifact`;
    const hint = "Run again with --verbose to see what the build says.";
    return { ...empty, errors: [failed(project, "pack-failed", message, hint)], notes: () => [] };
  }
  const artifacts = names.map((name) => describe(name, join(out, name), project, known));
  return { ...empty, artifacts, notes: () => result.notes };
}

function describe(
  name: string,
  file: string,
  project: PythonProject,
  { published, manifestIn }: Known,
): PackedArtifact {
  const kind = name.endsWith(".whl") ? "wheel" : "sdist";
  return {
    name,
    file,
    reasonFor(path) {
      const source = [path, `src/${path}`].find((candidate) => existsSync(join(project.dir, candidate)));
      if (source !== undefined) published.add(source);
      return pythonReason(source ?? path, kind, project, manifestIn);
    },
  };
}

function failed(project: PythonProject, code: string, message: string, hint: string): ScanError {
  return {
    kind: "error",
    path: project.name ?? "pyproject.toml",
    container: [],
    code,
    message,
    hint,
    digest: null,
  };
}
