import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changeFolder } from "../../../src/host/folder.ts";
import { makeTempFolder } from "../../../src/host/temp.ts";
import { main } from "../../../src/main.ts";
import { memoryHost } from "../host/memory-host.ts";

async function run(...argv: string[]) {
  const host = memoryHost();
  const code = await main(argv, host);
  return { code, ...host.written };
}

test.each([
  [["--help"], "Commands (stowaway alone"],
  [["-h"], "Commands (stowaway alone"],
  [["help"], "Commands (stowaway alone"],
  [["rules", "--help"], "stowaway rules: "],
  [["--no-color", "rules", "-h"], "stowaway rules: "],
  [["--format", "json", "rules", "-h"], "stowaway rules: "],
  [["--format=json", "rules", "-h"], "stowaway rules: "],
  [["help", "rules"], "stowaway rules: "],
  [["--version"], "."],
  [["check", "-V"], "."],
])("%j answers 0 on standard output", async (argv, text) => {
  expect(await run(...argv)).toMatchObject({ code: 0, stdout: expect.stringContaining(text), stderr: "" });
});

test.each([
  [["chekc"], "stowaway: unknown command chekc\n  hint: Did you mean stowaway check?\n"],
  [["help", "rule"], "stowaway: unknown command rule\n  hint: Did you mean stowaway help rules?\n"],
  [
    ["rules", "npm-acess-token"],
    "stowaway: unknown rule npm-acess-token\n  hint: Did you mean npm-access-token?\n",
  ],
  [
    ["\u001b[31mx"],
    "stowaway: unknown command \\x1b[31mx\n  hint: Run stowaway --help to see every command; files are given as stowaway check PATH…\n",
  ],
  [["rules", "--cwd", "/no/such"], "stowaway: /no/such: --cwd names a folder that cannot be opened\n"],
])("%j answers 2 on standard error", async (argv, stderr) => {
  expect(await run(...argv)).toEqual({ code: 2, stdout: "", stderr });
});

test("a signal and a crash end the process, temporary files gone", async () => {
  const host = memoryHost();
  await main(["--version"], host);
  const folder = await makeTempFolder();
  host.signal(130);
  await expect.poll(() => host.exits).toEqual([130]);
  expect(() => realpathSync(folder.path)).toThrow("ENOENT");
  host.crash(new Error("a text that nobody may see"));
  await expect.poll(() => host.exits).toEqual([130, 3]);
  expect(host.written.stderr).toContain("internal error: Error\n");
  expect(host.written.stderr).not.toContain("nobody");
});

test("--cwd is the folder's real name", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "stowaway-cwd-")));
  try {
    symlinkSync(".", join(folder, "link"));
    expect((await changeFolder(memoryHost({ cwd: folder }), "link")).cwd).toBe(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
