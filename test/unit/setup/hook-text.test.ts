import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { KnownError } from "../../../src/model/errors.ts";
import { ASIDE, chainHook, quote } from "../../../src/setup/hook-text.ts";
import { run, scratch } from "../../helpers/run.ts";

const native = { install: "npm install", opaque: false, sourced: false, chained: true };
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
    ["a case without a space", "#!/bin/sh\ncase x in x)exit 0;; esac\n", ""],
    [
      "functions of other meaning",
      "#!/bin/sh\nsh() { :; }\ngit() { :; }\nprintf() { :; }\necho before\n",
      "before\n",
    ],
    ["a trap", "#!/bin/sh\ntrap 'exit 0' EXIT\nfalse\n", ""],
    ["a line that goes on", "#!/bin/sh\necho before \\\n", "before\n"],
    ["a comment at its end", "#!/bin/sh\necho before # that is all", "before\n"],
    [
      "here-documents that end",
      "#!/bin/bash\ncat <<-'A' <<\"B\"\n\tx\n\tA\nbefore\nB\ncat <<< ''>/dev/null\n",
      "before\n",
    ],
    ["words that look like settings", "#!/bin/sh\necho alias shopt >/dev/null # alias\n", ""],
    ["options", "#! /bin/bash -eu\necho before\n", "before\n"],
    ["comments alone", "#!/bin/sh\n\n# nothing yet\n", ""],
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
      "stowaway: not/there is missing, so nothing was checked; run 'npm install', then commit again (once without: SKIP=stowaway git commit).\n",
    );
  });
});

describe("a hook file", () => {
  test.each([
    ["another language", "#!/usr/bin/env node\n", native],
    ["csh", "#!/bin/csh\n", native],
    ["a program", "\u007fELF", native],
    ["a link", "#!/bin/sh\n", { ...native, opaque: true }],
    ["an open here-document", "#!/bin/sh\nexit 0\ncat <<X\n", native],
    ["a here-document that only looks closed", "#!/bin/sh\ncat <<X\n\tX\n", native],
    ["a here-document with an end that cannot be told", "#!/bin/sh\ncat <<\\X\n\nX\n", native],
    ["a setting of the shell's reading", "#!/bin/bash\nshopt -s extglob\ncase a in !(b)) ;; esac\n", native],
    ["an open here-document for husky", "cat <<X\n", husky],
  ])("moves %s aside and calls it", (_, existing, options) => {
    const { text, moveAside } = chainHook(existing, SHIM, options);
    expect(moveAside).toBe(true);
    const call = `"$(dirname -- "$0")/${ASIDE}/pre-commit" "$@" || exit $?`;
    expect(text.split("\n")).toContain(options.sourced ? `sh -e ${call}` : call);
    expect(chainHook(text, SHIM, options)).toEqual({ text, moveAside: false });
  });

  test.each(["-n", "-c true", "-s"])("moves a shell that is told to read otherwise aside (%s)", (told) => {
    expect(chainHook(`#!/bin/sh ${told}\necho before\n`, SHIM, native).moveAside).toBe(true);
  });

  test("calls no hook that was moved aside and is gone", () => {
    const { text } = chainHook("#!/usr/bin/env node\n", SHIM, native);
    expect(chainHook(text, SHIM, { ...native, chained: false })).toEqual(chainHook(null, SHIM, native));
  });

  test("keeps husky 8's line outside of the parentheses, and what follows it inside", async () => {
    mkdirSync(path.join(folder, "_"), { recursive: true });
    const again = 'if [ -z "$again" ]; then\n  export again=1\n  sh -e "$0" "$@"\n  exit $?\nfi\n';
    writeFileSync(path.join(folder, "_/husky.sh"), again);
    const { text } = chainHook(
      '#!/bin/sh\n. "$(dirname -- "$0")/_/husky.sh"\n\necho before\nexit 0\n',
      SHIM,
      native,
    );
    expect(await runHook(text)).toEqual({ code: 1, out: "before\nchecked\n" });
  });

  test("that husky 8 starts anew and that nothing can follow is left alone", () => {
    const hook = '. "$(dirname -- "$0")/_/husky.sh"\ncat <<X\n';
    expect(() => chainHook(hook, SHIM, native)).toThrow(KnownError);
  });

  test.each([
    ["before the block", (text: string) => text.replace("#!/bin/sh\n", "#!/bin/sh\nexit 0\n")],
    ["before husky's parentheses", (text: string) => `exit 0\n${text}`],
    ["in the block", (text: string) => text.replace("stowaway_code=$?\n", "exit 0\n")],
    ["after the block", (text: string) => `${text}git add -A\n`],
  ])("takes a line that was put %s into the parentheses, or out of what is ours", (_, edit) => {
    for (const existing of [null, "#!/bin/sh\nmake\n"]) {
      const edited = edit(chainHook(existing, SHIM, native).text);
      const { text } = chainHook(edited, SHIM, husky);
      const [before = ""] = text.split("\n(\n");
      expect(before).not.toMatch(/^(?:exit|git)/m);
      expect(text.trimEnd().split("\n").at(-1)).toBe("# <<< stowaway");
      expect(text.match(/^ *sh "/gm)).toHaveLength(1);
      expect(chainHook(text, SHIM, husky)).toEqual({ text, moveAside: false });
    }
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
    const whole = chainHook("make\n", SHIM, husky).text;
    for (const damaged of [whole.replace("# <<< stowaway\n", ""), whole.replace(/# <<< stowaway\n$/, "")])
      expect(() => chainHook(damaged, SHIM, husky)).toThrow(KnownError);
  });
});

test("every line of the user stays, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (parts) => {
      const existing = `#!/bin/sh\n${parts.map((part) => part.replace(/[\r\n]/g, " ")).join("\n")}\n`;
      fc.pre(!/stowaway|<<|alias|shopt/.test(existing));
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
