import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { KnownError } from "../../../src/model/errors.ts";
import { ASIDE, chainHook, quote } from "../../../src/setup/hook-text.ts";
import { run, scratch } from "../../helpers/run.ts";

const native = { install: "npm install", opaque: false, sourced: false };
const husky = { ...native, sourced: true };
const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a hook in a folder whose shim prints "checked" and answers 1. */
async function runHook(
  text: string,
  starter: readonly string[] = [],
): Promise<{ code: number | null; out: string }> {
  mkdirSync(path.join(folder, "it's a shim"), { recursive: true });
  writeFileSync(path.join(folder, "it's a shim/pre-commit"), "echo checked; exit 1\n");
  const hook = path.join(folder, "pre-commit");
  writeFileSync(hook, text);
  chmodSync(hook, 0o755);
  const [command, ...args] = [...starter, hook];
  const { code, stdout, stderr } = await run(command ?? hook, args, { cwd: folder });
  return { code, out: stdout + stderr };
}

const SHIM = "it's a shim/pre-commit";

describe("a hook that is chained", () => {
  test.each([
    ["no hook", null, ""],
    ["an empty file", "", ""],
    ["a plain command", "#!/bin/sh\necho before\n", "before\n"],
    ["no line end at the end", "#!/bin/sh\necho before", "before\n"],
    ["an exit at the end", "#!/bin/sh\necho before\nexit 0\n", "before\n"],
    ["an exit in the middle", '#!/bin/sh\n[ -z "$NOTHING" ] && exit 0\necho never\n', ""],
    ["exec", "#!/usr/bin/env bash\nexec echo before\n", "before\n"],
    ["another folder", "#!/bin/bash -e\ncd /\necho before\n", "before\n"],
    ["another PATH", "#!/bin/sh\nPATH=/nowhere\necho before\n", "before\n"],
    ["a here-document", "#!/bin/sh\ncat <<X\n(exit\nX\n", "(exit\n"],
    ["a case", "#!/bin/sh\ncase a in a) echo before; exit 0 ;; esac\n", "before\n"],
  ])("still checks after %s", async (_, existing, before) => {
    const { text, moveAside } = chainHook(
      existing,
      SHIM,
      existing?.startsWith("#!") === true ? native : husky,
    );
    expect(moveAside).toBe(false);
    const starter = existing?.startsWith("#!") === false ? ["sh", "-e"] : [];
    expect(await runHook(text, starter)).toEqual({ code: 1, out: `${before}checked\n` });
  });

  test.each([
    ["the last command fails", "#!/bin/sh\necho before\n(exit 7)\n", 7],
    ["it exits", "#!/bin/sh\necho before\nexit 4\n", 4],
    ["a command fails under -e", "#!/bin/sh\nset -e\necho before\nfalse\necho after\n", 1],
  ])("stops where %s, as it did alone", async (_, existing, code) => {
    expect(await runHook(chainHook(existing, SHIM, native).text)).toEqual({ code, out: "before\n" });
  });

  test("keeps husky's -e for the lines that were there", async () => {
    const { text } = chainHook("echo before\nfalse\nexit 0\n", SHIM, husky);
    expect(await runHook(text, ["sh", "-e"])).toEqual({ code: 1, out: "before\n" });
  });

  test("answers 3 where the shim is missing, and says what to do", async () => {
    const { code, out } = await runHook(chainHook(null, "not/there", native).text);
    expect(code).toBe(3);
    expect(out).toBe(
      "stowaway: not/there is missing, so nothing was checked; run 'npm install', then commit again.\n",
    );
  });
});

describe("a hook file", () => {
  test.each([
    ["another language", "#!/usr/bin/env node\n", native],
    ["csh", "#!/bin/csh\n", native],
    ["a program", "\u007fELF", native],
    ["a link", "#!/bin/sh\n", { ...native, opaque: true }],
  ])("moves %s aside and calls it", (_, existing, options) => {
    const { text, moveAside } = chainHook(existing, SHIM, options);
    expect(moveAside).toBe(true);
    expect(text.split("\n").slice(0, 2)).toEqual(["#!/bin/sh", `"$0${ASIDE}" "$@"`]);
  });

  test("is the same when it is chained again, and takes over a block of another version", () => {
    for (const existing of [null, "#!/bin/sh\nmake\n", "#!/bin/sh\nexit 0\n"]) {
      const once = chainHook(existing, SHIM, native).text;
      expect(chainHook(once, SHIM, native).text).toBe(once);
      const older = once.replaceAll("# >>> stowaway 1", "# >>> stowaway 0").replace("exit 3", "exit 4");
      expect(chainHook(older, SHIM, native).text.replace("stowaway 0", "stowaway 1")).toBe(once);
    }
  });

  test("refuses a block without an end", () => {
    const damaged = chainHook("make\n", SHIM, husky).text.replace("# <<< stowaway", "");
    expect(() => chainHook(damaged, SHIM, husky)).toThrow(KnownError);
  });
});

test("every line of the user stays, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (parts) => {
      const existing = `#!/bin/sh\n${parts.map((part) => part.replace(/[\r\n]/g, " ")).join("\n")}\n`;
      fc.pre(!existing.includes("stowaway"));
      const kept: string[] = [];
      let ours = false;
      for (const line of chainHook(existing, SHIM, native).text.split("\n")) {
        if (line.startsWith("# >>> stowaway ")) ours = true;
        if (!ours) kept.push(line);
        if (line === "# <<< stowaway") ours = false;
      }
      expect(kept.join("\n")).toBe(existing);
    }),
    { seed: 1 },
  );
});

test.each(["plain/path-1.sh", "it's", "a b", '$(id) `id` "', "\\", "*", "é\n"])(
  "quotes %o for sh",
  async (text) => {
    const { stdout } = await run("sh", ["-c", `printf %s ${quote(text)}`]);
    expect(stdout).toBe(text);
  },
);
