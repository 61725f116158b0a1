import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { TestContext } from "vitest";
import { findProgram } from "../../helpers/interpreters.ts";
import { PROJECT, scratch, scrubbed } from "../../helpers/run.ts";
import { edit, filled, valueOf } from "../../unit/remedy/edit/editing.ts";

const NAMES = ["K", "U", "W"];
const PROGRAMS = new URL("programs/", import.meta.url);
const room = scratch("stowaway-languages-");
afterAll(() => rmSync(room, { recursive: true, force: true }));

interface Language {
  readonly program: string;
  /** What it takes to run it; the first that is missing is named. */
  readonly needs: readonly string[];
  /** Runs the file in its own folder and gives what it prints. */
  run(file: string, start: Start): string;
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs a program without a shell and gives its standard output. */
type Start = (program: string, ...args: readonly string[]) => string;

const TSC = path.join(PROJECT, "node_modules/typescript/bin/tsc");
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    noPropertyAccessFromIndexSignature: true,
    exactOptionalPropertyTypes: true,
    target: "es2022",
    module: "nodenext",
    jsx: "react",
    jsxFactory: "h",
    outDir: "out",
    rootDir: ".",
    typeRoots: [path.join(PROJECT, "node_modules/@types")],
    types: ["node"],
  },
  files: ["main.tsx"],
});

const LANGUAGES: readonly Language[] = [
  { program: "main.mjs", needs: ["node"], run: (file, start) => start(process.execPath, file) },
  {
    program: "main.tsx",
    needs: ["node"],
    files: { "tsconfig.json": TSCONFIG, "package.json": '{ "type": "module" }' },
    run: (file, start) => {
      start(process.execPath, TSC, "-p", path.dirname(file));
      return start(process.execPath, path.join(path.dirname(file), "out/main.js"));
    },
  },
  { program: "main.py", needs: ["python3"], run: (file, start) => start("python3", file) },
  {
    program: "main.go",
    needs: ["go", "gofmt"],
    run: (file, start) => {
      expect(start("gofmt", "-l", file)).toBe("");
      return start("go", "run", file);
    },
  },
  { program: "Main.java", needs: ["java"], run: (file, start) => start("java", file) },
  { program: "main.php", needs: ["php"], run: (file, start) => start("php", file) },
  {
    program: "main.rs",
    needs: ["rustc", "cc"],
    run: (file, start) => {
      const binary = path.join(path.dirname(file), "main.bin");
      start("rustc", "--edition", "2021", "-C", "opt-level=0", "-D", "warnings", "-o", binary, file);
      return start(binary);
    },
  },
  { program: "main.rb", needs: ["ruby"], run: (file, start) => start("ruby", "-w", file) },
  { program: "main.sh", needs: ["sh"], run: (file, start) => start("sh", file) },
  { program: "main.bash", needs: ["bash"], run: (file, start) => start("bash", file) },
];

/** Skips a test where a program is missing; in CI it fails instead. */
function require(context: TestContext, programs: readonly string[]): void {
  const missing = programs.find((program) => findProgram(program) === null);
  if (missing === undefined) return;
  const sentence = `Install ${missing}: rewritten programs of its language are run with it.`;
  if (process.env["CI"] !== undefined) throw new Error(sentence);
  context.skip(sentence);
}

/** Tool chains keep their parts in the home folder, which the tests replace. */
function environment(home: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...scrubbed(home),
    RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? path.join(homedir(), ".rustup"),
    CARGO_HOME: process.env["CARGO_HOME"] ?? path.join(homedir(), ".cargo"),
    GOCACHE: path.join(PROJECT, "node_modules/.cache/stowaway-go"),
    GOPATH: path.join(home, "go"),
    GO111MODULE: "off",
    GOTOOLCHAIN: "local",
    LC_ALL: "C.UTF-8",
    ...values,
  };
}

/** Writes a program with the files it needs into a folder of its own, and runs it; its output is no output of ours. */
function runIn(
  folder: string,
  language: Language,
  text: string,
  values: Readonly<Record<string, string>>,
): string {
  const home = path.join(room, folder, "home");
  mkdirSync(home, { recursive: true });
  for (const [name, content] of Object.entries({ ...language.files, [language.program]: text }))
    writeFileSync(path.join(room, folder, name), content);
  const env = environment(home, values);
  const cwd = path.join(room, folder);
  return language.run(path.join(room, folder, language.program), (program, ...args) =>
    execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
  );
}

test.for(LANGUAGES)(
  "$program prints with variables what it printed with values",
  async (language, context) => {
    require(context, language.needs);
    const template = readFileSync(new URL(`${language.program}.in`, PROGRAMS), "utf8");
    const { text, places } = filled(template);
    const edited = await edit(language.program, text, places, language.files);
    expect(edited.result.refused).toEqual([]);
    for (const name of NAMES) expect(edited.text.includes(valueOf(name))).toBe(false);
    const before = runIn(`${language.program}-before`, language, text, {});
    const values = Object.fromEntries(NAMES.map((name) => [name, valueOf(name)]));
    const after = runIn(`${language.program}-after`, language, edited.text, values);
    // Not compared by expect, whose message would show the values.
    expect(after === before, "the output differs").toBe(true);
    expect(NAMES.every((name) => before.includes(valueOf(name)))).toBe(true);
  },
);
