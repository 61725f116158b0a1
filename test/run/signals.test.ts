import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSecretProject } from "./project.ts";
import type { SecretProject } from "./project.ts";
import { onTerminal as runOnTerminal } from "./terminal.ts";
import type { Seen } from "./terminal.ts";
import { PROJECT, run, scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

const BIN = path.join(PROJECT, "dist/bin.cjs");
const TOKEN = githubToken(44);

let project: SecretProject;
beforeAll(async () => {
  project = await makeSecretProject({ GITHUB_TOKEN: TOKEN });
});
afterAll(() => project.remove());

interface Ended {
  readonly out: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts `run` without a terminal, and sends it signals once its program says that it is ready. */
async function interrupted(program: readonly string[], ...signals: NodeJS.Signals[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, "run", ...program], {
    cwd: project.dir,
    env: { ...scrubbed(project.home), ...project.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const before = out.includes("ready");
    out += chunk.toString();
    if (!before && out.includes("ready")) for (const signal of signals) child.kill(signal);
  });
  return await new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ out, code, signal }));
  });
}

/** A program that says so when it gets the signal, and goes on for a moment. */
const answers = (signal: string): string[] => [
  "node",
  "-e",
  `let n = 0;
   process.on("${signal}", () => { n += 1; setTimeout(() => { console.log("got ${signal}", n); process.exit(9); }, 300); });
   console.log("ready"); setInterval(() => {}, 1000);`,
];

test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
  "%s reaches the program once, and its answer is ours",
  async (signal) => {
    expect(await interrupted(answers(signal), signal)).toEqual({
      out: `ready\ngot ${signal} 1\n`,
      code: 9,
      signal: null,
    });
  },
);

test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const)(
  "a program that %s ends takes us along",
  async (signal) => {
    expect(await interrupted(["sh", "-c", "echo ready; exec sleep 60"], signal)).toEqual({
      out: "ready\n",
      code: null,
      signal,
    });
  },
);

test("what the program has started gets the signal too", async () => {
  const [node = "", ...args] = answers("SIGTERM");
  const script = `trap : TERM; "$@" & wait; wait; echo shell`;
  const ended = await interrupted(["sh", "-c", script, "sh", node, ...args], "SIGTERM");
  expect(ended).toEqual({ out: "ready\ngot SIGTERM 1\nshell\n", code: 0, signal: null });
});

test("a program that takes no notice is not left behind", async () => {
  const ended = await interrupted(
    ["sh", "-c", "trap '' TERM; echo ready; sleep 0.3; echo done; exit 4"],
    "SIGTERM",
  );
  expect(ended).toEqual({ out: "ready\ndone\n", code: 4, signal: null });
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s ends us while what the program left running is waited for",
  async (signal) => {
    const child = spawn(process.execPath, [BIN, "run", "sh", "-c", "sleep 60 & echo $!"], {
      cwd: project.dir,
      env: { ...scrubbed(project.home), ...project.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let left = "";
    child.stdout.on("data", (chunk: Buffer) => (left += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("waiting for what it left running")) child.kill(signal);
    });
    const ended = await new Promise((resolve) => {
      child.on("close", (code, by) => resolve({ code, by }));
    });
    process.kill(Number(left), "SIGKILL");
    expect(ended).toEqual({ code: null, by: signal });
  },
);

test.each(["KILL", "SEGV", "ABRT", "PIPE", "ALRM"])("SIG%s of the program is ours", async (signal) => {
  const ended = await interrupted(["sh", "-c", `ulimit -c 0; kill -${signal} $$`]);
  expect(ended).toEqual({ out: "", code: null, signal: `SIG${signal}` });
});

test("a shell sees 128 and the signal's number", async () => {
  const script = `"$0" "$1" run sh -c 'kill -9 $$'; echo $?`;
  const ran = await run("sh", ["-c", script, process.execPath, BIN], { cwd: project.dir, env: project.env });
  expect(ran.stdout).toBe("137\n");
});

const onTerminal = async (...program: string[]): Promise<Seen> =>
  await runOnTerminal(project, BIN, "run", ...program);

test.skipIf(process.platform === "win32")("a terminal is passed on as it is, values and all", async () => {
  const script = `const { stdin, stdout, stderr, env } = process;
    console.log([stdin, stdout, stderr].map((stream) => stream.isTTY).join(), env.GITHUB_TOKEN, "end")`;
  expect(await onTerminal("node", "-e", script)).toEqual({
    seen: `true,true,true ${TOKEN} end\r\n`,
    code: 0,
    signal: null,
  });
});

test.skipIf(process.platform === "win32")(
  "Ctrl-C reaches the program once, and its answer is ours",
  async () => {
    expect(await onTerminal(...answers("SIGINT"))).toEqual({
      seen: "ready\r\n^Cgot SIGINT 1\r\n",
      code: 9,
      signal: null,
    });
    expect(await onTerminal("sh", "-c", "echo ready; exec sleep 60")).toEqual({
      seen: "ready\r\n^C",
      code: null,
      signal: 2,
    });
  },
);

test.skipIf(process.platform === "win32")("only the stream that is no terminal is masked", async () => {
  const script = `"$0" "$1" run sh -c 'echo $GITHUB_TOKEN; echo $GITHUB_TOKEN >&2; test -t 2 && echo tty >&2' >out.txt`;
  const child = await onTerminal("--no-masking", "sh", "-c", script, process.execPath, BIN);
  expect(child.seen).toBe(`${TOKEN}\r\ntty\r\n`);
  expect(readFileSync(path.join(project.dir, "out.txt"), "utf8")).toBe("***\n");
});
