import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { base, stage, wrapHook } from "./commit-row.ts";
import type { Row } from "./commit-row.ts";
import { tgz } from "../helpers/archives.ts";

const utf16 = (text: string, bom: boolean): Buffer => Buffer.from((bom ? "\ufeff" : "") + text, "utf16le");

/** Cases in which scanners that are in use let a secret through, or stop a commit for nothing. */
export const PEER_ROWS: readonly Row[] = [
  {
    name: "staged, then cleaned in the work tree only",
    outcome: "blocked",
    act: async (repo, leak) => {
      await stage(repo, { "a.js": leak });
      repo.write({ "a.js": "" });
    },
  },
  {
    name: "not staged, dirty work tree",
    outcome: "passes",
    act: async (repo, leak) => {
      await stage(repo, { "b.js": "export {};\n" });
      repo.write({ "a.js": leak });
    },
  },
  {
    name: "git commit -a",
    outcome: "blocked",
    act: (repo, leak) => repo.write({ "a.js": leak }),
    commit: ["-a"],
  },
  {
    name: "git commit PATH",
    outcome: "blocked",
    act: (repo, leak) => repo.write({ "a.js": leak }),
    commit: ["a.js"],
  },
  {
    name: "git commit OTHER-PATH leaves the staged leak out",
    outcome: "passes",
    act: async (repo, leak) => {
      await stage(repo, { "leak.js": leak });
      repo.write({ "a.js": "export const a = 2;\n" });
    },
    commit: ["a.js"],
  },
  {
    name: "first commit, no HEAD",
    outcome: "blocked",
    base: false,
    act: async (repo, leak) => await stage(repo, { "a.js": leak }),
  },
  {
    name: "first commit, clean",
    outcome: "passes",
    base: false,
    act: async (repo) => await stage(repo, { "a.js": "export {};\n" }),
  },
  {
    name: "hook that changes into a sub-directory",
    outcome: "blocked",
    act: async (repo, leak) => {
      wrapHook(repo, "cd packages/x");
      await stage(repo, { "packages/x/index.js": "export {};\n", "a.js": leak });
    },
  },
  {
    name: "commit made in a sub-directory",
    outcome: "blocked",
    cwd: "packages/x",
    act: async (repo, leak) => await stage(repo, { "packages/x/index.js": "export {};\n", "a.js": leak }),
  },
  {
    name: "sub-directory with diff.relative",
    outcome: "blocked",
    cwd: "packages/x",
    act: async (repo, leak) => {
      wrapHook(repo, "cd packages/x");
      await repo.git("config", "diff.relative", "true");
      await stage(repo, { "packages/x/index.js": "export {};\n", "a.js": leak });
    },
  },
  ...(
    [
      "color.ui=always",
      "diff.external=true",
      "diff.noprefix=true",
      "diff.mnemonicPrefix=true",
      "diff.renames=copies",
      "core.quotePath=true",
      "diff.context=0",
      "diff.ignoreSubmodules=all",
      "diff.orderFile=/dev/null",
      "core.pager=false",
      "diff.algorithm=histogram",
    ] as const
  ).map((setting): Row => ({
    name: `configuration ${setting}`,
    outcome: "blocked",
    act: async (repo, leak) => {
      const [key = "", value = ""] = setting.split("=");
      await repo.git("config", key, value);
      await stage(repo, { "ä.js": leak });
    },
  })),
  {
    name: "textconv driver that rewrites the text",
    outcome: "blocked",
    act: async (repo, leak) => {
      await repo.git("config", "diff.calm.textconv", "sed s/ghp_/x/");
      await stage(repo, { ".gitattributes": "*.js diff=calm\n", "a.js": leak });
    },
  },
  {
    name: "attribute -diff",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { ".gitattributes": "*.js -diff\n", "a.js": leak }),
  },
  {
    name: "attribute binary",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { ".gitattributes": "*.js binary\n", "a.js": leak }),
  },
  {
    name: "working-tree-encoding UTF-16",
    outcome: "blocked",
    act: async (repo, leak) =>
      await stage(repo, {
        ".gitattributes": "*.txt working-tree-encoding=UTF-16LE\n",
        "a.txt": utf16(leak, false),
      }),
  },
  {
    name: "UTF-16 with a byte order mark",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { "a.txt": utf16(leak, true) }),
  },
  {
    name: "UTF-16 without one",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { "a.txt": utf16(leak, false) }),
  },
  {
    name: "UTF-16, big-endian",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { "a.txt": utf16(leak, true).swap16() }),
  },
  {
    name: "file that holds a NUL",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { "a.bin": Buffer.from(`x\0y\n${leak}`) }),
  },
  {
    name: "UTF-16 line appended to an ASCII file",
    outcome: "blocked",
    act: async (repo, leak) =>
      await stage(repo, { "a.log": Buffer.concat([Buffer.from("plain\n".repeat(90)), utf16(leak, false)]) }),
  },
  {
    name: "ASCII line appended to UTF-16",
    outcome: "blocked",
    says: /a\.log:91:/,
    act: async (repo, leak) =>
      await stage(repo, {
        "a.log": Buffer.concat([utf16("plain\n".repeat(90), true), Buffer.from(leak)]),
      }),
  },
  {
    name: "UTF-16 without a mark, big-endian, mostly of another script",
    outcome: "blocked",
    act: async (repo, leak) =>
      await stage(repo, {
        "a.txt": utf16(`${"密钥".repeat(30)}${leak.slice(22, -3)}。\n`, false).swap16(),
        "b.txt": utf16(`${"密钥".repeat(30)}${leak.slice(22, -3)}`, false).swap16(),
      }),
    says: /a\.txt[^]*b\.txt/,
  },
  ...[false, true].map((big): Row => ({
    name: `UTF-32 without a mark, ${big ? "big" : "little"}-endian`,
    outcome: "blocked",
    act: async (repo, leak) => {
      const bytes = Buffer.concat(Array.from(leak, (character) => Buffer.from(`${character}\0\0\0`)));
      await stage(repo, { "a.txt": big ? bytes.swap32() : bytes });
    },
  })),
  {
    name: "CRLF",
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { "a.js": `const a = 1;\r\n${leak.trim()}\r\n` }),
  },
  {
    name: "rename with an edit",
    outcome: "blocked",
    base: { ...base, "long.js": "const line = 1;\n".repeat(40) },
    act: async (repo, leak) => {
      await repo.git("mv", "long.js", "new.js");
      await stage(repo, { "new.js": "const line = 1;\n".repeat(40) + leak });
    },
  },
  {
    name: "file that became a link",
    outcome: "blocked",
    act: async (repo, leak) => {
      rmSync(path.join(repo.dir, "a.js"));
      symlinkSync(leak.trim(), path.join(repo.dir, "a.js"));
      await repo.git("add", "-A");
    },
  },
  {
    name: "link out of the work tree is not followed",
    outcome: "passes",
    act: async (repo, leak) => {
      const outside = `${repo.dir}-outside`;
      writeFileSync(outside, leak);
      onTestFinished(() => rmSync(outside, { force: true }));
      symlinkSync(outside, path.join(repo.dir, "link.js"));
      await repo.git("add", "-A");
    },
  },
  ...[
    "with space.js",
    'quo"te.js',
    "acçent.js",
    "new\nline.js",
    "-dash.js",
    ":(glob)x.js",
    "tab\t.js",
    "#hash.js",
    "back\\slash.js",
  ].map((name): Row => ({
    name: `name ${JSON.stringify(name)}`,
    outcome: "blocked",
    act: async (repo, leak) => await stage(repo, { [name]: leak }),
  })),
  {
    name: "name that is no UTF-8",
    outcome: "blocked",
    says: /caf\\xe9\.js/,
    act: async (repo, leak) => {
      writeFileSync(
        Buffer.concat([Buffer.from(`${repo.dir}/caf`), Buffer.from([0xe9]), Buffer.from(".js")]),
        leak,
      );
      await repo.git("add", "-A");
    },
  },
  {
    name: "extensions.worktreeConfig",
    outcome: "blocked",
    act: async (repo, leak) => {
      await repo.git("config", "extensions.worktreeConfig", "true");
      await stage(repo, { "a.js": leak });
    },
  },
  {
    name: "token in a staged .tgz",
    outcome: "blocked",
    says: /demo\.tgz/,
    act: async (repo, leak) =>
      await stage(repo, { "demo.tgz": tgz([{ name: "package/index.js", body: leak }]) }),
  },
];
