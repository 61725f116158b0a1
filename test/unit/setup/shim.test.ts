import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONFIG_LISTING, LISTING } from "../../../src/source/git/list.ts";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";
import { PROJECT, run, scratch } from "../../helpers/run.ts";

/** Says what the shim gave it, and answers what the test wants. */
const BUNDLE = `
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const listed = Buffer.concat(chunks).toString("latin1");
  const { NODE_EXTRA_CA_CERTS, GIT_OPTIONAL_LOCKS, GIT_NO_LAZY_FETCH, KILL, ANSWER } = process.env;
  console.log(JSON.stringify({ listed, NODE_EXTRA_CA_CERTS, GIT_OPTIONAL_LOCKS, GIT_NO_LAZY_FETCH }));
  if (KILL) process.kill(process.pid, KILL);
  process.exitCode = Number(ANSWER ?? 0);
});
`;
const INSTALLED = "node_modules/stowaway/hooks/pre-commit";

let repo: Repo;
beforeAll(async () => {
  repo = await makeRepo();
  repo.write({
    "node_modules/stowaway/dist/hook.cjs": BUNDLE,
    "node_modules/stowaway/hooks/x": "",
    ".gitignore": "node_modules\n",
    "a b": "text\n",
  });
  copyFileSync(path.join(PROJECT, "hooks/pre-commit"), path.join(repo.dir, INSTALLED));
  chmodSync(path.join(repo.dir, INSTALLED), 0o755);
  await repo.git("add", "a b");
});
afterAll(() => repo.remove());

const SHELLS = [["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"], ["sh"]].filter(
  ([name = ""]) => spawnSync(name, ["-c", ":"]).error === undefined,
);

type Start = (env?: Record<string, string>, script?: string, cwd?: string) => ReturnType<typeof run>;

function starter([command = "sh", ...options]: readonly string[]): Start {
  return async (env = {}, script = INSTALLED, cwd = repo.dir) =>
    await run(command, [...options, script], { cwd, env });
}

const EACH_SHELL = SHELLS.map((shell) => ({ name: shell.join(" "), start: starter(shell) }));

describe.each(EACH_SHELL)("the shim in $name", ({ start }) => {
  test("pipes git's listing and the proof of its good end to Node", async () => {
    const { code, stdout, stderr } = await start({ NODE_EXTRA_CA_CERTS: "/nowhere.pem" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      listed: expect.stringMatching(
        /^:000000 100644 0{40} [0-9a-f]{40} A\0a b\0stowaway-changes 0\0stowaway-config 0\0$/,
      ) as string,
      GIT_OPTIONAL_LOCKS: "0",
      GIT_NO_LAZY_FETCH: "1",
    });
  });

  test.each([0, 1, 2, 3, 130, 143])("answers Node's %i", async (answer) => {
    expect((await start({ ANSWER: String(answer) })).code).toBe(answer);
  });

  test.each([
    ["an exit code that is not ours", { ANSWER: "7" }],
    ["a signal", { KILL: "SIGKILL" }],
    ["options that Node refuses", { NODE_OPTIONS: "--no-such-option" }],
  ])("answers 3 after %s", async (_, env) => {
    const { code, stderr } = await start(env);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^stowaway: Node\.js ended with code \d+ before the check was through; .*$/m);
  });

  test("says in one sentence that there is no repository", async () => {
    const nowhere = scratch();
    const { code, stdout, stderr } = await start({}, path.join(repo.dir, INSTALLED), nowhere);
    expect(code).toBe(0); // of the stand-in; the real bundle answers 3
    expect((JSON.parse(stdout) as { listed: string }).listed).toMatch(/^stowaway-changes (?!0)\d+\0/);
    expect(stderr).toMatch(/^fatal: not a git repository.*\n$/);
    rmSync(nowhere, { recursive: true });
  });

  test("shows what git says where only the listing of changes fails", async () => {
    const { code, stderr } = await start({
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "diff.renames",
      GIT_CONFIG_VALUE_0: "x y",
    });
    expect(code).toBe(0);
    expect(stderr).toContain("diff.renames");
  });

  test("passes on that git failed", async () => {
    const { stdout } = await start({ GIT_DIR: "/nowhere" });
    expect((JSON.parse(stdout) as { listed: string }).listed).toMatch(
      /^stowaway-changes (?!0)\d+\0stowaway-config (?!0)\d+\0$/,
    );
  });
});

describe.each(EACH_SHELL)("the shim in $name", ({ start }) => {
  test.each(["stowaway", "eslint,stowaway", "eslint, stowaway,test"])(
    "is skipped by SKIP=%s, and says so",
    async (skip) => {
      const { code, stdout, stderr } = await start({ SKIP: skip, ANSWER: "1" });
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toBe("stowaway: skipped, because SKIP names stowaway; nothing was checked.\n");
    },
  );

  test("is skipped by STOWAWAY_SKIP=1, and says so", async () => {
    const { code, stdout, stderr } = await start({ STOWAWAY_SKIP: "1", ANSWER: "1" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe("stowaway: skipped, because STOWAWAY_SKIP is 1; nothing was checked.\n");
  });

  test.each([
    { SKIP: "stowaways" },
    { SKIP: "my-stowaway" },
    { SKIP: "" },
    { STOWAWAY_SKIP: "0" },
    { STOWAWAY_SKIP: "" },
  ])("is not skipped by %o", async (env) => {
    expect((await start({ ...env, ANSWER: "1" })).code).toBe(1);
  });

  test("finds the bundle from its own folder", async () => {
    const inside = path.join(repo.dir, "node_modules/stowaway/hooks");
    expect((await start({ ANSWER: "1" }, "pre-commit", inside)).code).toBe(1);
  });

  test.each([
    ["a link", "absolute"],
    ["a link to a link", "./to-a-link"],
    ["a linked package", "package/hooks/pre-commit"],
  ])("finds the bundle through %s", async (_, script) => {
    const folder = scratch();
    symlinkSync(path.join(repo.dir, INSTALLED), path.join(folder, "absolute"));
    symlinkSync("absolute", path.join(folder, "to-a-link"));
    symlinkSync(path.join(repo.dir, "node_modules/stowaway"), path.join(folder, "package"));
    const { code } = await start({ ANSWER: "1", GIT_DIR: path.join(repo.dir, ".git") }, script, folder);
    expect(code).toBe(1);
    rmSync(folder, { recursive: true });
  });

  test("answers 3 without its bundle", async () => {
    const folder = scratch();
    copyFileSync(path.join(PROJECT, "hooks/pre-commit"), path.join(folder, "pre-commit"));
    const { code, stdout, stderr } = await start({}, "./pre-commit", folder);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/^stowaway: .*\/dist\/hook\.cjs is missing, so nothing was checked; .*\.\n$/);
    rmSync(folder, { recursive: true });
  });
});

describe("without Node on the PATH", () => {
  const FAKE = '#!/bin/sh\ncat >/dev/null\necho "$0"\nexit 1\n';
  let home = "";
  beforeAll(() => {
    home = scratch();
    // Only git: what a client with a window may be started with.
    mkdirSync(path.join(home, "bin"));
    const git = spawnSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).stdout.trim();
    for (const [name, target] of [
      ["git", git],
      ["sh", "/bin/sh"],
      ["cat", "/bin/cat"],
    ] as const)
      symlinkSync(target, path.join(home, "bin", name));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const place = (file: string): string => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), FAKE, { mode: 0o755 });
    return path.join(home, file);
  };

  test.each([
    [".nvm/versions/node/v9.1.0/bin/node", ".nvm/versions/node/v22.3.0/bin/node"],
    [
      ".local/share/fnm/node-versions/v8.0.0/installation/bin/node",
      ".local/share/fnm/node-versions/v20.19.0/installation/bin/node",
    ],
    [".volta/tools/image/node/9.0.0/bin/node", ".volta/tools/image/node/20.19.0/bin/node"],
    [".local/share/mise/installs/node/9/bin/node", ".local/share/mise/installs/node/24.1.0/bin/node"],
    [".asdf/installs/nodejs/9.0.0/bin/node", ".asdf/installs/nodejs/20.19.0/bin/node"],
  ])("it takes the newest of a version manager (%s, %s)", async (older, newer) => {
    place(older);
    const expected = place(newer);
    const { code, stdout } = await run("/bin/sh", [INSTALLED], {
      cwd: repo.dir,
      env: { PATH: path.join(home, "bin"), HOME: home, XDG_DATA_HOME: undefined },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${expected}\n` });
    rmSync(path.join(home, older.split("/")[0] ?? ""), { recursive: true });
  });
});

test("the shim asks git for what the check asks for", () => {
  const lines = readFileSync(path.join(PROJECT, "hooks/pre-commit"), "utf8").split("\n");
  const asked = lines.flatMap((line) => /^ {2}git (.*)$/.exec(line)?.[1] ?? []);
  expect(asked).toEqual([[...LISTING, "--no-renames"].join(" "), CONFIG_LISTING.join(" ")]);
  const settings = lines.flatMap((line) => [...line.matchAll(/ -c (\S+)/g)].map((match) => `"${match[1]}"`));
  expect(settings.length).toBeGreaterThan(0);
  const plumbing = readFileSync(path.join(PROJECT, "src/host/plumbing.ts"), "utf8");
  expect(settings.filter((setting) => !plumbing.includes(setting))).toEqual([]);
});
