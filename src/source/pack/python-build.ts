import { join } from "node:path";
import { run } from "../../host/spawn.ts";
import type { SpawnResult } from "../../host/spawn.ts";
import { packEnvironment } from "./environment.ts";
import { findOnPath } from "./find-program.ts";
import type { PackOptions } from "./packer.ts";
import type { PythonProject } from "./python-project.ts";
import { maskedLines } from "./verbose.ts";

/** A build front end (PEP 517). */
export interface Builder {
  readonly kind: "uv" | "build";
  /** Absolute path of uv or of the Python that has `build`. */
  readonly command: string;
  /** As people write it. */
  readonly shown: string;
}

export interface BuildPlace {
  readonly dir: string;
  readonly out: string;
  /** Goes with everything in it, also when a build is killed. */
  readonly tmp: string;
}

/** How a build ended; artifacts are in the output folder. */
export interface BuildResult {
  /** Null where it worked. */
  readonly problem: string | null;
  readonly notes: readonly string[];
}

/** What front ends print when the isolated environment cannot be filled (no network, no such package index). */
const NO_DOWNLOAD =
  /no matching distribution|could not find a version|failed to (?:fetch|resolve|download|establish)|error sending request|connection|network|name resolution|proxyerror|newconnectionerror/i;

/** uv on the PATH, else the first Python of the project, then of the PATH, that has `build`; null without either. */
export async function findBuilder(dir: string, options: PackOptions): Promise<Builder | null> {
  const { host } = options;
  const uv = findOnPath("uv", host);
  if (uv !== null) return { kind: "uv", command: uv, shown: "uv build" };
  for (const command of pythons(dir, options)) {
    const found = await tell(
      command,
      ["-c", "import build.__main__"],
      { guarded: [dir], tmp: options.temp },
      options,
    );
    if (found.code === 0) return { kind: "build", command, shown: "python -m build" };
  }
  return null;
}

function pythons(dir: string, { host }: PackOptions): string[] {
  const windows = host.platform === "win32";
  const inside = windows ? "Scripts/python.exe" : "bin/python";
  const environments = [host.env["VIRTUAL_ENV"], join(dir, ".venv")];
  return [
    ...environments.flatMap((folder) => (folder === undefined ? [] : [join(folder, inside)])),
    ...["python3", "python"].flatMap((name) => findOnPath(name, host) ?? []),
  ];
}

/**
 * Builds sdist and wheel. Without a network the build is tried again in the current environment, if that has the
 * backend; the result is then an approximation, and said to be one.
 *
 * @param place the copy of the project, an empty folder for the artifacts, and one for temporary files
 */
export async function buildPython(
  project: PythonProject,
  builder: Builder,
  place: BuildPlace,
  options: PackOptions,
): Promise<BuildResult> {
  const approximate = `${builder.shown} used the packages of the current environment: the artifacts are approximate.`;
  const notes = options.isolation ? [] : [approximate];
  const where = { guarded: [project.dir, place.dir], tmp: place.tmp };
  const buildOnce = (isolated: boolean): Promise<SpawnResult> =>
    tell(builder.command, argumentsFor(builder, isolated, place), where, options, true);
  const first = await buildOnce(options.isolation);
  const problem = describe(first, builder, options);
  const said = `${first.stdout.toString("utf8")}${first.stderr.toString("utf8")}`;
  if (problem === null || !options.isolation || first.timedOut || !NO_DOWNLOAD.test(said))
    return { problem, notes };
  const module = project.backend.split(":")[0] ?? "";
  const python =
    builder.kind === "build" ? builder.command : (findOnPath("python3", options.host) ?? "python3");
  const importable =
    /^[\w.]+$/.test(module) && (await tell(python, ["-c", `import ${module}`], where, options)).code === 0;
  const second = importable ? await buildOnce(false) : null;
  return second !== null && describe(second, builder, options) === null
    ? { problem: null, notes: [approximate] }
    : { problem: `${problem}: its build requirements could not be downloaded`, notes };
}

function argumentsFor({ kind }: Builder, isolated: boolean, { dir, out }: BuildPlace): string[] {
  return kind === "uv"
    ? ["build", "--out-dir", out, ...(isolated ? [] : ["--no-build-isolation"]), dir]
    : ["-m", "build", "--outdir", out, ...(isolated ? [] : ["--no-isolation"]), dir];
}

/** Runs it outside of the project, whose own files would else be importable before those of the front end. */
async function tell(
  command: string,
  args: readonly string[],
  where: { readonly guarded: readonly string[]; readonly tmp: string },
  { host, limits, mask }: PackOptions,
  shown = false,
): Promise<SpawnResult> {
  const env = packEnvironment(
    host.env,
    { ...where, sdist: true },
    {
      PYTHONDONTWRITEBYTECODE: "1",
      PIP_NO_INPUT: "1",
      GIT_OPTIONAL_LOCKS: "0",
    },
  );
  const common = { cwd: where.tmp, env, timeoutSeconds: limits.buildSeconds };
  if (!shown || mask === null) return await run(command, args, common);
  const write = (text: string): void => host.stderr.write(text);
  const [out, err] = [maskedLines(mask, write), maskedLines(mask, write)];
  const result = await run(command, args, { ...common, onStdout: out.push, onStderr: err.push });
  out.end();
  err.end();
  return result;
}

function describe(result: SpawnResult, { shown }: Builder, { limits }: PackOptions): string | null {
  if (result.failure !== null) return `${shown} could not be started (${result.failure})`;
  if (result.timedOut) return `${shown} took more than ${limits.buildSeconds} seconds`;
  return result.code === 0 ? null : `${shown} failed (exit code ${result.code ?? "none, a signal"})`;
}
