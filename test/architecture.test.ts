import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "./helpers/run.ts";

/** Rooms that each room may import; itself always. The entries at the top of `src` join everything and are not rooms. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  rules: ["model"],
  detect: ["model", "rules"],
  judge: ["model"],
  report: ["model"],
  formats: ["model"],
  content: ["model", "formats"],
  host: ["model"],
  config: ["model", "host", "formats"],
  source: ["model", "host", "formats"],
  setup: ["model", "host", "formats"],
  vault: ["model", "host", "config", "formats"],
  remedy: ["model", "host", "vault", "formats"],
  run: ["model", "host", "vault", "config", "formats"],
  commands: [
    "model",
    "host",
    "config",
    "source",
    "setup",
    "vault",
    "remedy",
    "run",
    "report",
    "judge",
    "rules",
    "detect",
    "content",
    "formats",
  ],
};

/** Rooms that see bytes and never the machine. */
const PURE = new Set(["model", "rules", "detect", "judge", "report", "content", "formats"]);
const MACHINE =
  /^node:(?:fs|fs\/promises|child_process|process|net|http|https|http2|tls|dgram|dns|worker_threads|os)$/;

/** The one file that may import each third-party package. */
const IMPORTERS: Readonly<Record<string, string>> = {
  "simple-git": "host/git.ts",
  "@clack/prompts": "host/prompt.ts",
  ignore: "source/ignore.ts",
  re2: "detect/regex.ts",
  "jsonc-parser": "formats/jsonc.ts",
  "toml-eslint-parser": "formats/toml.ts",
  yauzl: "formats/archive/zip.ts",
  valibot: "config/schema.ts",
  "npm-packlist": "source/pack/npm-static.ts",
  "@napi-rs/keyring": "vault/keychain-worker.ts",
  "cross-spawn": "run/start.ts",
  yaml: "formats/yaml.ts",
  "dockerfile-ast": "formats/dockerfile.ts",
  "@lezer/xml": "formats/xml.ts",
  "@lezer/common": "remedy/edit/syntax.ts",
  "@lezer/javascript": "remedy/edit/javascript.ts",
  "@lezer/python": "remedy/edit/python.ts",
  "@lezer/go": "remedy/edit/go.ts",
  "@lezer/java": "remedy/edit/java.ts",
  "@lezer/php": "remedy/edit/php.ts",
  "@lezer/rust": "remedy/edit/rust.ts",
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const SRC = path.join(PROJECT, "src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll(path.sep, "/"))
  .filter((name) => name.endsWith(".ts"));
const text = (file: string): string => readFileSync(path.join(SRC, file), "utf8");

const imports: readonly Import[] = files.flatMap((from) =>
  [
    ...text(from).matchAll(
      /^(?:import|export)\s[^;"]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\s*\(\s*"([^"]+)"/gm,
    ),
  ].map((found) => ({
    from,
    to: found[1] ?? found[2] ?? found[3] ?? "",
  })),
);

const roomOf = (file: string): string | null => (file.includes("/") ? (file.split("/")[0] ?? null) : null);
const target = ({ from, to }: Import): string => path.posix.join(path.posix.dirname(from), to);

test("every room is known", () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== null));
  expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  expect(imports.length).toBeGreaterThan(50);
});

test("rooms import only the rooms they may", () => {
  const wrong = imports.filter((line) => {
    if (!line.to.startsWith(".") || line.to.endsWith("/package.json")) return false;
    const from = roomOf(line.from);
    const to = roomOf(target(line));
    if (from === null || from === to) return false;
    return to === null
      ? !(from === "commands" && target(line) === "pipeline.ts")
      : MAY_IMPORT[from]?.includes(to) !== true;
  });
  expect(wrong).toEqual([]);
});

test("pure rooms never reach for the machine", () => {
  const wrong = imports.filter(({ from, to }) => PURE.has(roomOf(from) ?? "") && MACHINE.test(to));
  expect(wrong).toEqual([]);
  const globals = files.filter(
    (file) =>
      PURE.has(roomOf(file) ?? "") &&
      /\bprocess\.\w/.test(text(file).replace(/(["'`]|\/\*\*|\/\/|^ \*).*$/gm, "")),
  );
  expect(globals).toEqual([]);
});

test("each package has one importing file", () => {
  const wrong = imports.filter(
    ({ from, to }) => !to.startsWith(".") && !to.startsWith("node:") && IMPORTERS[to] !== from,
  );
  expect(wrong).toEqual([]);
});

test("commands never import each other, and main reaches them by import() only", () => {
  const index = "commands/index.ts";
  const commands = new Set(imports.filter((line) => line.from === index).map(target));
  const wrong = imports.filter(
    (line) => commands.has(target(line)) && line.from !== index && target(line) !== "commands/options.ts",
  );
  expect(commands.size).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
  expect(text(index)).not.toMatch(/^import (?!type )/m);
});

test("examples are for tests and the demo only", () => {
  const wrong = imports.filter(
    ({ from, to }) => /examples?(?:-\w+)*\.ts$/.test(to) && !/examples?(?:-\w+)*\.ts$/.test(from),
  );
  expect(wrong).toEqual([]);
});

test("a secret is exposed only where its value is needed", () => {
  const allowed = /^(?:model\/secret|judge\/fingerprint)\.ts$|^(?:remedy|vault|run|verify)\//;
  expect(files.filter((file) => /\.expose\(\)/.test(text(file)) && !allowed.test(file))).toEqual([]);
});

test("console is used nowhere, and files stay under 300 lines", () => {
  expect(files.filter((file) => /\bconsole\.(?:log|error|warn|info|debug|table)\b/.test(text(file)))).toEqual(
    [],
  );
  expect(files.filter((file) => text(file).split("\n").length > 300)).toEqual([]);
});

test("the hook's bundle reaches no third-party module before something is found", () => {
  const graph = new Map<string, string[]>();
  const load = (file: string): void => {
    if (graph.has(file)) return;
    const eager = [...text(file).matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm)].map(
      (found) => found[1] ?? "",
    );
    graph.set(
      file,
      eager.filter((to) => !to.startsWith(".")),
    );
    for (const to of eager) if (to.startsWith(".")) load(target({ from: file, to }));
  };
  load("hook.ts");
  expect(
    [...graph].flatMap(([file, packages]) =>
      packages.filter((name) => !name.startsWith("node:")).map((name) => `${file}: ${name}`),
    ),
  ).toEqual([]);
  expect([...graph.keys()].filter((file) => /^(?:report|commands|setup)\//.test(file))).toEqual([]);
});
