import { realpathSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packEnvironment } from "../../../../src/source/pack/environment.ts";
import { planForEvent } from "../../../../src/source/pack/event.ts";
import { globToRegExp } from "../../../../src/source/pack/glob.ts";
import type { NpmManifest } from "../../../../src/source/pack/manifest.ts";
import { npmFix, npmReason } from "../../../../src/source/pack/npm-reason.ts";
import { pythonReason, readManifestIn } from "../../../../src/source/pack/python-reason.ts";

const MANIFEST: NpmManifest = {
  name: "demo",
  version: "1.0.0",
  private: false,
  scripts: {},
  files: null,
  entries: [],
  bundled: [],
  packageManager: null,
  raw: {},
};
const NONE = { npmignore: false, gitignore: false };

test.each([
  ["dist", true, ["dist", "dist/a/b"], ["dist2", "a/dist"]],
  ["*.env", true, [".env", "x.env"], ["a/x.env"]],
  ["**/*", true, ["a", "a/b"], []],
  ["lib/**/x?.js", false, ["lib/x1.js", "lib/a/b/x2.js"], ["lib/x.js", "lib/x11.js"]],
  ["{a,b}/[c-d].js", false, ["a/c.js", "b/d.js"], ["c/c.js", "a/e.js", "a,b/c.js"]],
  ["[!a].js", false, ["b.js"], ["a.js"]],
  ["a+b(c).js", false, ["a+b(c).js"], ["aab(c).js"]],
  ["[z-a]", false, [], ["z"]],
] as const)("glob %s", (pattern, deep, matches, others) => {
  const regExp = globToRegExp(pattern, deep);
  expect([...matches, ...others].filter((path) => regExp.test(path))).toEqual(matches);
});

describe("what a moment of publishing asks for", () => {
  const dir = realpathSync(".");
  const at = (
    event: string,
    scripts: Record<string, string> = {},
    more: Record<string, string> = {},
  ): unknown => {
    const env = { npm_lifecycle_event: event, npm_package_json: `${dir}/package.json`, ...more };
    const { ignoreScripts, integrity, note } = planForEvent(dir, { ...MANIFEST, scripts }, env);
    return [ignoreScripts, integrity, note !== null];
  };
  test("postpack compares", () => {
    expect(at("postpack", {}, { npm_package_integrity: "sha512-x" })).toEqual([true, "sha512-x", false]);
    expect(at("postpack", {}, { npm_package_integrity: "null" })).toEqual([true, null, false]);
  });
  test("before the package is whole, it says so", () => {
    expect(at("prepack")).toEqual([true, null, true]);
    expect(at("prepare")).toEqual([true, null, true]);
  });
  test("prepublishOnly builds only where nobody looks later", () => {
    expect(at("prepublishOnly")).toEqual([true, null, false]);
    expect(at("prepublishOnly", { prepack: "tsc" })).toEqual([false, null, true]);
    expect(at("prepublishOnly", { prepack: "tsc", postpack: "x && check-pack" })).toEqual([
      true,
      null,
      false,
    ]);
    for (const postpack of ["npx stowaway check-pack", "node dist/check-pack.cjs --strict"])
      expect(at("prepublishOnly", { prepack: "tsc", postpack })).toEqual([true, null, false]);
    expect(at("prepublishOnly", { prepack: "tsc", postpack: "echo checked-packed" })).toEqual([
      false,
      null,
      true,
    ]);
  });
  test("by hand, or for another package, scripts run", () => {
    expect(at("test")).toEqual([false, null, false]);
    expect(at("postpack", {}, { npm_package_json: "/elsewhere/package.json" })).toEqual([false, null, false]);
  });
});

test("the packer's environment has no publishing credentials and nothing of an outer dry run", () => {
  const gone = [
    "npm_config_dry_run",
    "NPM_CONFIG_JSON",
    "npm_config_//registry.example/:_authToken",
    "NPM_CONFIG_//registry.example/:_password",
    "npm_config__auth",
    "npm_config__authToken",
    "NPM_CONFIG__PASSWORD",
    "npm_config__password",
    "npm_config_scope_authtoken_auth",
    "NPM_TOKEN",
    "NPM_AUTH_TOKEN",
    "NODE_AUTH_TOKEN",
    "YARN_NPM_AUTH_TOKEN",
    "YARN_NPM_AUTH_IDENT",
    "BUN_AUTH_TOKEN",
    "JSR_TOKEN",
    "OVSX_PAT",
    "VSCE_PAT",
    "GEM_HOST_API_KEY",
    "NUGET_API_KEY",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "TWINE_PASSWORD",
    "UV_PUBLISH_TOKEN",
    "PDM_PUBLISH_PASSWORD",
    "POETRY_PYPI_TOKEN_PYPI",
    "POETRY_HTTP_BASIC_OWN_PASSWORD",
    "HATCH_INDEX_AUTH",
    "FLIT_PASSWORD",
    "MATURIN_PYPI_TOKEN",
  ];
  const kept = [
    "PATH",
    "npm_config_ignore_scripts",
    "npm_config_registry",
    "HOME",
    "MY_TOKEN",
    "GIT_AUTHOR_NAME",
    "npm_config_init_author_name",
  ];
  const env = packEnvironment(
    Object.fromEntries([...gone, ...kept].map((name) => [name, "x"])),
    { guarded: ["/a", "/copy"], tmp: "/own" },
    { EXTRA: "1" },
  );
  expect(Object.keys(env).toSorted()).toEqual(
    [...kept, "EXTRA", "STOWAWAY_PACK", "TMPDIR", "TEMP", "TMP"].toSorted(),
  );
  expect([env["TMPDIR"], env["TEMP"], env["TMP"]]).toEqual(["/own", "/own", "/own"]);
  expect(env["STOWAWAY_PACK"]).toContain('"dir":"/copy"');
});

describe("why npm takes a file", () => {
  const ignored = { stateOf: () => "ignored" as const };
  test.each([
    ["dist/a.js", { files: ["dist"] }, NONE, null, 'files[0] "dist"'],
    ["dist/a.js", { files: ["!dist/b.js", "./dist/"] }, NONE, null, 'files[1] "./dist/"'],
    ["x", { files: ["no"] }, NONE, null, '"files" in package.json'],
    ["readme.md", { files: ["no"] }, NONE, null, "always included"],
    [
      "index.js",
      { files: ["no"], entries: [{ field: "main", path: "index" }] },
      NONE,
      null,
      "always included: main",
    ],
    ["node_modules/@a/b/x", { bundled: ["@a/b"] }, NONE, null, 'bundleDependencies "@a/b"'],
    [".env", {}, { npmignore: true, gitignore: true }, ignored, ".npmignore switches .gitignore off"],
    [".env", {}, NONE, null, 'no "files", no .npmignore, no .gitignore'],
  ] as const)("%s: %#", (path, more, ignoreFiles, state, reason) => {
    expect(npmReason(path, { ...MANIFEST, ...more }, ignoreFiles, state)).toBe(reason);
  });

  test("how to keep it out", () => {
    expect(npmFix({ ...MANIFEST, files: ["x"] }, NONE)).toContain('"files"');
    expect(npmFix(MANIFEST, { npmignore: true, gitignore: true })).toContain(".npmignore");
    expect(npmFix(MANIFEST, NONE)).toContain(".gitignore");
  });
});

describe("why Python takes a file", () => {
  const lines = readManifestIn(
    "include *.txt\n# graft x\nrecursive-include conf *.env\r\nglobal-include *.md\ngraft data\nexclude a.txt\n",
  );
  test.each([
    ["a.txt", "MANIFEST.in line 1"],
    ["conf/a/b.env", "MANIFEST.in line 3"],
    ["deep/er/x.md", "MANIFEST.in line 4"],
    ["data/x/y", "MANIFEST.in line 5"],
    ["pyproject.toml", "always included"],
    ["demo.egg-info/SOURCES.txt", "made by the build from the metadata"],
    ["demo/a.py", "setuptools takes the modules of the package"],
    ["tests/test_a.py", "setuptools takes tests by default"],
  ])("%s", (path, reason) => {
    expect(pythonReason(path, "sdist", { backend: "setuptools.build_meta", requires: [] }, lines)).toBe(
      reason,
    );
  });
  test("other back ends by their defaults, an unknown one by its name", () => {
    expect(pythonReason("x", "wheel", { backend: "flit_core.buildapi", requires: [] }, [])).toContain("flit");
    expect(pythonReason("x", "sdist", { backend: "mesonpy", requires: [] }, [])).toBe("taken by mesonpy");
    expect(
      pythonReason("x", "sdist", { backend: "setuptools.build_meta", requires: ["setuptools_scm>=8"] }, []),
    ).toContain("git tracks");
  });
});
