import { afterEach, expect, test } from "vitest";
import { run } from "../../helpers/run.ts";
import { githubToken } from "../../helpers/samples.ts";
import { PYTHON_PATH } from "../../pack/python-project.ts";
import { makeScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

let scene: Scene;
afterEach(() => scene.remove());

const PYTHON = process.env["STOWAWAY_TEST_PYTHON"] ?? "python3";
const DOTENV = `GITHUB_TOKEN=${githubToken(12)}\n`;

const LIST_DIST = `
import glob, tarfile, zipfile
for name in glob.glob("dist/*.whl"): print(zipfile.ZipFile(name).namelist())
for name in glob.glob("dist/*.gz"): print(tarfile.open(name).getnames())
`;

test.each([
  ["hatchling", "hatchling.build", "[tool.hatch.build]\nignore-vcs = true\n", {}],
  [
    "setuptools",
    "setuptools.build_meta",
    '[tool.setuptools.package-data]\ndemo = ["conf/*", "conf/.*"]\n',
    { "MANIFEST.in": "graft src\n" },
  ],
] as const)(
  "%s: the sdist, and a wheel that is built without one",
  async (requires, backend, settings, more) => {
    scene = await makeScene({
      "pyproject.toml": `[build-system]\nrequires = ["${requires}"]\nbuild-backend = "${backend}"\n[project]\nname = "demo"\nversion = "1.0.0"\n${settings}`,
      "src/demo/__init__.py": "",
      "src/demo/conf/.env": DOTENV,
      ...more,
    });
    const checked = await scene.toolWith({ PATH: PYTHON_PATH }, "check-pack", "--no-isolation");
    expect(checked.code, checked.stderr).toBe(1);
    const ran = await scene.tool("stow", "--to", "dotenv", "--yes");
    expect(ran.code, ran.stderr).toBe(0);
    for (const kind of ["--sdist", "--wheel"]) {
      const built = await run(PYTHON, ["-m", "build", "--no-isolation", kind], { cwd: scene.dir });
      expect(built.code, built.stderr).toBe(0);
    }
    const names = await run(PYTHON, ["-c", LIST_DIST], { cwd: scene.dir });
    expect(names.stdout).toMatch(/demo\/__init__\.py/);
    expect(names.stdout).not.toMatch(/\/\.env/);
  },
);
