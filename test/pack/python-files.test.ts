import { beforeAll, describe, expect, test } from "vitest";
import { token } from "./package.ts";
import { checkPython, projects, requirePython, SDIST, WHEEL } from "./python-project.ts";

beforeAll(requirePython);
const { project } = projects();

const GITHUB = "github-personal-token";
const secret = token(21);
const env = `GITHUB_TOKEN=${secret}\n`;

describe("what the back ends take", () => {
  test("setuptools: a secret in a module is named in the sdist and in the wheel", async () => {
    const checked = await checkPython(project("setuptools", { "demo/keys.py": `TOKEN = "${secret}"\n` }).dir);
    expect(checked.code).toBe(1);
    const places = JSON.stringify(JSON.parse(checked.stdout));
    expect(places).toContain("demo/keys.py");
    expect(places).toContain(SDIST);
    expect(places).toContain(WHEEL);
    expect(checked.stdout + checked.stderr).not.toContain(secret);
    expect(checked.notes).toContain("approximate");
  });

  test("hatchling: an untracked .env, and one that only a nested .gitignore names", async () => {
    const pkg = project("hatchling", { "demo/.env": env, "demo/.gitignore": ".env\n" });
    await pkg.git("init", "-q");
    const checked = await checkPython(pkg.dir);
    expect(checked.found.join("\n")).toContain(`${GITHUB} ${SDIST}!demo/.env`);
    expect(checked.notes).toContain("git ignores: demo/.env.");
    expect(checked.included).toContain("hatchling takes all that the top .gitignore does not name");
  });

  test("hatchling: a .env that the top .gitignore names stays out", async () => {
    const pkg = project("hatchling", { "demo/.env": env, ".gitignore": ".env\n" });
    await pkg.git("init", "-q");
    expect(await checkPython(pkg.dir)).toMatchObject({ code: 0, found: [], errors: [] });
  });

  test("flit: a .env that git ignores goes out", async () => {
    const pkg = project("flit", { "demo/.env": env, ".gitignore": ".env\n" });
    await pkg.git("init", "-q");
    const checked = await checkPython(pkg.dir);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain("demo/.env");
  });
});

describe("what setuptools takes besides", () => {
  test("setuptools: MANIFEST.in brings a file, and its line is the reason", async () => {
    const checked = await checkPython(
      project(
        "setuptools",
        { "MANIFEST.in": "# all\nrecursive-include conf *\n", "conf/prod.env": env },
        '[tool.setuptools]\npackages = ["demo"]\n',
      ).dir,
    );
    expect(checked.found).toContain(`${GITHUB} ${SDIST}!conf/prod.env`);
    expect(checked.included).toContain("MANIFEST.in line 2");
  });

  test("setuptools: a stale SOURCES.txt brings an old file back", async () => {
    const checked = await checkPython(
      project("setuptools", { "old.txt": env, "demo.egg-info/SOURCES.txt": "old.txt\n" }).dir,
    );
    expect(checked.found).toContain(`${GITHUB} ${SDIST}!old.txt`);
  });

  test("a token in a dependency's address is one finding, in the wheel's metadata too", async () => {
    const checked = await checkPython(
      project("setuptools", {}, `dependencies = ["foo @ git+https://user:${secret}@example.com/foo.git"]\n`)
        .dir,
    );
    expect(checked.code).toBe(1);
    expect(checked.found).toEqual([`${GITHUB} ${SDIST}!pyproject.toml`]);
    expect(JSON.parse(checked.stdout)).toMatchObject({ findings: [{ alsoIn: [[WHEEL]] }] });
  });

  test("a file of the sdist alone is found there alone", async () => {
    const checked = await checkPython(
      project("hatchling", { "tests/test_a.py": `TOKEN = "${secret}"\n` }).dir,
    );
    expect(checked.found).toEqual([`${GITHUB} ${SDIST}!tests/test_a.py`]);
  });
});
