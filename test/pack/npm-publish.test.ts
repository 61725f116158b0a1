import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";
import { binFolder, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

let bin: ReturnType<typeof binFolder>;
const uploads: string[] = [];
const registry = createServer((request, response) => {
  if (request.method === "PUT") uploads.push(request.url ?? "");
  response.statusCode = request.method === "PUT" ? 201 : 404;
  response.end("{}");
});
let made: Package | null = null;

beforeAll(async () => {
  bin = binFolder();
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  bin.remove();
  registry.close();
});
afterEach(() => {
  made?.remove();
  made = null;
  uploads.length = 0;
});

const secret = token(11);
const env = `GITHUB_TOKEN=${secret}\n`;
/** Says once more that it ran, in a file that is not published. */
const ran = (name: string): string => `node -e "require('fs').appendFileSync('.ran', '${name} ')"`;

async function npm(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Ran & { scripts: string }> {
  made = makePackage({ ".npmignore": ".ran\n.hidden\n", ...files });
  const { port } = registry.address() as AddressInfo;
  const result = await run("npm", args, {
    cwd: made.dir,
    env: {
      PATH: `${bin.dir}${path.delimiter}${process.env["PATH"]}`,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      [`npm_config_//127.0.0.1:${port}/:_authToken`]: "none",
      npm_config_fetch_retries: "0",
    },
  });
  const log = path.join(made.dir, ".ran");
  return { ...result, scripts: existsSync(log) ? readFileSync(log, "utf8") : "" };
}

describe("npm publish", () => {
  test("stops in prepublishOnly, also as a dry run", async () => {
    const files = { "package.json": manifest({ scripts: { prepublishOnly: "check-pack" } }), ".env": env };
    for (const args of [["publish", "--dry-run"], ["publish"]]) {
      const result = await npm(files, args);
      expect(result.code).not.toBe(0);
      expect(result.stdout + result.stderr).toContain("demo-1.0.0.tgz");
      expect(result.stdout + result.stderr).not.toContain(secret);
      expect(uploads).toEqual([]);
    }
  });

  test("is stopped in postpack by what prepack made", async () => {
    const build = `node -e "require('fs').copyFileSync('.hidden', 'made.js')"`;
    const scripts = { prepublishOnly: "check-pack", prepack: build, postpack: "check-pack" };
    const result = await npm({ "package.json": manifest({ scripts }), ".hidden": env }, ["publish"]);
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toContain("made.js");
    expect(uploads).toEqual([]);
  });

  test("goes on with a clean package, whose bytes are those that were scanned", async () => {
    const scripts = { prepublishOnly: "check-pack", prepack: ran("prepack"), postpack: "check-pack" };
    const result = await npm({ "package.json": manifest({ scripts }), "a.js": "1" }, ["publish"]);
    expect(result.stdout + result.stderr).toContain("these bytes are what npm uploads");
    expect(result.code).toBe(0);
    expect(uploads).toEqual(["/demo"]);
    expect(result.scripts).toBe("prepack ");
  });

  test("is stopped where the package changes between packing and the check", async () => {
    const change = `node -e "require('fs').writeFileSync('a.js', '2')"`;
    const scripts = { postpack: `${change} && check-pack` };
    const result = await npm({ "package.json": manifest({ scripts }), "a.js": "1" }, ["publish"]);
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toContain("integrity-mismatch");
    expect(uploads).toEqual([]);
  });
});

test("npm pack: the check in postpack reads the tarball that npm wrote", async () => {
  const scripts = { postpack: "check-pack" };
  const clean = await npm(
    { "package.json": manifest({ scripts, files: ["a.js"] }), "a.js": "1", "out/x": "" },
    ["pack", "--pack-destination", "out"],
  );
  expect(clean.stdout + clean.stderr).toContain("these bytes are what npm uploads");
  const leaking = await npm({ "package.json": manifest({ scripts }), ".env": env }, ["pack"]);
  expect(leaking.code).not.toBe(0);
  expect(leaking.stdout + leaking.stderr).toContain(".env in demo-1.0.0.tgz");
});

describe("within npm's scripts it ends, and runs no script again", () => {
  test.each(["prepack", "prepare", "postpack"])("%s", async (name) => {
    const scripts = { prepack: ran("prepack"), [name]: `${ran(name)} && check-pack` };
    const result = await npm({ "package.json": manifest({ scripts }), "a.js": "1" }, ["pack"]);
    expect(result.code).toBe(0);
    expect(result.scripts.trim().split(" ").toSorted()).toEqual(Object.keys(scripts).toSorted());
  });

  test("a package whose postpack is the check, checked by hand: the inner one has nothing to do", async () => {
    const log = `node -e "require('fs').appendFileSync(process.env.LOG, 'prepack ')"`;
    const scripts = { prepack: log, postpack: "check-pack || exit 9" };
    made = makePackage({ "pkg/package.json": manifest({ scripts }) });
    const LOG = path.join(made.dir, "log");
    const result = await run("check-pack", [], {
      cwd: path.join(made.dir, "pkg"),
      env: { PATH: `${bin.dir}${path.delimiter}${process.env["PATH"]}`, LOG },
    });
    expect(result.code).toBe(0);
    expect(result.stderr).not.toContain("not scanned");
    expect(readFileSync(LOG, "utf8")).toBe("prepack ");
  });

  test("a package of a workspace by its path: the set is that of the outer npm", async () => {
    const result = await npm(
      {
        "package.json": manifest({ private: true, workspaces: ["packages/*"] }),
        ".gitignore": ".env\n",
        ".npmignore": "",
        "packages/a/package.json": manifest({ name: "a", scripts: { prepublishOnly: "check-pack" } }),
        "packages/a/.env": env,
      },
      ["publish", "./packages/a", "--dry-run"],
    );
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).toContain(".env");
  });
});

test.each([
  ["a script", false],
  ["a check within a script", true],
])("SIGINT while %s runs: nothing is left in the temporary folder, and it is gone", async (_name, nested) => {
  const temp = makePackage({});
  const wait = `node -e "require('fs').writeFileSync(process.env.PID_FILE, String(process.pid)); setInterval(() => {}, 1000)"`;
  const pkg = makePackage({
    "inner/package.json": manifest({ name: "inner", scripts: { prepack: wait } }),
    // A check within the build of another package: its own npm, group and temporary folder go too.
    "package.json": manifest({ scripts: { prepack: nested ? "check-pack inner" : wait } }),
  });
  try {
    const pidFile = path.join(pkg.dir, ".pid");
    const result = await run(path.join(bin.dir, "check-pack"), [], {
      cwd: pkg.dir,
      env: {
        TMPDIR: temp.dir,
        PID_FILE: pidFile,
        PATH: `${bin.dir}${path.delimiter}${process.env["PATH"]}`,
      },
      started: (pid) => {
        const timer = setInterval(() => {
          if (!existsSync(pidFile) || readFileSync(pidFile, "utf8") === "") return;
          clearInterval(timer);
          process.kill(pid, "SIGINT");
        }, 20);
      },
    });
    expect(result.code).toBe(130);
    expect(readdirSync(temp.dir)).toEqual([]);
    await expect.poll(() => isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false);
  } finally {
    pkg.remove();
    temp.remove();
  }
});

/** A process that has ended may still be in the table until somebody asks how. */
async function isAlive(pid: number): Promise<boolean> {
  const { stdout } = await run("ps", ["-o", "stat=", "-p", String(pid)]);
  return stdout !== "" && !stdout.startsWith("Z");
}
