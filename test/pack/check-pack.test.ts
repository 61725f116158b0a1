import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Generator } from "../../src/rules/example-generator.ts";
import { EXAMPLES } from "../../src/rules/examples.ts";
import { runTool } from "../helpers/run.ts";
import { checkPack, makePackage, manifest, token } from "./package.ts";
import type { Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

function make(files: Readonly<Record<string, string>>): Package {
  const pkg = makePackage(files);
  made.push(pkg);
  return pkg;
}

const secret = token(81);
const env = `GITHUB_TOKEN=${secret}\n`;
const GITHUB = "github-personal-token";

describe("several folders", () => {
  const good = { "x/package.json": manifest({ name: "x" }), "x/.env": env };

  test.each([
    ["broken JSON", { "inv/package.json": "{" }, "no valid JSON"],
    ["no name", { "inv/package.json": "{}" }, "no name or no version"],
    ["no package", { "inv/a.txt": "1" }, "no package to publish"],
  ])(
    "one that cannot be packed (%s) does not keep the others from being scanned",
    async (_name, bad, says) => {
      const { dir } = make({ ...good, ...bad });
      for (const args of [
        ["x", "inv"],
        ["inv", "x"],
      ]) {
        const checked = await checkPack(args, { cwd: dir });
        expect(checked.code).toBe(1);
        expect(checked.found).toContain(`${GITHUB} x-1.0.0.tgz!.env`);
        expect(checked.errors).toMatchObject([
          { code: "manifest-invalid", message: expect.stringContaining(says) as string },
        ]);
      }
    },
  );

  test("without a finding the scan is incomplete; alone it is wrong usage", async () => {
    const { dir } = make({ "x/package.json": manifest(), "inv/package.json": "{" });
    expect((await checkPack(["x", "inv"], { cwd: dir })).code).toBe(3);
    expect((await checkPack(["inv"], { cwd: dir })).code).toBe(2);
  });
});

describe("--keep", () => {
  test("refuses a folder that the next package would hold, and makes nothing", async () => {
    const { dir } = make({ "package.json": manifest(), "sub/a.js": "1", link: "-> sub" });
    for (const keep of ["out", ".", "sub/deep/er", "link/out"]) {
      const checked = await checkPack(["--keep", keep], { cwd: dir });
      expect(checked).toMatchObject({ code: 2, stdout: "" });
      expect(checked.stderr).toContain("lies in a folder that is packed");
    }
    expect(readdirSync(dir).toSorted()).toEqual(["link", "package.json", "sub"]);
  });

  test("refuses to lose one of two artifacts of one name", async () => {
    const { dir } = make({
      "a/package.json": manifest(),
      "b/package.json": manifest(),
    });
    mkdirSync(path.join(dir, "out"));
    const checked = await checkPack(["--keep", "out", "a", "b"], { cwd: dir });
    expect(checked.code).toBe(2);
    expect(checked.stderr).toContain("demo-1.0.0.tgz");
    expect(readdirSync(path.join(dir, "out"))).toEqual([]);
  });

  test("its example is one that npm takes: a path, not the name of a repository", async () => {
    const { stdout } = await runTool(["check-pack", "--help"]);
    expect(stdout).toContain("check-pack --keep ../out && npm publish ../out/NAME-VERSION.tgz");
  });
});

describe("--list", () => {
  const files = { "package.json": manifest({ files: ["a.js"] }), "a.js": "1", ".gitignore": "a.js\n" };

  test("as JSON is one document", async () => {
    const pkg = make(files);
    await pkg.git("init", "-q");
    const { code, stdout } = await runTool(["check-pack", "--list", "--format", "json"], { cwd: pkg.dir });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      files: [
        { container: ["demo-1.0.0.tgz"], path: "a.js", included: 'files[0] "a.js"' },
        { container: ["demo-1.0.0.tgz"], path: "package.json", included: "always included" },
      ],
      notes: [
        expect.stringContaining("git ignores: a.js."),
        expect.stringContaining("does not track: package.json"),
      ],
      complete: true,
    });
  });

  test("goes to --output, and notes to standard error unless it is to be quiet", async () => {
    const pkg = make(files);
    await pkg.git("init", "-q");
    const out = path.join(make({}).dir, "list.txt");
    const loud = await runTool(["check-pack", "--list", "--output", out], { cwd: pkg.dir });
    expect(loud).toMatchObject({ code: 0, stdout: "" });
    expect(loud.stderr).toContain("git ignores: a.js.");
    expect(readFileSync(out, "utf8")).toContain("demo-1.0.0.tgz!a.js\tfiles[0]");
    const quiet = await runTool(["check-pack", "--list", "--quiet"], { cwd: pkg.dir });
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
  });

  test("that cannot see says so", async () => {
    const pkg = make({ "package.json": manifest({ scripts: { prepack: "exit 1" } }) });
    const { code, stdout } = await runTool(["check-pack", "--list", "--format", "json"], { cwd: pkg.dir });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ files: [], complete: false });
  });
});

describe("--verbose shows what a script prints, without the secrets in it", () => {
  test("tokens, coloured ones, keys over several lines, and what controls a terminal", async () => {
    const key = EXAMPLES.get("private-key")?.match(new Generator(5))[0]?.text ?? "";
    expect(key).toContain("PRIVATE KEY");
    const other = token(82);
    const text = `built\n${env}\u001b[31m${other}\u001b[0m\u0007\n${key}\nend\n`;
    const script = `node -e "process.stderr.write(require('fs').readFileSync('said', 'utf8')); process.exit(1)"`;
    const pkg = make({ "package.json": manifest({ scripts: { prepack: script } }), said: text });
    const { code, stderr } = await runTool(["check-pack", "--verbose"], { cwd: pkg.dir });
    expect(code).toBe(3);
    expect(stderr).toContain("built");
    expect(stderr).toContain("GITHUB_TOKEN=***");
    for (const value of [secret, other, "\u001b", "\u0007"]) expect(stderr).not.toContain(value);
    for (const line of key.split("\n").slice(1, -1)) expect(stderr).not.toContain(line.trim());
  });
});
