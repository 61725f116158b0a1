import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { defineConfig } from "rolldown";
import type { PluginContext, RolldownOptions } from "rolldown";
import { printPrefilter } from "./src/detect/prefilter.ts";
import { RULES } from "./src/rules/index.ts";

/**
 * Puts the finished automaton where its building stands: the hook starts without the rules. It is a file beside the
 * code, since JavaScript of that size takes 3 ms to read.
 *
 * @param folder where the bundle's file lies that holds the module, relative to `dist`
 */
const compiledRules = (folder: string) => ({
  name: "compiled-rules",
  load(id: string): string | null {
    if (!/[\\/]detect[\\/]table\.ts$/.test(id)) return null;
    return `import { readFileSync } from "node:fs";
import { lazyPrefilter } from "./lazy-prefilter.ts";
const file = __dirname + ${JSON.stringify(`${folder}/prefilter.jsonl`)};
export const PREFILTER = lazyPrefilter(() => readFileSync(file, "latin1"));
`;
  },
  writeBundle(): void {
    writeFileSync("dist/prefilter.jsonl", printPrefilter(RULES));
  },
});

/** Licences of the libraries that the bundle holds, since minified code keeps none of them. */
const notices = {
  name: "notices",
  writeBundle(this: PluginContext): void {
    const folders = [...this.getModuleIds()].flatMap(
      (id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? [],
    );
    const texts = [...new Set(folders)].toSorted().map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Record<
        string,
        string
      >;
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version} (${license})\n\n${file === undefined ? "" : readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
    });
    writeFileSync("dist/NOTICES.txt", texts.join(`\n${"-".repeat(72)}\n\n`));
  },
};

/** Natives stay outside; CommonJS starts 4 ms faster than ESM and lets `import()` be a lazy require. */
const common = {
  platform: "node",
  external: ["re2", "@napi-rs/keyring"],
  // Without "module" first, jsonc-parser's UMD file breaks at run time.
  resolve: { mainFields: ["module", "main"] },
} satisfies RolldownOptions;

const output = { format: "cjs", entryFileNames: "[name].cjs" } as const;

export default defineConfig([
  {
    ...common,
    input: {
      bin: "src/bin.ts",
      "check-pack": "src/check-pack.ts",
      "keychain-worker": "src/vault/keychain-worker.ts",
      secrets: "src/secrets.ts",
    },
    plugins: [compiledRules("/.."), notices],
    output: {
      ...output,
      dir: "dist",
      chunkFileNames: "chunks/[name]-[hash].cjs",
      minify: true,
      cleanDir: true,
    },
  },
  // A build of its own: what the hook needs at once stands in one file, and shares no chunk with the rest. Left alone,
  // the bundler may put its own helpers into another: a file more to read, and where it is missing, Node answers 1.
  {
    ...common,
    input: { hook: "src/hook.ts" },
    plugins: [compiledRules("")],
    output: {
      ...output,
      dir: "dist",
      chunkFileNames: "hook/[name]-[hash].cjs",
      minify: true,
      codeSplitting: { groups: [{ name: "hook", test: /rolldown.runtime|src.hook\.ts/ }] },
    },
  },
  // Runs from the project's folder only; never published.
  {
    ...common,
    input: { bench: "test/bench/commit.ts", "bench-run": "test/bench/run.ts", demo: "test/demo/demo.ts" },
    output: { ...output, dir: "build", chunkFileNames: "[name].cjs" },
  },
]);
