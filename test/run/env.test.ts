import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSecretProject } from "./project.ts";
import type { SecretProject } from "./project.ts";
import { onTerminal } from "./terminal.ts";
import { PROJECT, run } from "../helpers/run.ts";
import type * as declared from "../../types/secrets.d.cts";

/** These commands give values by design, and the tests read them: nobody's secrets, and not planted. */
const PLAIN = ["plain", "value", "one"].join("-");
const ODD = `two "quoted" $words; \`id\` & 100%`;
const BIN = path.join(PROJECT, "dist/bin.cjs");
const SECRETS = path.join(PROJECT, "dist/secrets.cjs");

let project: SecretProject;
beforeAll(async () => {
  project = await makeSecretProject({ PLAIN, ODD }, { PLAIN: { as: ["TF_VAR_plain"] } });
});
afterAll(() => project.remove());

test("env is for a shell's eval", async () => {
  const script = `eval "$("$0" "$1" env)"; printf '%s|%s|%s' "$PLAIN" "$ODD" "$TF_VAR_plain"`;
  const ran = await run("sh", ["-c", script, process.execPath, BIN], { cwd: project.dir, env: project.env });
  expect(ran).toMatchObject({ code: 0, stdout: `${PLAIN}|${ODD}|${PLAIN}`, stderr: "" });
});

test("as JSON, with what is set already in its place", async () => {
  const all = await project.tool(["env", "--format", "json"]);
  expect(JSON.parse(all.stdout)).toEqual({ PLAIN, ODD, TF_VAR_plain: PLAIN });
  const set = await project.tool(["env", "--format=json", "--only", "ODD"], { env: { ODD: "set" } });
  expect(JSON.parse(set.stdout)).toEqual({ ODD: "set" });
});

test("as AWS's credential_process", async () => {
  const { code, stdout } = await project.tool(["env", "--format", "aws", "--only", "PLAIN,ODD"]);
  expect({ code, answer: JSON.parse(stdout) as unknown }).toEqual({
    code: 0,
    answer: { Version: 1, AccessKeyId: PLAIN, SecretAccessKey: ODD },
  });
  expect(await project.tool(["env", "--format", "aws"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--only ID,KEY,TOKEN"),
  });
});

test("a report's formats are none of its own", async () => {
  expect(await project.tool(["env", "--format", "text"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--format is one of sh, json, aws"),
  });
  const { stdout } = await project.tool(["env", "--help"]);
  expect(stdout.match(/^ {2}--format FORMAT/gm)).toHaveLength(1);
  expect(stdout).not.toContain("how the report is written");
});

test("to a terminal or a file it prints nothing, unless told to", async () => {
  const refused = await onTerminal(project, BIN, "env");
  expect(refused).toMatchObject({ code: 2, signal: null });
  expect(refused.seen).toContain("that would leave values in clear");
  expect(refused.seen).not.toContain(PLAIN);
  expect((await onTerminal(project, BIN, "env", "--reveal", "--only", "PLAIN")).seen).toContain(
    `export PLAIN='${PLAIN}'`,
  );
  const shell = `"$0" "$1" env >values.txt; echo $?; cat values.txt`;
  const toFile = await run("sh", ["-c", shell, process.execPath, BIN], {
    cwd: project.dir,
    env: project.env,
  });
  expect(toFile.stdout).toBe("2\n");
  expect(await project.tool(["env", "--output", "values.json"])).toMatchObject({ code: 2 });
  expect(existsSync(path.join(project.dir, "values.json"))).toBe(false);
});

test("a keychain is not opened where nothing is missing", async () => {
  const mute = await makeSecretProject({}, { IN_KEYCHAIN: { from: ["keychain"] } });
  const connections: string[] = [];
  const socket = path.join(mute.home, "bus");
  const server = createServer(() => connections.push("one"));
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  try {
    mkdirSync(path.join(mute.home, "run"), { mode: 0o700 });
    const bus = {
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}`,
      XDG_RUNTIME_DIR: path.join(mute.home, "run"),
    };
    const ran = await mute.tool(["run", "sh", "-c", "echo $IN_KEYCHAIN"], {
      env: { ...bus, IN_KEYCHAIN: "of-ci" },
    });
    expect(ran).toMatchObject({ code: 0, stdout: "of-ci\n", stderr: "" });
    expect(connections).toEqual([]);
  } finally {
    server.close();
    mute.remove();
  }
});

const inModule = async (code: string, env: Record<string, string> = {}) =>
  await run(process.execPath, ["--input-type=module", "-e", code], {
    cwd: project.dir,
    env: { ...project.env, ...env },
  });

test("a program can ask for a secret by itself, as a module and as a script", async () => {
  const use = 'console.log(JSON.stringify([secret("PLAIN"), secret("ODD"), secret("ODD")]))';
  mkdirSync(path.join(project.dir, "node_modules"));
  symlinkSync(PROJECT, path.join(project.dir, "node_modules/stowaway"), "junction");
  const asModule = await inModule(`import { secret } from "stowaway/secrets"; ${use}`);
  expect({ ...asModule, stdout: JSON.parse(asModule.stdout) as unknown }).toMatchObject({
    code: 0,
    stdout: [PLAIN, ODD, ODD],
    stderr: "",
  });
  const script = `const { secret } = require("stowaway/secrets"); ${use}`;
  const asScript = await run(process.execPath, ["-e", script], { cwd: project.dir, env: project.env });
  expect(JSON.parse(asScript.stdout)).toEqual([PLAIN, ODD, ODD]);
});

test("a variable that is set counts, and what cannot be had is an error with the next step", async () => {
  const code = `import { secret } from ${JSON.stringify(SECRETS)};
    console.log(secret("PLAIN"), "[" + secret("EMPTY") + "]");
    for (const name of ["PLIAN", "toString", "a b", "--help"]) try { secret(name); } catch (error) { console.log(error.message); }`;
  const { stdout } = await inModule(code, { PLAIN: "set", EMPTY: "" });
  expect(stdout).toBe(
    "set []\n" +
      "stowaway: --only names PLIAN, which this project does not have\n  hint: Did you mean PLAIN?\n" +
      "stowaway: --only names toString, which this project does not have\n" +
      "  hint: Add it with: stowaway secrets set toString\n" +
      "stowaway: that is no name of a secret\n".repeat(2),
  );
});

test("the reader's declaration is that of its code", async () => {
  // To modules, Node gives what a script exports as the default too.
  const code: Omit<typeof declared, "default"> = await import("../../src/secrets.ts");
  expect(Object.keys(code)).toEqual(["secret"]);
});
