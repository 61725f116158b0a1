import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { githubToken } from "../../helpers/samples.ts";
import { makeRepo } from "../../helpers/repo.ts";
import { run, runTool, scratch } from "../../helpers/run.ts";
import type { Ran } from "../../helpers/run.ts";
import { noteWritten, stateOf } from "./state.ts";

/** A program or a file, with a secret in it, and what shows that it still works. */
export interface Fixture {
  /** Files by path; `@@` stands for the secret. */
  readonly files: Readonly<Record<string, string>>;
  /** Shell command that prints the secret. */
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The whole loop of one fixture: check, stow, run, undo.
 *
 * @param to the store
 * @param env environment of a keychain, where there is one
 */
export async function goRound(fixture: Fixture, to: string, env: Record<string, string> = {}): Promise<void> {
  const repo = await makeRepo({ commit: { "README.md": "demo\n" } });
  const home = scratch("stowaway-loop-");
  const out = path.join(home, "out.txt");
  const mine = { HOME: home, OUT: out, ...env, ...fixture.env };
  const tool = async (...args: string[]): Promise<Ran> => await runTool(args, { cwd: repo.dir, env: mine });
  const token = githubToken(7);
  try {
    const filled = Object.entries(fixture.files).map(([name, text]) => [name, text.replaceAll("@@", token)]);
    repo.write(Object.fromEntries(filled) as Record<string, string>);
    await repo.git("add", "-A");
    const before = await stateOf(repo);
    const checked = await tool("check");
    expect(checked.code, checked.stderr).toBe(1);
    const stowed = await tool("stow", "--to", to, "--yes");
    expect(stowed.code, stowed.stdout + stowed.stderr).toBe(0);
    const again = await tool("check");
    expect(again.code, again.stdout).toBe(0);
    // Into a file: what the tool itself prints is searched for the value.
    const ran = await tool("run", "--", "sh", "-c", `(${fixture.command}) > "$OUT"`);
    expect(readFileSync(out, "utf8").trim(), ran.stderr).toBe(token);
    noteWritten(repo);
    const undone = await tool("undo", "--yes");
    expect(undone.code, undone.stderr).toBe(0);
    expect(await stateOf(repo)).toEqual(before);
    const plain = await run("sh", ["-c", `(${fixture.command}) > "$OUT"`], { cwd: repo.dir, env: mine });
    expect(readFileSync(out, "utf8").trim(), plain.stderr).toBe(token);
  } finally {
    repo.remove();
    rmSync(home, { recursive: true, force: true });
  }
}
