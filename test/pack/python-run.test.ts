import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import { checkPack, makePackage, token } from "./package.ts";
import { checkPython, projects, PYTHON_PATH, requirePython, SDIST } from "./python-project.ts";

beforeAll(requirePython);
const { project, made } = projects();

const GITHUB = "github-personal-token";
const secret = token(21);
const env = `GITHUB_TOKEN=${secret}\n`;

describe("the project is as it was", () => {
  test.each(["setuptools", "hatchling"] as const)(
    "%s, in a subfolder of a dirty repository",
    async (backend) => {
      const pkg = project(backend, {});
      await run(
        "sh",
        ["-c", "mkdir sub && mv pyproject.toml demo sub/ && echo '*.log' > .gitignore && echo x > sub/a.log"],
        { cwd: pkg.dir },
      );
      await pkg.git("init", "-q");
      await pkg.git("add", "-A");
      pkg.write({ "sub/demo/new.py": "x = 1\n" });
      const before = await pkg.state();
      const index = await run("cksum", [".git/index"], { cwd: pkg.dir });
      const checked = await checkPython(path.join(pkg.dir, "sub"));
      expect(checked).toMatchObject({ code: 0, errors: [] });
      expect(checked.files).toBeGreaterThan(4);
      expect(await pkg.state()).toBe(before);
      expect((await run("cksum", [".git/index"], { cwd: pkg.dir })).stdout).toBe(index.stdout);
    },
  );

  test("in a linked worktree, called from a git hook", async () => {
    const pkg = project("hatchling", { "demo/kept.txt": env, ".gitignore": "*.log\n", "a.log": env });
    await pkg.git("init", "-q");
    await pkg.git("add", "-A");
    await pkg.git("commit", "-q", "-m", "first");
    await pkg.git("worktree", "add", "-q", "linked");
    const linked = path.join(pkg.dir, "linked");
    const hook = { GIT_DIR: path.join(pkg.dir, ".git"), GIT_INDEX_FILE: path.join(pkg.dir, ".git/index") };
    const checked = await checkPack(["--no-isolation"], { cwd: linked, env: { PATH: PYTHON_PATH, ...hook } });
    expect(checked.errors).toEqual([]);
    expect(checked.found).toContain(`${GITHUB} ${SDIST}!demo/kept.txt`);
    expect(checked.notes).not.toContain("git does not track");
  });

  test("nothing is left in the temporary folder, even of a failing build, which is an incomplete scan", async () => {
    const pkg = project("setuptools", { "setup.py": `import sys\nprint("${secret}")\nsys.exit(4)\n` });
    const tmp = path.join(pkg.dir, "..", `${path.basename(pkg.dir)}-tmp`);
    mkdirSync(tmp);
    made.push({ ...pkg, remove: () => void run("rm", ["-rf", tmp]) });
    const checked = await checkPack(["--no-isolation"], {
      cwd: pkg.dir,
      env: { PATH: PYTHON_PATH, TMPDIR: tmp },
    });
    expect(checked.code).toBe(3);
    expect(checked.errors).toMatchObject([{ code: "pack-failed", path: "demo" }]);
    expect(checked.stdout + checked.stderr).not.toContain(secret);
    expect(readdirSync(tmp)).toEqual([]);
  });
});

test.each([
  ["project", 'project = {name = "demo", version = "1.0.0"}\n'],
  ["build-system", 'build-system = {requires = ["hatchling"], build-backend = "hatchling.build"}\n'],
])("an inline table %s makes a Python project", async (_name, text) => {
  const pkg = makePackage({ "pyproject.toml": text, "package.json": '{"name":"x","version":"1.0.0"}' });
  made.push(pkg);
  const checked = await checkPack(["--static", "--only", "python"], { cwd: pkg.dir });
  expect(checked.stderr).not.toContain("no package to publish");
});

test("a table of another name that a text mentions makes none", async () => {
  const pkg = makePackage({ "pyproject.toml": '[tool.x]\ntext = """\n[project]\n"""\n' });
  made.push(pkg);
  expect((await checkPack([], { cwd: pkg.dir })).stderr).toContain("no package to publish");
});

test("broken TOML is wrong usage, and quoted nowhere", async () => {
  const pkg = makePackage({ "pyproject.toml": `[project]\nname = "${secret}\n` });
  made.push(pkg);
  const checked = await checkPack([], { cwd: pkg.dir });
  expect(checked.code).toBe(2);
  expect(checked.stderr).toContain("this is no TOML at line 2");
  expect(checked.stderr).not.toContain(secret);
});

test("a pyproject.toml that configures tools alone is no package; npm and Python in one folder are both packed", async () => {
  const tools = makePackage({ "pyproject.toml": "[tool.ruff]\nline-length = 100\n" });
  made.push(tools);
  expect((await checkPack([], { cwd: tools.dir })).stderr).toContain("no package to publish");
  const both = project("hatchling", {
    "package.json": '{"name":"both","version":"1.0.0","files":["x.env"]}',
    "x.env": env,
  });
  const checked = await checkPython(both.dir);
  expect(checked.stdout).toContain("both-1.0.0.tgz");
  expect(checked.stdout).toContain("demo-1.0.0.tar.gz");
  expect((await checkPython(both.dir, ["--only", "npm"])).stdout).not.toContain("demo-1.0.0.tar.gz");
});
