import type { EditorEntry } from "../../model/edit.ts";

/** Editors of programming languages. To add one: a file, and its line here. */
export const LANGUAGES: readonly EditorEntry[] = [
  {
    matches: (path) => /\.(?:d\.[cm]?ts|pyi)$/i.test(path),
    load: async () => (await import("./pages.ts")).declarations,
  },
  {
    matches: (path) => /\.(?:vue|svelte|astro|html?|xhtml)$/i.test(path),
    load: async () => (await import("./pages.ts")).pages,
  },
  {
    matches: (path) => /\.(?:js|mjs|cjs|jsx)$/i.test(path),
    load: async () => (await import("./javascript.ts")).javascript,
  },
  {
    matches: (path) => /\.(?:ts|mts|cts)$/i.test(path),
    load: async () => (await import("./javascript.ts")).typescript,
  },
  {
    matches: (path) => /\.tsx$/i.test(path),
    load: async () => (await import("./javascript.ts")).tsx,
  },
  {
    matches: (path) => /\.pyw?$/i.test(path),
    load: async () => (await import("./python.ts")).python,
  },
  {
    matches: (path) => /\.go$/i.test(path),
    load: async () => (await import("./go.ts")).go,
  },
  {
    matches: (path) => /\.java$/i.test(path),
    load: async () => (await import("./java.ts")).java,
  },
  {
    matches: (path) => /\.kts?$/i.test(path),
    load: async () => (await import("./kotlin.ts")).kotlin,
  },
  {
    matches: (path) => /\.cs$/i.test(path),
    load: async () => (await import("./csharp.ts")).csharp,
  },
  {
    matches: (path) => /\.(?:php|phtml)$/i.test(path),
    load: async () => (await import("./php.ts")).php,
  },
  {
    matches: (path) => /\.rs$/i.test(path),
    load: async () => (await import("./rust.ts")).rust,
  },
  {
    matches: (path) => /\.(?:rb|rake|gemspec|ru)$|(?:^|\/)(?:Rakefile|Gemfile)$/i.test(path),
    load: async () => (await import("./ruby.ts")).ruby,
  },
  {
    matches: (path) => /\.(?:sh|bash|zsh|ksh)$|(?:^|\/)\.envrc$/i.test(path),
    load: async () => (await import("./shell.ts")).shell,
  },
];
