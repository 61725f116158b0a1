import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import { makePackage, token } from "./package.ts";
import { checkPython, projects, requirePython } from "./python-project.ts";

beforeAll(requirePython);
const { project, made } = projects();

const secret = token(22);

test("a build that calls check-pack ends: the copy is being packed, too", async () => {
  const call = [process.execPath, path.resolve("dist/check-pack.cjs"), "--no-isolation"].map((part) =>
    JSON.stringify(part),
  );
  const log = makePackage({});
  made.push(log);
  const file = path.join(log.dir, "log");
  const pkg = project("setuptools", {
    "setup.py": `import subprocess, setuptools\nr = subprocess.run([${call.join(", ")}], capture_output=True, text=True)\nopen(${JSON.stringify(file)}, "a").write(r.stderr)\nsetuptools.setup()\n`,
  });
  expect(await checkPython(pkg.dir)).toMatchObject({ code: 0, errors: [] });
  expect(readFileSync(file, "utf8")).toMatch(
    /^(?:stowaway: \. is being packed by a check-pack further up; nothing to do here\n)+$/,
  );
});

test("a build that leaves a process running is not waited for, and the process is gone", async () => {
  const log = makePackage({});
  made.push(log);
  const file = path.join(log.dir, "pid");
  const pkg = project("setuptools", {
    "setup.py": `import subprocess, setuptools\nopen(${JSON.stringify(file)}, "w").write(str(subprocess.Popen(["sleep", "77"]).pid))\nsetuptools.setup()\n`,
    "stowaway.config.json": '{"limits": {"buildSeconds": 60}}',
  });
  expect(await checkPython(pkg.dir)).toMatchObject({ code: 0, errors: [] });
  const { stdout } = await run("ps", ["-o", "stat=", "-p", readFileSync(file, "utf8")]);
  expect(stdout === "" || stdout.startsWith("Z")).toBe(true);
});

test("--verbose shows what a build prints to either stream, masked", async () => {
  const pkg = project("setuptools", {
    "setup.py": `import sys, setuptools\nprint("to out ${secret}")\nprint("to err ${secret}", file=sys.stderr)\nsetuptools.setup()\n`,
  });
  const { stderr } = await checkPython(pkg.dir, ["--no-isolation", "--verbose"]);
  expect(stderr).toContain("to out ***");
  expect(stderr).toContain("to err ***");
  expect(stderr).not.toContain(secret);
});
