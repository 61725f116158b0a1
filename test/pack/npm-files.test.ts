import { afterEach, describe, expect, test } from "vitest";
import { checkPack, list, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

function make(files: Readonly<Record<string, string | Buffer>>): Package {
  const pkg = makePackage(files);
  made.push(pkg);
  return pkg;
}

const GITHUB = "github-personal-token";
const secret = token(1);
const env = `GITHUB_TOKEN=${secret}\n`;

const TAKEN: readonly (readonly [string, Record<string, string | Buffer>, string, string])[] = [
  [
    "a plain package",
    { "package.json": manifest(), ".env": env },
    ".env",
    'no "files", no .npmignore, no .gitignore',
  ],
  [
    "an empty .npmignore",
    { "package.json": manifest(), ".env": env, ".gitignore": ".env\n", ".npmignore": "" },
    ".env",
    'no "files", not named in .npmignore',
  ],
  [
    'files ["**/*"]',
    { "package.json": manifest({ files: ["**/*"] }), ".env": env, ".gitignore": ".env\n" },
    ".env",
    'files[0] "**/*"',
  ],
  [
    'files ["lib"]',
    { "package.json": manifest({ files: ["lib"] }), "lib/.env": env, ".gitignore": "lib/.env\n" },
    "lib/.env",
    'files[0] "lib"',
  ],
  [
    "a nested .npmignore",
    { "package.json": manifest(), ".gitignore": ".env\n", "sub/.npmignore": "!.env\n", "sub/.env": env },
    "sub/.env",
    'no "files", no .npmignore, not named in the package\'s .gitignore',
  ],
  [
    "LICENSE.env beside files",
    { "package.json": manifest({ files: ["lib"] }), "LICENSE.env": env },
    "LICENSE.env",
    "always included",
  ],
  [
    "a bin",
    { "package.json": manifest({ files: ["no"], bin: { x: "lib/.env" } }), "lib/.env": env },
    "lib/.env",
    'always included: bin "x"',
  ],
  [
    "main is .npmrc",
    { "package.json": manifest({ files: ["no"], main: ".npmrc" }), ".npmrc": env },
    ".npmrc",
    "always included: main",
  ],
  [
    "a script",
    { "package.json": manifest({ scripts: { release: `GH=${secret} release` } }) },
    "package.json",
    "always included",
  ],
  [
    "a bundled dependency",
    {
      "package.json": manifest({ dependencies: { dep: "1" }, bundleDependencies: ["dep"] }),
      "node_modules/dep/package.json": manifest({ name: "dep" }),
      "node_modules/dep/.env": env,
    },
    "node_modules/dep/.env",
    'bundleDependencies "dep"',
  ],
];

describe("what npm takes is found, with its reason", () => {
  test.each(TAKEN)("%s", async (_name, files, path, included) => {
    const checked = await checkPack([], { cwd: make(files).dir });
    expect(checked.code).toBe(1);
    expect(checked.found).toContain(`${GITHUB} demo-1.0.0.tgz!${path}`);
    expect(checked.included).toContain(included);
    expect(checked.scope).toMatchObject({ kind: "pack", mode: "exact" });
    expect(checked.stdout + checked.stderr).not.toContain(secret);
  });
});

describe("what npm leaves out is no finding", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    [".gitignore names it", { "package.json": manifest(), ".env": env, ".gitignore": ".env\n" }],
    [".npmignore names it", { "package.json": manifest(), ".env": env, ".npmignore": ".env\n" }],
    [
      "files does not name it",
      { "package.json": manifest({ files: ["lib"] }), ".env": env, "lib/a.js": "1" },
    ],
    ["a link out of the package", { "package.json": manifest(), ".aws-link": "-> /etc/hostname" }],
    ["private, and clean", { "package.json": manifest({ private: true }) }],
    ["a byte order mark", { "package.json": `\uFEFF${manifest()}` }],
    [
      "files is no array, bin a string",
      { "package.json": manifest({ files: "lib", bin: "a.js" }), "a.js": "1" },
    ],
    [
      "scoped, spaces, Unicode, @",
      { "package.json": manifest({ name: "@scope/demo" }), "a b/ünï.js": "1", "@x.js": "1" },
    ],
  ];
  test.each(cases)("%s", async (_name, files) => {
    const checked = await checkPack([], { cwd: make(files).dir });
    expect(checked).toMatchObject({ code: 0, found: [], errors: [] });
    expect(checked.files).toBeGreaterThan(0);
  });
});

describe("the list by rule is npm's own", () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    [
      "plain",
      {
        "package.json": manifest(),
        ".env": "a",
        "x.orig": "1",
        ".npmrc": "1",
        "sub/package-lock.json": "{}",
        "package-lock.json": "{}",
      },
    ],
    [
      "ignore files",
      {
        "package.json": manifest(),
        ".gitignore": "a\n",
        a: "1",
        "b/.npmignore": "c\n",
        "b/c": "1",
        "b/d": "1",
      },
    ],
    [
      "files with exceptions",
      {
        "package.json": manifest({ files: ["lib", "!lib/x"] }),
        "lib/x": "1",
        "lib/y": "1",
        "README.pem": "1",
      },
    ],
    [
      "bundled, nested",
      {
        "package.json": manifest({ dependencies: { a: "1" }, bundleDependencies: true }),
        "node_modules/a/package.json": manifest({ name: "a", dependencies: { b: "1" } }),
        "node_modules/a/.env": "1",
        "node_modules/b/package.json": manifest({ name: "b" }),
        "node_modules/c/package.json": manifest({ name: "c" }),
      },
    ],
    ["a long path", { "package.json": manifest(), [`${"folder/".repeat(20)}${"n".repeat(100)}.txt`]: "1" }],
  ];
  test.each(cases)("%s", async (_name, files) => {
    const { dir } = make(files);
    expect(await list(dir, ["--static"])).toEqual(await list(dir));
  });

  test("without npm on the PATH it is used, and said", async () => {
    const { dir } = make({ "package.json": manifest({ scripts: { prepack: "exit 1" } }), ".env": env });
    const checked = await checkPack([], { cwd: dir, env: { PATH: "/nowhere" } });
    expect(checked.code).toBe(1);
    expect(checked.scope.mode).toBe("static");
    expect(checked.found).toContain(`${GITHUB} demo-1.0.0.tgz!.env`);
    expect(checked.notes).toContain("no npm on the PATH");
  });
});
