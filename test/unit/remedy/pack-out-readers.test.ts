import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { run, scratch } from "../../helpers/run.ts";
import { readNpmManifest } from "../../../src/source/pack/manifest.ts";
import { staticNpmList } from "../../../src/source/pack/npm-static.ts";
import { packOut } from "../../../src/remedy/pack-out.ts";
import { excludeFromManifest, pythonGlob } from "../../../src/remedy/pack-rules.ts";
import { addToTomlArray, tomlArray } from "../../../src/remedy/toml-array.ts";

/** Names that mean something to one list or the other. */
const part = fc
  .string({ unit: fc.constantFrom(..."ab[]{}()!#+@, .é\u00a0Ģ-^$'\"".split("")), minLength: 1, maxLength: 7 })
  .filter((text) => !/^\.{1,2}$/.test(text) && text.trim() !== "");
const PYTHON = process.env["STOWAWAY_TEST_PYTHON"] ?? "python3";

async function npmList(dir: string): Promise<string[]> {
  const manifest = await readNpmManifest(dir);
  if (manifest === null) throw new Error("there is a package.json");
  return (await staticNpmList(dir, manifest)).map((name) => name.replace(/^\.\//, ""));
}

test.each([
  ["files", 'files[0] "x"'],
  ["npmignore", 'no "files", not named in .npmignore'],
  ["gitignore", 'no "files", no .npmignore, no .gitignore'],
])("npm's own list leaves out that file, and no other: %s", async (way, reason) => {
  await fc.assert(
    fc.asyncProperty(part, part, fc.boolean(), async (folder, name, deep) => {
      const dir = scratch();
      const file = deep ? `x/${folder}/${name}` : `x/${name}`;
      const files: Record<string, string> = {
        "package.json": JSON.stringify({
          name: "demo",
          version: "1.0.0",
          ...(way === "files" && { files: ["x"] }),
        }),
        ...(way === "npmignore" && { ".npmignore": "other\n" }),
        [file]: "1",
        [`${file}x`]: "1",
      };
      const write = (all: Readonly<Record<string, string>>): void => {
        for (const [each, text] of Object.entries(all)) {
          mkdirSync(path.dirname(path.join(dir, each)), { recursive: true });
          writeFileSync(path.join(dir, each), text);
        }
      };
      try {
        write(files);
        const before = await npmList(dir);
        fc.pre(before.includes(file));
        const { changes } = packOut(
          { folder: "", path: file, included: reason },
          (each) => files[each] ?? null,
        );
        for (const change of changes) {
          const encoding = change.bytes === true ? "latin1" : "utf8";
          const text = files[change.path];
          const made = await change.change(text === undefined ? null : Buffer.from(text).toString(encoding));
          writeFileSync(path.join(dir, change.path), Buffer.from(made ?? "", encoding));
        }
        expect(await npmList(dir)).toEqual(before.filter((each) => each !== file));
      } finally {
        rmSync(dir, { recursive: true });
      }
    }),
    { numRuns: 150, seed: 4 },
  );
});

const FILE_LIST = `
import io, json, os, sys, tempfile
from setuptools.command.egg_info import FileList
from setuptools._distutils.text_file import TextFile
answers = []
for name, text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".in") as template:
        template.write(text)
        template.flush()
        with open(template.name, encoding="utf-8") as lines:
            reader = TextFile(template.name, file=lines, strip_comments=1, skip_blanks=1, join_lines=1,
                              lstrip_ws=1, rstrip_ws=1, collapse_join=1)
            files = FileList()
            files.files = [name, "keep/" + name + "x"]
            for line in reader.readlines():
                files.process_template_line(line)
    answers.append(files.files)
json.dump(answers, sys.stdout)
`;

test("setuptools' own reader of MANIFEST.in leaves it out", async () => {
  const name = fc
    .string({ unit: fc.constantFrom(..."ab[]*?!#\\ .é\t-".split("")), minLength: 1, maxLength: 7 })
    .filter((text) => !/^\.{1,2}$/.test(text));
  const names = fc.sample(fc.tuple(name, name), { numRuns: 150, seed: 5 }).map((parts) => parts.join("/"));
  const cases = names.map((each) => [each, excludeFromManifest(null, "exclude", each)]);
  const { stdout, stderr } = await run(PYTHON, ["-c", FILE_LIST], { input: JSON.stringify(cases) });
  expect(stdout, stderr).not.toBe("");
  expect(JSON.parse(stdout)).toEqual(names.map((each) => [`keep/${each}x`]));
});

test("a pattern of Python matches its own name", async () => {
  const names = fc.sample(
    fc.string({ unit: fc.constantFrom(..."ab[]*?!\\ .é-".split("")), minLength: 1, maxLength: 7 }),
    { numRuns: 200, seed: 6 },
  );
  const script =
    "import fnmatch, json, sys\njson.dump([fnmatch.fnmatchcase(a, b) and not fnmatch.fnmatchcase(a + 'x', b) for a, b in json.load(sys.stdin)], sys.stdout)";
  const cases = names.map((name) => [name, pythonGlob(name)]);
  const { stdout } = await run(PYTHON, ["-c", script], { input: JSON.stringify(cases) });
  expect(JSON.parse(stdout)).toEqual(names.map(() => true));
});

test.each([
  ["", '\n[tool.x]\nl = ["e"]\n'],
  ["[tool.x]\n", '[tool.x]\nl = ["e"]\n'],
  ["[tool.x] # c\r\nb = 1\r\n", '[tool.x] # c\r\nl = ["e"]\r\nb = 1\r\n'],
  ["[tool.x]\nl = []\n", '[tool.x]\nl = ["e"]\n'],
  ["tool.x.l = [ # c\n  ]\n", 'tool.x.l = ["e" # c\n  ]\n'],
  ['tool = { x = { l = ["a"] } }', 'tool = { x = { l = ["a", "e"] } }'],
  ["[tool.x]\nl = [\n  'a', # c\n  'b'\n]\n", "[tool.x]\nl = [\n  'a', # c\n  'b', \"e\"\n]\n"],
  ["[tool]\nx.y = 1\n", null],
  ["tool = { x = {} }", null],
  ["[[tool.x]]\nl = 1\n", null],
  ["[tool.x]\nl = 'a'\n", null],
  ["[tool.x]\nl = [{ a = 1 }]\n", null],
  ["[tool.x", null],
])("%j gains an entry", (text, after) => {
  expect(addToTomlArray(text, ["tool", "x", "l"], "e")).toBe(after);
});

test("any entry, whatever is in it, is what TOML reads again", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", 'a = "é"\n', "[t]\nl = ['x']"),
      (entry, text) => {
        const after = addToTomlArray(text, ["t", "l"], entry);
        expect(after === null ? null : tomlArray(after, ["t", "l"])?.at(-1)).toBe(entry);
      },
    ),
    { seed: 7 },
  );
});
