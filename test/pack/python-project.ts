import path from "node:path";
import { afterEach } from "vitest";
import { run } from "../helpers/run.ts";
import { checkPack, makePackage } from "./package.ts";
import type { Checked, Package } from "./package.ts";

/** The interpreter with the front end and the back ends (test/helpers/python.setup.ts). */
const PYTHON = process.env["STOWAWAY_TEST_PYTHON"] ?? "python3";

/** A PATH with that interpreter and the system's tools, and without uv. */
export const PYTHON_PATH = [path.dirname(PYTHON), "/usr/bin", "/bin"].join(path.delimiter);

/** Where the made project's files stand in its sdist. */
export const SDIST = "demo-1.0.0.tar.gz";
export const WHEEL = "demo-1.0.0-py3-none-any.whl";

/** Fails, where passing over these tests would leave unshown what they show. */
export async function requirePython(): Promise<void> {
  const found = await run(PYTHON, ["-c", "import build, hatchling, setuptools, wheel, flit_core"]);
  if (found.code === 0) return;
  throw new Error(
    `${PYTHON} lacks a module (pip install build hatchling setuptools wheel flit_core): ${found.stderr}`,
  );
}

const BACKENDS = {
  setuptools: ["setuptools>=61", "setuptools.build_meta"],
  hatchling: ["hatchling", "hatchling.build"],
  flit: ["flit_core>=3", "flit_core.buildapi"],
} as const;

/** A project `demo` with a package of that name. */
export function makeProject(
  backend: keyof typeof BACKENDS,
  files: Readonly<Record<string, string>>,
  more = "",
): Package {
  const [requires, module] = BACKENDS[backend];
  return makePackage({
    "pyproject.toml": `[build-system]\nrequires = ["${requires}"]\nbuild-backend = "${module}"\n[project]\nname = "demo"\nversion = "1.0.0"\ndescription = "d"\n${more}`,
    "demo/__init__.py": '"""d"""\n',
    ...files,
  });
}

/** Builds without a network by default: the back ends are those of the test environment. */
export async function checkPython(
  dir: string,
  args: readonly string[] = ["--no-isolation"],
): Promise<Checked> {
  return await checkPack(args, { cwd: dir, env: { PATH: PYTHON_PATH } });
}

/** `makeProject`, whose projects are removed after the test; to be called at the top of a test file. */
export function projects(): { readonly project: typeof makeProject; readonly made: Package[] } {
  const made: Package[] = [];
  afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));
  return {
    made,
    project: (...args) => {
      const pkg = makeProject(...args);
      made.push(pkg);
      return pkg;
    },
  };
}
