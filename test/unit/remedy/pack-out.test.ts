import { expect, test } from "vitest";
import { packOut } from "../../../src/remedy/pack-out.ts";

type Files = Readonly<Record<string, string>>;

/** What a folder `pkg` with these files becomes. */
async function outOf(files: Files, path: string, included: string | null) {
  const read = (file: string): string | null => files[file.replace(/^pkg\//, "")] ?? null;
  const { changes, byHand } = packOut({ folder: "pkg", path, included }, read);
  const after: Record<string, string | null> = {};
  for (const change of changes) {
    const text = read(change.path);
    const encoding = change.bytes === true ? "latin1" : "utf8";
    const given = text === null ? null : Buffer.from(text).toString(encoding);
    const made = await change.change(given);
    after[change.path] = made === null ? null : Buffer.from(made, encoding).toString();
  }
  return { after, byHand, says: changes.map(({ says }) => says) };
}

const MANIFEST = '{\n  "name": "demo",\n  "files": ["*"]\n}\n';

test.each([
  ['files[0] "*"', "package.json", MANIFEST, '"!conf/.env"'],
  [".npmignore switches .gitignore off", ".npmignore", "a\n", "/conf/.env"],
  ['no "files", not named in .npmignore', ".npmignore", "!conf/.env", "!conf/.env\n/conf/.env\n"],
  ['no "files", no .npmignore, no .gitignore', ".gitignore", undefined, "/conf/.env"],
  ["MANIFEST.in line 3", "MANIFEST.in", "graft .\r\n", "graft .\r\nexclude x-y/.env\r\n"],
  ["setuptools-scm takes all that git tracks", "MANIFEST.in", undefined, "exclude x-y/.env\n"],
] as const)("keeps a file out that is in by %s", async (reason, file, text, added) => {
  const name = added.includes("x-y") ? "x-y/.env" : "conf/.env";
  const { after, byHand } = await outOf(text === undefined ? {} : { [file]: text }, name, reason);
  expect(Object.keys(after)).toEqual([`pkg/${file}`]);
  expect(after[`pkg/${file}`]).toContain(added);
  expect(byHand).toBeNull();
});

test.each([
  [["src", "./.env"], ["src"]],
  [
    ["*", ".env"],
    ["*", "!.env"],
  ],
  [
    ["!.env", "**/*"],
    ["!.env", "**/*", "!.env"],
  ],
])("files %j become %j", async (files, expected) => {
  const text = JSON.stringify({ files, name: "demo" }, null, 2);
  const { after } = await outOf({ "package.json": text }, ".env", 'files[1] "./.env"');
  expect(JSON.parse(after["pkg/package.json"] ?? "")).toEqual({ files: expected, name: "demo" });
});

test.each([
  [
    "hatchling takes all that the top .gitignore does not name",
    '[tool.hatch.build]\nexclude = ["/a/\\\\[b\\\\]/é.pem"]',
  ],
  ["poetry takes the package folder without what git ignores", '[tool.poetry]\nexclude = ["a/[[]b]/é.pem"]'],
  ["pdm takes the whole package folder", '[tool.pdm.build]\nexcludes = ["a/[[]b]/é.pem"]'],
])("%s: an entry in pyproject.toml", async (reason, added) => {
  const { after, byHand, says } = await outOf({ "pyproject.toml": 'a = "é"' }, "a/[b]/é.pem", reason);
  expect(after["pkg/pyproject.toml"]).toBe(`a = "é"\n\n${added}\n`);
  expect(byHand).toBeNull();
  // Nothing has been built yet.
  expect(says[0]).toMatch(/check-pack will show/);
});

test("a hatch target that has a list of its own gains the entry too", async () => {
  const text = '[tool.hatch.build.targets.wheel]\nexclude = [\n  "x", # why\n]\n';
  const { after } = await outOf({ "pyproject.toml": text }, "a/.env", "hatchling takes it");
  expect(after["pkg/pyproject.toml"]).toBe(
    '[tool.hatch.build.targets.wheel]\nexclude = [\n  "x", "/a/.env", # why\n]\n\n[tool.hatch.build]\nexclude = ["/a/.env"]\n',
  );
});

test("setuptools: out of the sdist, and out of the data of every package that may own it", async () => {
  const files = {
    "pyproject.toml": '[project]\nname = "demo"\n[tool.setuptools.packages.find]\nwhere = ["lib"]\n',
    "MANIFEST.in": "graft lib\n",
  };
  const { after } = await outOf(files, "lib/demo/conf/.env", "setuptools takes it as package data");
  expect(after["pkg/MANIFEST.in"]).toBe("graft lib\nexclude lib/demo/conf/.env\n");
  expect(after["pkg/pyproject.toml"]).toContain(
    '[tool.setuptools.exclude-package-data]\n"demo.conf" = [".env"]\ndemo = ["conf/.env"]\n',
  );
});

test.each([
  [{}, ".env", "always included", /no list is known/],
  [{}, ".env", null, /no list is known/],
  [{}, "a\nb/.env", 'files[0] "*"', /rename/],
  [{}, "a\\xff/.env", 'files[0] "*"', /rename/],
  [{}, "demo/.env", "flit takes the whole package folder", /no setting/],
  [{ "pyproject.toml": "a = " }, "demo/.env", "poetry takes it", /by|add it to exclude/],
  [{ "pyproject.toml": "[tool]\nuv = 1\n" }, "demo/.env", "uv takes it", /source-exclude/],
  [{ "package.json": "{" }, "demo/.env", 'files[0] "*"', /"files" in package.json/],
  [{ ".npmignore": "/.env\n" }, ".env", 'no "files", not named in .npmignore', /names it already/],
  [{ "setup.py": "" }, "demo/.env", "MANIFEST.in line 1", /package_data/],
] as const)("%j: %j by %s is left to a person", async (files, path, reason, said) => {
  const { after, byHand } = await outOf(files, path, reason);
  expect(byHand).toMatch(said);
  expect(Object.keys(after).filter((file) => !file.endsWith("MANIFEST.in"))).toEqual([]);
});
