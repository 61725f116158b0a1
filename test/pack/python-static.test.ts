import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import { checkPack, token } from "./package.ts";
import { projects, PYTHON_PATH, requirePython, SDIST } from "./python-project.ts";

beforeAll(requirePython);
const { project } = projects();

const GITHUB = "github-personal-token";
const secret = token(21);
const env = `GITHUB_TOKEN=${secret}\n`;

describe("without a front end", () => {
  const none = { PATH: "/nowhere" };

  test("hatchling has rules that allow a list", async () => {
    const pkg = project("hatchling", { "demo/.env": env });
    const checked = await checkPack([], { cwd: pkg.dir, env: none });
    expect(checked.code).toBe(1);
    expect(checked.scope.mode).toBe("static");
    expect(checked.found).toContain(`${GITHUB} ${SDIST}!demo/.env`);
    expect(checked.notes).toContain("pip install build");
  });

  test("flit and setuptools with packages written out have them too", async () => {
    const flit = project("flit", { "demo/.env": env, "other/.env": env });
    expect((await checkPack([], { cwd: flit.dir, env: none })).found).toEqual([
      `file/dotenv ${SDIST}!demo/.env`,
      `${GITHUB} ${SDIST}!demo/.env`,
    ]);
    const setuptools = project(
      "setuptools",
      { "demo/keys.py": `T = "${secret}"\n` },
      '[tool.setuptools]\npackages = ["demo"]\n',
    );
    expect((await checkPack([], { cwd: setuptools.dir, env: none })).found).toEqual([
      `${GITHUB} ${SDIST}!demo/keys.py`,
    ]);
  });

  test("where only a build can tell, the scan is incomplete and says how to complete it", async () => {
    const pkg = project("setuptools", {});
    const checked = await checkPack([], { cwd: pkg.dir, env: none });
    expect(checked.code).toBe(3);
    expect(checked.errors).toMatchObject([{ code: "no-builder" }]);
    expect(checked.stderr + checked.stdout).toContain("build");
  });

  test("the list by rule holds what the sdist holds", async () => {
    const pkg = project("hatchling", {
      "README.md": "x",
      "demo/data.bin": "1",
      "tests/test_a.py": "1",
      ".gitignore": "*.log\n",
      "a.log": "1",
    });
    await pkg.git("init", "-q");
    const names = async (args: readonly string[]): Promise<string[]> => {
      const ran = await run(process.execPath, [path.resolve("dist/check-pack.cjs"), "--list", ...args], {
        cwd: pkg.dir,
        env: { PATH: PYTHON_PATH },
      });
      return ran.stdout
        .split("\n")
        .flatMap((line) => line.split("\t")[0] ?? [])
        .filter((name) => name.startsWith(SDIST) && !name.endsWith("PKG-INFO"))
        .toSorted();
    };
    expect(await names(["--static"])).toEqual(await names(["--no-isolation"]));
  });
});

describe("where a list by rule could miss a file, there is none", () => {
  const none = { PATH: "/nowhere" };
  const packages = '[tool.setuptools]\npackages = ["demo"]\n';

  test.each<readonly [string, Parameters<typeof project>]>([
    [
      "data files",
      ["setuptools", { "prod.env": env }, `${packages}[tool.setuptools.data-files]\n"etc" = ["prod.env"]\n`],
    ],
    [
      "the list of an earlier build",
      ["setuptools", { "old.env": env, "demo.egg-info/SOURCES.txt": "old.env\n" }, packages],
    ],
    ["a link in setuptools", ["setuptools", { "demo/keys.py": "-> ../../outside.py" }, packages]],
    ["a link in flit", ["flit", { "demo/keys.py": "-> ../outside.py" }]],
    ["a link in hatchling", ["hatchling", { "demo/more": "-> /tmp" }]],
    [
      "files that metadata is read from",
      [
        "setuptools",
        { "x.env": env },
        `dynamic = ["readme"]\n${packages}[tool.setuptools.dynamic]\nreadme = {file = "x.env"}\n`,
      ],
    ],
  ])("%s", async (_name, files) => {
    const pkg = project(...files);
    for (const args of [[], ["--static"]]) {
      const checked = await checkPack(args, { cwd: pkg.dir, env: none });
      expect(checked.code).toBe(3);
      expect(checked.errors).toMatchObject([{ code: args.length === 0 ? "no-builder" : "no-static-list" }]);
    }
  });

  test.each(["setuptools", "flit", "hatchling"] as const)(
    "%s: files that the metadata names are listed",
    async (backend) => {
      const pkg = project(
        backend,
        {
          "docs/read.env": env,
          "docs/terms.env": env.replace("GITHUB", "GH"),
          "legal/a.env": "X=1\n",
          ".gitignore": "*.env\n",
        },
        `readme = "./docs/read.env"\nlicense = {file = "docs/terms.env"}\nlicense-files = ["legal/*.env"]\n${backend === "setuptools" ? packages : ""}`,
      );
      await pkg.git("init", "-q");
      const { stdout } = await run(
        process.execPath,
        [path.resolve("dist/check-pack.cjs"), "--list", "--static"],
        { cwd: pkg.dir },
      );
      for (const name of ["docs/read.env", "docs/terms.env", "legal/a.env"])
        expect(stdout).toContain(`${SDIST}!${name}\t`);
    },
  );
});
