import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readSides } from "../../../src/remedy/sides.ts";
import { undo } from "../../../src/remedy/undo.ts";
import { bench, quietGit, read, staged, thereAndBack } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { AFTER, appended } from "../transaction-of.ts";

const at = (repo: Bench, name: string): string => path.join(repo.dir, name);

describe("both forms of a file", () => {
  test("a partly staged file keeps its unstaged lines", async () => {
    const repo = await bench(() => ({ "a.js": "1\n2\n3\n" }));
    repo.write({ "a.js": `1 ${repo.secret}\n2\n3` });
    await repo.git("add", ".");
    repo.write({ "a.js": `1 ${repo.secret}\n2 more\n3` });
    await thereAndBack(repo, ["a.js"], async () => {
      expect(staged(repo, "a.js")).toBe(`1 ${AFTER}\n2\n3`);
      expect(read(repo, "a.js")).toBe(`1 ${AFTER}\n2 more\n3`);
      expect((await repo.git("diff", "--numstat")).stdout).toBe("1\t1\ta.js\n");
    });
  });

  test("a secret in the staged form only, and in the form on the disk only", async () => {
    const repo = await bench(() => ({ "a.js": "1\n", "b.js": "1\n" }));
    repo.write({ "a.js": `1 ${repo.secret}\n` });
    await repo.git("add", ".");
    repo.write({ "a.js": "1\n", "b.js": `1 ${repo.secret}\n` });
    await thereAndBack(repo, ["a.js", "b.js"], async (run) => {
      expect(run).toMatchObject({ files: ["b.js"], staged: ["a.js"] });
      expect(staged(repo, "a.js")).toBe(`1 ${AFTER}\n`);
      expect(read(repo, "a.js")).toBe("1\n");
      expect(staged(repo, "b.js")).toBe("1\n");
      expect(read(repo, "b.js")).toBe(`1 ${AFTER}\n`);
    });
  });

  test("twice on one line, mixed line ends, a byte order mark, and no final line end", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `\ufeff1 ${repo.secret} ${repo.secret}\r\n2\n3 ${repo.secret}\rend` });
    await repo.git("add", ".");
    await thereAndBack(repo, ["a.js"], () => {
      expect(read(repo, "a.js")).toBe(`\ufeff1 ${AFTER} ${AFTER}\r\n2\n3 ${AFTER}\rend`);
    });
  });

  test.each(["true", "input", "false"])("CRLF with core.autocrlf=%s", async (setting) => {
    const repo = await bench(() => ({ x: "" }));
    await repo.git("config", "core.autocrlf", setting);
    repo.write({ "a.js": `1\r\n${repo.secret}\r\n` });
    await repo.git("add", "a.js");
    const end = setting === "false" ? "\r\n" : "\n";
    await thereAndBack(repo, ["a.js"], async () => {
      expect(read(repo, "a.js")).toBe(`1\r\n${AFTER}\r\n`);
      expect(staged(repo, "a.js")).toBe(`1${end}${AFTER}${end}`);
      expect((await repo.git("diff", "--numstat")).stdout).toBe("");
    });
  });

  test("Latin-1 bytes stay what they are", async () => {
    const repo = await bench(() => ({ x: "" }));
    const text = (value: string): Buffer => Buffer.from(`caf\u00e9 ${value} \u00fc\n`, "latin1");
    repo.write({ "a.txt": text(repo.secret) });
    await repo.git("add", ".");
    await thereAndBack(repo, ["a.txt"], () => expect(read(repo, "a.txt")).toBe(text(AFTER).toString()), {
      encoding: "latin1",
    });
  });

  test("UTF-16 with working-tree-encoding goes through git's own conversion", async () => {
    const repo = await bench(() => ({ ".gitattributes": "*.txt working-tree-encoding=UTF-16LE-BOM\n" }));
    repo.write({ "a.txt": Buffer.from(`\ufeff1 ${repo.secret}\n`, "utf16le") });
    await repo.git("add", ".");
    await thereAndBack(
      repo,
      ["a.txt"],
      async () => {
        expect(staged(repo, "a.txt")).toBe(`1 ${AFTER}\n`);
        expect((await repo.git("diff", "--numstat")).stdout).toBe("");
      },
      { encoding: "utf16le" },
    );
  });

  test("a clean filter of the user's makes the staged form; where that is not of the file on the disk, it is refused", async () => {
    const repo = await bench(() => ({ ".gitattributes": "*.js filter=upper\n" }));
    const add = (): void => void spawnSync("git", ["add", "."], { cwd: repo.dir, env: repo.env });
    writeFileSync(
      path.join(repo.env["HOME"] ?? "", ".gitconfig"),
      '[filter "upper"]\n\tclean = sed s/name/NAME/\n',
    );
    repo.write({ "a.js": `name = ${repo.secret}\n` });
    add();
    expect(readSides(repo.open(), "a.js")).toMatchObject({ filtered: true, problem: null });
    await thereAndBack(repo, ["a.js"], async () => expect(staged(repo, "a.js")).toBe(`NAME = ${AFTER}\n`));
    repo.write({ "a.js": `name = ${repo.secret} // more\n` });
    await expect(repo.stow(["a.js"])).rejects.toMatchObject({ code: "filtered", exitCode: 1 });
  });

  test("a filter of the repository's own settings never runs", async () => {
    const repo = await bench(() => ({ ".gitattributes": "*.js filter=theirs\n*.py filter=a=b\n" }));
    repo.write({
      "a.js": `name = ${repo.secret}\n`,
      "b.txt": `name = ${repo.secret}\n`,
      "c.js": "1\n",
      "c.py": "1\n",
    });
    await repo.git("add", ".");
    const mark = path.join(repo.env["HOME"] ?? "", "ran");
    const settings = (name: string): string =>
      `[filter "${name}"]\n\tclean = touch '${mark}'; cat\n\tsmudge = touch '${mark}'; cat\n\trequired = true\n`;
    const config = read(repo, ".git/config");
    writeFileSync(at(repo, ".git/extra"), settings("theirs"));
    // Refreshing looks at files whose times have changed, and puts them through their filters.
    const touch = (): void => {
      for (const name of ["c.js", "c.py"]) utimesSync(at(repo, name), new Date(), new Date(2e12));
    };
    for (const more of [settings("theirs"), "[include]\n\tpath = extra\n"]) {
      writeFileSync(at(repo, ".git/config"), config + more);
      touch();
      expect(readSides(repo.open(), "a.js").problem).toContain("repository's own settings");
      const applied = await repo.stow(["b.txt"]);
      await undo(repo.open(), async () => repo.store, applied.id);
      expect({ more, ran: existsSync(mark) }).toEqual({ more, ran: false });
    }
    writeFileSync(at(repo, ".git/config"), config + settings("a=b"));
    touch();
    await expect(repo.stow(["b.txt"])).rejects.toMatchObject({ code: "own-filter", exitCode: 1 });
    expect(existsSync(mark)).toBe(false);
    expect(staged(repo, "b.txt")).toContain(repo.secret);
  });

  test("a pointer of git-lfs is a text like any other where its filter is not there", async () => {
    const repo = await bench(() => ({ ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" }));
    repo.write({ "a.bin": `version https://git-lfs.github.com/spec/v1\nnote ${repo.secret}\n` });
    await repo.git("add", ".");
    await thereAndBack(repo, ["a.bin"], async () => expect(staged(repo, "a.bin")).toContain(AFTER));
  });
});

describe("entries with something special", () => {
  test("the mode is kept, and a file that was only touched is not staged", async () => {
    const repo = await bench(() => ({ "run.sh": "echo\n", "other.sh": "echo\n" }));
    repo.write({ "run.sh": `echo ${repo.secret}\n` });
    chmodSync(at(repo, "run.sh"), 0o750);
    await repo.git("add", ".");
    utimesSync(at(repo, "other.sh"), 1, 1);
    await thereAndBack(repo, ["run.sh"], async () => {
      expect(statSync(at(repo, "run.sh")).mode & 0o777).toBe(0o750);
      expect((await repo.git("ls-files", "-s", "run.sh")).stdout).toMatch(/^100755/);
      expect((await repo.git("diff-index", "--cached", "--name-only", "HEAD")).stdout).toBe("run.sh\n");
      expect((await repo.git("diff-files", "--name-only")).stdout).toBe("");
    });
  });

  test("intent to add: nothing gets staged, the bit stays", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `1 ${repo.secret}\n` });
    await repo.git("add", "-N", "a.js");
    expect(readSides(repo.open(), "a.js").index?.flags.intentToAdd).toBe(true);
    await thereAndBack(repo, ["a.js"], async () => {
      expect(read(repo, "a.js")).toBe(`1 ${AFTER}\n`);
      expect((await repo.git("status", "--porcelain")).stdout).toBe(" A a.js\n");
    });
  });

  test("a staged rename with an edit stays a rename", async () => {
    const text = "a line of some length that stays\n".repeat(20);
    const repo = await bench(() => ({ "a.js": text }));
    await repo.git("mv", "a.js", "b.js");
    repo.write({ "b.js": `${text}${repo.secret}\n` });
    await repo.git("add", ".");
    await thereAndBack(repo, ["b.js"], async () =>
      expect((await repo.git("status", "--porcelain")).stdout).toBe("R  a.js -> b.js\n"),
    );
  });

  test("staged, then deleted on the disk: the index alone", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `${repo.secret}\n` });
    await repo.git("add", ".");
    rmSync(at(repo, "a.js"));
    await thereAndBack(repo, ["a.js"], async () => {
      expect(staged(repo, "a.js")).toBe(`${AFTER}\n`);
      expect((await repo.git("status", "--porcelain")).stdout).toBe("AD a.js\n");
    });
  });

  test.each([
    ["--skip-worktree", "S"],
    ["--assume-unchanged", "h"],
  ])("the bit of %s stays", async (option, tag) => {
    const repo = await bench((secret) => ({ "a.js": `${secret}\n` }));
    await repo.git("update-index", option, "a.js");
    await thereAndBack(repo, ["a.js"], async () =>
      expect((await repo.git("ls-files", "-v", "a.js")).stdout).toBe(`${tag} a.js\n`),
    );
  });

  test("a sparse index: a file that is not on the disk", async () => {
    const repo = await bench((secret) => ({ "in/a": "1\n", "out/deep/b.js": `${secret}\n` }));
    await repo.git("sparse-checkout", "init", "--cone", "--sparse-index");
    await repo.git("sparse-checkout", "set", "in");
    await thereAndBack(repo, ["out/deep/b.js"], async () => {
      expect(staged(repo, "out/deep/b.js")).toBe(`${AFTER}\n`);
      expect((await repo.git("status", "--porcelain")).stdout).toBe("M  out/deep/b.js\n");
    });
  });

  test("a hard link stays one: both names have the new text, and the old one again", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `${repo.secret} and more\n` });
    linkSync(at(repo, "a.js"), at(repo, "b.js"));
    await repo.git("add", "a.js");
    await thereAndBack(repo, ["a.js"], () => {
      expect(read(repo, "b.js")).toBe(`${AFTER} and more\n`);
      expect(statSync(at(repo, "a.js")).ino).toBe(statSync(at(repo, "b.js")).ino);
    });
  });

  test("two names of one file that both have findings: written once; with two contents it is refused", async () => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ "a.js": `${repo.secret} and more\n` });
    linkSync(at(repo, "a.js"), at(repo, "b.js"));
    await repo.git("add", "a.js", "b.js");
    const paths = ["a.js", "b.js"];
    await thereAndBack(repo, paths, () => {
      for (const name of paths) {
        expect(read(repo, name)).toBe(`${AFTER} and more\n`);
        expect(staged(repo, name)).toBe(`${AFTER} and more\n`);
      }
      expect(statSync(at(repo, "a.js")).ino).toBe(statSync(at(repo, "b.js")).ino);
    });
    const plain = [appended(repo.open(), "b.js", "else")];
    await expect(repo.stow(["a.js"], { plain })).rejects.toMatchObject({ code: "two-names", exitCode: 1 });
  });

  test.each([
    "new\nline.js",
    "tab\t.js",
    'quote".js',
    "-x.js",
    ":(glob)*.js",
    "*.js",
    "back\\slash.js",
    "caf\u00e9.js",
    " space .js",
  ])("a file called %j", async (name) => {
    const repo = await bench(() => ({ x: "" }));
    repo.write({ [name]: `${repo.secret}\n`, "z.js": "other\n" });
    await repo.git("add", ".");
    await thereAndBack(repo, [name], async () => {
      expect(read(repo, name)).toBe(`${AFTER}\n`);
      expect(quietGit(repo, "cat-file", "blob", `:${name}`)).toBe(`${AFTER}\n`);
    });
  });

  test("a file whose name is no UTF-8", async () => {
    const repo = await bench(() => ({ x: "" }));
    const name = Buffer.from([0x61, 0xff, 0x5c, 0x2e, 0x6a, 0x73]);
    writeFileSync(Buffer.concat([Buffer.from(`${repo.dir}/`), name]), `${repo.secret}\n`);
    await repo.git("add", ".");
    await thereAndBack(repo, ["a\\xff\\\\.js"], async () => {
      expect((await repo.git("grep", "-c", "--cached", AFTER)).stdout).toContain(":1");
    });
  });
});
