import { createHash } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf, makeSecretProject } from "./project.ts";
import type { SecretProject } from "./project.ts";
import { PROJECT, run } from "../helpers/run.ts";
import { githubToken, sample } from "../helpers/samples.ts";

const TOKEN = githubToken(41);
const STRIPE = sample("npm-access-token", 42).secret;
const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
const BIN = path.join(PROJECT, "dist/bin.cjs");

let project: SecretProject;
beforeAll(async () => {
  project = await makeSecretProject(
    { GITHUB_TOKEN: TOKEN, STRIPE_KEY: STRIPE },
    { STRIPE_KEY: { as: ["TF_VAR_stripe"] } },
  );
  project.write({
    "package.json": JSON.stringify({
      scripts: { show: 'node -p "process.env.GITHUB_TOKEN.length"', twice: "npm run -s show" },
    }),
    "plain.txt": "no program\n",
    "script.sh": "#!/bin/sh\necho run\n",
  });
  chmodSync(path.join(project.dir, "script.sh"), 0o755);
});
afterAll(() => project.remove());

const sh = (script: string): string[] => ["run", "sh", "-c", script];

test("a program gets the project's secrets, and names that stand for them", async () => {
  const { code, stdout, stderr } = await project.tool(
    sh(
      `${digestOf("GITHUB_TOKEN")}; ${digestOf("STRIPE_KEY")}; ${digestOf("TF_VAR_stripe")}; echo $STOWAWAY_RUN`,
    ),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.match(/[0-9a-f]{64}|^1$/gm)).toEqual([sha(TOKEN), sha(STRIPE), sha(STRIPE), "1"]);
});

test.each([
  [["run", "sh", "-c", "exit 7"], 7],
  [["run", "--", "sh", "-c", "exit 0"], 0],
  [["run", "--quiet", "--", "sh", "-c", "exit 255"], 255],
  [["run", "./script.sh"], 0],
  [["--cwd", ".", "run", "./script.sh"], 0],
  [["run", "no-such-program"], 127],
  [["run", "./no/such/program"], 127],
  [["run", "./plain.txt"], 126],
  [["run", "."], 126],
])("%j answers %i", async (args, code) => {
  expect((await project.tool(args)).code).toBe(code);
});

test("the program's options are its own, whatever they are called", async () => {
  const script = "console.log(JSON.stringify(process.argv.slice(1)))";
  const own = ["--only", "x", "--help", "-v", "--", "--no-masking"];
  const { code, stdout } = await project.tool(["run", "node", "-e", script, "--", ...own]);
  expect({ code, own: JSON.parse(stdout) as unknown }).toEqual({ code: 0, own });
});

test("without a program it is wrong usage", async () => {
  expect(await project.tool(["run", "--only", "GITHUB_TOKEN"])).toMatchObject({
    code: 2,
    stderr: "stowaway: run needs a program\n  hint: For example: stowaway run npm start\n",
  });
});

test("values do not show, on either stream, whole or in parts, in any of their usual forms", async () => {
  const script = `
    const t = process.env.GITHUB_TOKEN;
    console.log("token", t, encodeURIComponent(t), JSON.stringify({ t }));
    console.error("basic", Buffer.from("user:" + t).toString("base64"));
    for (const one of t) { process.stdout.write(one); }
    process.stdout.write("\\n");
    let at = 0;
    const next = () => { if (at < t.length) { process.stderr.write(t[at++]); setTimeout(next, 5); } else process.stderr.write("!\\n"); };
    next();
  `;
  const { code, stdout, stderr } = await project.tool(["run", "node", "-e", script]);
  expect(code).toBe(0);
  expect(stdout).toBe('token *** *** {"t":"***"}\n***\n');
  expect(stderr).toMatch(/^basic dXNlcj.{0,2}\*\*\*.{0,2}=*\n\*\*\*!\n$/);
});

test("both streams in one place keep their order", async () => {
  const { stdout } = await project.tool(sh("exec 2>&1; for i in 1 2 3; do echo o$i; echo e$i >&2; done"));
  expect(stdout).toBe("o1\ne1\no2\ne2\no3\ne3\n");
  const shell = `"$0" "$1" run sh -c 'for i in 1 2 3; do echo o$i; echo e$i >&2; done' 2>&1`;
  const joined = await run("sh", ["-c", shell, process.execPath, BIN], {
    cwd: project.dir,
    env: project.env,
  });
  expect(joined.stdout).toBe("o1\ne1\no2\ne2\no3\ne3\n");
});

test("a megabyte with values everywhere loses them and nothing else", async () => {
  const script = `
    const t = process.env.GITHUB_TOKEN;
    let out = "";
    for (let i = 0; out.length < 2 ** 20; i++) out += "x".repeat(i % 97) + t + "\\n";
    process.stdout.write(out);
  `;
  const { stdout } = await project.tool(["run", "node", "-e", script]);
  const lines = stdout.split("\n").slice(0, -1);
  expect(lines.every((line, index) => line === `${"x".repeat(index % 97)}***`)).toBe(true);
  let [length, count] = [0, 0];
  while (length < 2 ** 20) length += (count++ % 97) + TOKEN.length + 1;
  expect(lines.length).toBe(count);
});

test.skipIf(process.platform !== "linux")("a program can open its output by name", async () => {
  expect(await project.tool(sh("echo out >/dev/stdout; echo err >/dev/stderr"))).toMatchObject({
    stdout: "out\n",
    stderr: "err\n",
  });
});

test("standard input goes through", async () => {
  const input = "line\n".repeat(50_000);
  expect((await project.tool(["run", "cat"], { input })).stdout).toBe(input);
});

test("npm's scripts have the variables, and those of another run in it", async () => {
  const length = `${TOKEN.length}\n`;
  expect(await project.tool(["run", "npm", "run", "-s", "show"])).toMatchObject({ code: 0, stdout: length });
  expect(await project.tool(["run", "npm", "run", "-s", "twice"])).toMatchObject({ code: 0, stdout: length });
});

test("a run in a run opens no store: what it needs is set already", async () => {
  const inner = `"${process.execPath}" "${BIN}" run sh -c 'printf %s "$GITHUB_TOKEN" | wc -c; echo "$GITHUB_TOKEN"; exit 5'`;
  const { code, stdout, stderr } = await project.tool(
    sh(`chmod 000 .env.local; STOWAWAY_STORE=none ${inner}`),
  );
  chmodSync(path.join(project.dir, ".env.local"), 0o600);
  expect({ code, stdout: stdout.trim(), stderr }).toEqual({
    code: 5,
    stdout: `${TOKEN.length}\n***`,
    stderr: "",
  });
});

test("a variable that is set already stays, even when empty, and is masked too", async () => {
  const set = ["a-value", "of-the", "shell"].join("-");
  const ran = await project.tool(sh('echo "[$GITHUB_TOKEN][$STRIPE_KEY]"; printf %s "$STRIPE_KEY" | wc -c'), {
    env: { GITHUB_TOKEN: "", STRIPE_KEY: set },
  });
  expect(ran.stdout.replaceAll(" ", "")).toBe(`[][***]\n${set.length}\n`);
  expect(ran.stderr).toBe("stowaway: GITHUB_TOKEN is set to nothing, and stays so\n");
});

test("where all is set, no store is opened and nobody need trust the clone", async () => {
  const stranger = {
    HOME: path.join(project.home, "nobody"),
    GITHUB_TOKEN: "ci-value-one",
    STRIPE_KEY: "ci-value-two",
  };
  // The name that only stands for another gets that one's value.
  const ran = await project.tool(sh(digestOf("TF_VAR_stripe")), {
    env: { ...stranger, STOWAWAY_STORE: "none" },
  });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining(sha("ci-value-two")), stderr: "" });
});

test("where all is set, a machine without git and mkfifo will do", async () => {
  const env = {
    PATH: project.home,
    GITHUB_TOKEN: "ci-value-one",
    STRIPE_KEY: "ci-value-two",
    TF_VAR_stripe: "x",
  };
  const ran = await project.tool(
    ["run", "/bin/sh", "-c", "echo $GITHUB_TOKEN; echo $STRIPE_KEY >&2; exit 3"],
    { env },
  );
  expect(ran).toMatchObject({ code: 3, stdout: "***\n", stderr: "***\n" });
});

test("--only hands out what it names, and nothing else", async () => {
  const script = 'echo "${GITHUB_TOKEN:+github} ${STRIPE_KEY:+stripe} ${TF_VAR_stripe:+alias}"';
  const only = async (names: string): Promise<string> =>
    (await project.tool(["run", "--only", names, "sh", "-c", script])).stdout.trim();
  expect(await only("GITHUB_TOKEN")).toBe("github");
  expect(await only("STRIPE_KEY")).toBe("stripe alias");
  expect(await only("TF_VAR_stripe")).toBe("alias");
  expect(await only("GITHUB_TOKEN,STRIPE_KEY")).toBe("github stripe alias");
  expect(await project.tool(["run", "--only", "GITHUB_TOKNE", "true"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean GITHUB_TOKEN?"),
  });
});

test("--no-masking lets values through", async () => {
  const value = ["no", "secret", "of", "anybody"].join(".");
  const ran = await project.tool(["run", "--no-masking", "sh", "-c", "echo $GITHUB_TOKEN"], {
    env: { GITHUB_TOKEN: value, STRIPE_KEY: value },
  });
  expect(ran.stdout).toBe(`${value}\n`);
});

test("a program that closes its reader's side is ended as in any pipe", async () => {
  const shell = `set -o pipefail; "$0" "$1" run yes | head -n 1`;
  const ran = await run("bash", ["-c", shell, process.execPath, BIN], { cwd: project.dir, env: project.env });
  expect(ran).toMatchObject({ code: 141, stdout: "y\n", stderr: "" });
});

test.skipIf(process.platform !== "linux")("a full disk is said", async () => {
  const shell = `exec "$0" "$1" run env >/dev/full`;
  const ran = await run("sh", ["-c", shell, process.execPath, BIN], { cwd: project.dir, env: project.env });
  expect(ran).toMatchObject({ code: 3, stderr: "stowaway: what the program wrote cannot be passed on\n" });
});

test("what the program leaves running is passed on until its end, as in a shell's pipe, and said", async () => {
  const left = 'sleep 2.3; echo "late $GITHUB_TOKEN"; echo "late $GITHUB_TOKEN" >&2';
  expect(await project.tool(sh(`(${left}) & echo first; exit 4`))).toEqual({
    code: 4,
    signal: null,
    stdout: "first\nlate ***\n",
    stderr: "stowaway: sh has ended; waiting for what it left running (Ctrl-C ends the wait)\nlate ***\n",
  });
});

test("what holds no output is not waited for", async () => {
  const ran = await project.tool(sh("sleep 30 >/dev/null 2>&1 & echo $!"));
  process.kill(Number(ran.stdout), "SIGKILL");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
});

test("where Node would print the program's environment, nothing is started", async () => {
  const ran = await project.tool(sh("echo started"), { env: { NODE_DEBUG: "http,child_process" } });
  expect(ran).toMatchObject({ code: 2, stdout: "" });
  expect(ran.stderr).toContain("NODE_DEBUG makes Node print what child_process is given");
  const alone = await project.tool([
    "run",
    "env",
    "NODE_DEBUG=child_process",
    "sh",
    "-c",
    "echo $NODE_DEBUG",
  ]);
  expect(alone).toMatchObject({ code: 0, stdout: "child_process\n", stderr: "" });
});

test("names that every object has are names like others", async () => {
  const odd = await makeSecretProject({ constructor: "value-one", toString: "value-two" });
  try {
    const script =
      "const { constructor, toString } = process.env; console.log(constructor.length, toString.length)";
    expect(await odd.tool(["run", "node", "-e", script])).toMatchObject({
      code: 0,
      stdout: "9 9\n",
      stderr: "",
    });
    const shown = await odd.tool(["env", "--format", "json"]);
    expect(JSON.parse(shown.stdout)).toEqual({ constructor: "value-one", toString: "value-two" });
  } finally {
    odd.remove();
  }
});

test("an environment that is too large is said, and nothing of it", async () => {
  const large = path.join(project.dir, ".env.large");
  writeFileSync(large, `LARGE=${"v".repeat(200_000)}\n`);
  const { code, stderr } = await project.tool(["run", "--dotenv", large, "true"]);
  expect({ code, stderr }).toEqual({ code: 126, stderr: "stowaway: true: cannot be executed (E2BIG)\n" });
});
