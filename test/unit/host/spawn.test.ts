import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "../../../src/host/spawn.ts";
import { cleanUp, makeTempFolder, onCleanUp } from "../../../src/host/temp.ts";

const node = (script: string, more = {}): ReturnType<typeof run> =>
  run(process.execPath, ["-e", script], { cwd: "/", env: { PATH: process.env["PATH"] }, ...more });

describe("run", () => {
  test("gives code and output, and tells standard error as it comes", async () => {
    const told: string[] = [];
    const result = await node("console.log('out'); console.error('err'); process.exitCode = 5", {
      onStderr: (text: string) => told.push(text),
    });
    expect(result).toMatchObject({ code: 5, timedOut: false, failure: null });
    expect(result.stdout.toString()).toBe("out\n");
    expect(result.stderr.toString()).toBe("err\n");
    expect(told.join("")).toBe("err\n");
  });

  test("the environment is the one given", async () => {
    const { stdout } = await node("console.log(process.env.GIVEN, process.env.HOME)", {
      env: { GIVEN: "1" },
    });
    expect(stdout.toString()).toBe("1 undefined\n");
  });

  test("a program that is not there is no exception", async () => {
    const result = await run("/nowhere/program", [], { cwd: "/", env: {} });
    expect(result).toMatchObject({ code: null, failure: "ENOENT" });
  });

  test("what takes too long is stopped with all that it started", async () => {
    const grandchild =
      "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })";
    const result = await node(grandchild, { timeoutSeconds: 0.5 });
    // The grandchild holds standard output open: `run` would not come back while it lived.
    expect(result).toMatchObject({ code: null, timedOut: true });
  });
});

/** A program that leaves another one running, which writes its process id and ignores a request to end. */
function leaving(pidFile: string, stdio: "inherit" | "ignore", detached: boolean, stay: boolean): string {
  const left = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000)`;
  return `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(left)}], { stdio: '${stdio}', detached: ${detached} }).unref();
const wait = setInterval(() => { if (require('fs').existsSync(${JSON.stringify(pidFile)})) { ${stay ? "" : "clearInterval(wait); console.log('done');"} } }, 10);`;
}

describe("what a program leaves running", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stowaway-spawn-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const read = (file: string): number => Number(readFileSync(file, "utf8"));

  test("is killed when the program has ended, and is not waited for though it holds the output open", async () => {
    const file = path.join(folder, "inherit");
    const result = await node(leaving(file, "inherit", false, false), { timeoutSeconds: 30 });
    expect(result).toMatchObject({ code: 0, timedOut: false });
    expect(result.stdout.toString()).toBe("done\n");
    await expect.poll(() => isAlive(read(file))).toBe(false);
  });

  test("is killed too where it holds nothing open", async () => {
    const file = path.join(folder, "ignore");
    expect(await node(leaving(file, "ignore", false, false))).toMatchObject({ code: 0 });
    await expect.poll(() => isAlive(read(file))).toBe(false);
  });

  test("is not waited for where it has left the group", async () => {
    const file = path.join(folder, "detached");
    expect(await node(leaving(file, "inherit", true, false))).toMatchObject({ code: 0, timedOut: false });
    process.kill(read(file), "SIGKILL");
  });

  test("is killed when everything is cleaned up, also if it ignores the request to end", async () => {
    const file = path.join(folder, "clean-up");
    const running = node(leaving(file, "inherit", false, true));
    await expect.poll(() => existsSync(file) && readFileSync(file, "utf8") !== "").toBe(true);
    cleanUp();
    expect(await running).toMatchObject({ code: null });
    await expect.poll(() => isAlive(read(file))).toBe(false);
  });

  test("a child that is asked to end has time to clean up", async () => {
    const [ready, gone] = [path.join(folder, "ready"), path.join(folder, "gone")];
    const script = `const { writeFileSync } = require('fs');
process.on('SIGTERM', () => setTimeout(() => { writeFileSync(${JSON.stringify(gone)}, ''); process.exit(4); }, 100));
setInterval(() => {}, 1000); writeFileSync(${JSON.stringify(ready)}, '');`;
    const running = node(script);
    await expect.poll(() => existsSync(ready)).toBe(true);
    cleanUp();
    expect(existsSync(gone)).toBe(true);
    expect(await running).toMatchObject({ code: 4 });
  });
});

/** A process that has ended may still be in the table until somebody asks how. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout !== "" && !stdout.startsWith("Z");
}

test("a character that comes in two pieces is told whole", async () => {
  const told: string[] = [];
  const script =
    "process.stdout.write(Buffer.from([0xc3])); setTimeout(() => process.stdout.write(Buffer.from([0xa9])), 100)";
  await node(script, { onStdout: (text: string) => told.push(text) });
  expect(told.join("")).toBe("é");
});

describe("temporary folders", () => {
  test("are private, and go with all they hold", async () => {
    const temp = await makeTempFolder();
    writeFileSync(path.join(temp.path, "x"), "1");
    expect(statSync(temp.path).mode & 0o777).toBe(0o700);
    await temp.remove();
    expect(existsSync(temp.path)).toBe(false);
  });

  test("go though something before them fails", async () => {
    const temp = await makeTempFolder();
    onCleanUp(() => {
      throw new Error("refused");
    });
    expect(cleanUp).toThrow("refused");
    expect(existsSync(temp.path)).toBe(false);
  });

  test("go when everything is cleaned up, and each action is done once, the latest first", async () => {
    const temp = await makeTempFolder();
    const done: string[] = [];
    onCleanUp(() => done.push("first"));
    const forget = onCleanUp(() => done.push("forgotten"));
    onCleanUp(() => done.push("last"));
    forget();
    cleanUp();
    cleanUp();
    expect(done).toEqual(["last", "first"]);
    expect(existsSync(temp.path)).toBe(false);
  });
});
