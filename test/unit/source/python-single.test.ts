import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pythonTakes } from "../../../src/source/pack/python-single.ts";
import { scratch } from "../../helpers/run.ts";

let dir: string;
beforeEach(() => {
  dir = scratch();
});
afterEach(() => rmSync(dir, { recursive: true }));

const SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\n';

test.each([
  ["nothing names it", {}, ".env.local", null],
  ["MANIFEST.in of the usual kind", { "MANIFEST.in": "include README.md\ngraft docs\n" }, ".env.local", null],
  ["graft .", { "MANIFEST.in": "graft .\n" }, ".env.local", "MANIFEST.in line 1"],
  ["taken out again", { "MANIFEST.in": "graft .\nglobal-exclude .env.local\n" }, ".env.local", null],
  ["taken in again", { "MANIFEST.in": "exclude .env*\ninclude .env*\n" }, ".env.local", "MANIFEST.in line 2"],
  [
    "a pattern of hatch",
    { "pyproject.toml": '[tool.hatch.build]\ninclude = ["*.local"]\n' },
    ".env.local",
    "pyproject.toml names *.local",
  ],
  [
    "an exclusion",
    { "pyproject.toml": '[tool.hatch.build]\nexclude = [".env.local"]\n' },
    ".env.local",
    null,
  ],
  [
    "poetry's include",
    { "pyproject.toml": '[tool.poetry]\ninclude = [{ path = "**/*" }]\n' },
    "a/.env.local",
    "pyproject.toml names **/*",
  ],
  [
    "folders of packages, and other tools",
    { "pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["."]\n[tool.ruff]\ninclude = ["*"]\n' },
    ".env.local",
    null,
  ],
  [
    "a script that takes files",
    { "setup.py": "setup(data_files=[])\n" },
    ".env.local",
    "setup.py may take files by its own code",
  ],
  ["a plain script", { "setup.py": "setup(name='x')\n" }, ".env.local", null],
  [
    "within a package",
    { "pkg/__init__.py": "" },
    "pkg/.env.local",
    "pkg may be a package, which goes as a whole",
  ],
] as const)("%s", async (_what, files, name, reason) => {
  for (const [file, text] of Object.entries({ "pyproject.toml": SETUPTOOLS, ...files })) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  expect(await pythonTakes(dir, name)).toBe(reason);
});
