import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { PROJECT, run, runTool, scratch } from "../helpers/run.ts";

const MANIFEST = '{\n  "name": "demo",\n  "version": "1.0.0"\n}\n';

let repo: Repo;
beforeEach(async () => {
  repo = await makeRepo();
  repo.write({ "package.json": MANIFEST });
  cpSync(path.join(PROJECT, "hooks"), path.join(repo.dir, "node_modules/stowaway/hooks"), {
    recursive: true,
  });
});
afterEach(() => repo.remove());

const init = async (...args: string[]): ReturnType<typeof run> =>
  await runTool(["init", ...args], { cwd: repo.dir });
const hook = (): string => path.join(repo.dir, ".git/hooks/pre-commit");

/** Nothing of the repository is other than before. */
function expectUntouched(): void {
  expect(existsSync(hook())).toBe(false);
  expect(readFileSync(path.join(repo.dir, "package.json"), "utf8")).toBe(MANIFEST);
}

describe("init", () => {
  test("shows the changes first and writes nothing without a terminal", async () => {
    const { code, stdout, stderr } = await init();
    expect(code).toBe(1);
    expect(stdout).toContain(".git/hooks/pre-commit (new)\n  + #!/bin/sh\n");
    expect(stdout).toContain(
      'package.json\n  + "prepublishOnly": "check-pack"\n  + "postpack": "check-pack"\n',
    );
    expect(stderr).toBe(
      "Nothing was written: there is no terminal to ask on. To write it, run: npx stowaway init --yes\n",
    );
    expectUntouched();
  });

  test("--dry-run shows the changes, writes nothing and answers 0", async () => {
    const { code, stdout, stderr } = await init("--dry-run", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("+ stowaway_shim=node_modules/stowaway/hooks/pre-commit");
    expect(stderr).toBe("Nothing was written, because of --dry-run.\n");
    expectUntouched();
  });

  test("--yes writes them, and a second time there is nothing to do", async () => {
    expect((await init("--yes")).code).toBe(0);
    expect(readFileSync(hook(), "utf8")).toContain("stowaway_shim=node_modules/stowaway/hooks/pre-commit");
    expect(JSON.parse(readFileSync(path.join(repo.dir, "package.json"), "utf8"))).toMatchObject({
      scripts: { prepublishOnly: "check-pack", postpack: "check-pack" },
    });
    const { code, stdout, stderr } = await init();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^Nothing to do: git runs stowaway before every commit/);
  });
});

describe("init", () => {
  test("--format json gives one document", async () => {
    const { code, stdout } = await init("--yes", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      tool: { name: "stowaway" },
      init: {
        status: "done",
        hook: ".git/hooks/pre-commit",
        manager: "git",
        changes: [
          { path: ".git/hooks/pre-commit", change: "new" },
          { path: "package.json", change: "changed" },
        ],
        notes: [],
      },
    });
  });

  test("honours GIT_DIR and GIT_WORK_TREE", async () => {
    const elsewhere = scratch();
    const env = { GIT_DIR: path.join(repo.dir, ".git"), GIT_WORK_TREE: repo.dir };
    const { code } = await runTool(["init", "--yes", "--cwd", repo.dir], { cwd: elsewhere, env });
    expect(code).toBe(0);
    expect(existsSync(hook())).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });

  test("refuses arguments, a place without a repository, and a broken package.json", async () => {
    expect(await init("somewhere")).toMatchObject({ code: 2 });
    const elsewhere = scratch();
    expect(await runTool(["init", "--yes"], { cwd: elsewhere })).toMatchObject({ code: 2 });
    rmSync(elsewhere, { recursive: true });
    repo.write({ "package.json": '{ "name": "demo", ' });
    const { code, stderr } = await init("--yes");
    expect(code).toBe(2);
    expect(stderr).toContain("package.json: is not valid JSON in line 1");
    expect(existsSync(hook())).toBe(false);
  });

  test("says 3 where git cannot be started", async () => {
    const { code, stderr } = await runTool(["init", "--yes"], { cwd: repo.dir, env: { PATH: "/nowhere" } });
    expect(code).toBe(3);
    expect(stderr).toContain("git cannot be started");
  });
});

/** A terminal made by python, which most systems have; the answer is typed once the question stands there. */
const TERMINAL = `
import fcntl, os, pty, signal, struct, sys, termios
signal.alarm(20)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
seen = b""
asked = False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if not asked and b"Write these" in seen:
        asked = True
        os.write(terminal, sys.argv[1].encode().decode("unicode_escape").encode())
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const python = await run("python3", ["-c", "import pty"]).then(
  ({ code }) => code === 0,
  () => false,
);

describe.runIf(python)("init on a terminal", () => {
  test.each([
    ["y", 0],
    ["\\r", 0],
    ["n", 1],
    ["\\x03", 1],
    ["\\x1b", 1],
  ])("asks, and for the answer %o gives %i", async (answer, code) => {
    const tool = [process.execPath, path.join(PROJECT, "dist/bin.cjs"), "init"];
    const ran = await run("python3", ["-c", TERMINAL, answer, ...tool], {
      cwd: repo.dir,
      env: { TERM: "xterm" },
    });
    expect(ran.stdout).toContain("Write these 2 changes?");
    expect(ran.code).toBe(code);
    expect(existsSync(hook())).toBe(code === 0);
  });
});
