import { existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
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

describe("temporary folders", () => {
  test("are private, and go with all they hold", async () => {
    const temp = await makeTempFolder();
    writeFileSync(path.join(temp.path, "x"), "1");
    expect(statSync(temp.path).mode & 0o777).toBe(0o700);
    await temp.remove();
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
