import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SecretProject } from "./project.ts";
import { scrubbed } from "../helpers/run.ts";

const TERMINAL = fileURLToPath(new URL("terminal.py", import.meta.url));

export interface Seen {
  readonly seen: string;
  readonly code: number | null;
  readonly signal: number | null;
}

/**
 * Runs a script of ours on a terminal of its own, and presses Ctrl-C when it says that it is ready. What a terminal shows is
 * not noted as the tool's output: values are not masked there.
 */
export async function onTerminal(project: SecretProject, ...args: string[]): Promise<Seen> {
  const child = spawn("python3", [TERMINAL, process.execPath, ...args], {
    cwd: project.dir,
    env: { ...scrubbed(project.home), ...project.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  await new Promise((resolve) => {
    child.on("close", resolve);
  });
  return JSON.parse(out) as Seen;
}
