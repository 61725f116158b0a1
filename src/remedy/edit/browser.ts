import { isBuiltinName } from "./node-modules.ts";
import { parseJsonc } from "../../formats/jsonc.ts";
import type { Surroundings } from "../../model/edit.ts";
import type { ScriptFacts } from "./javascript-facts.ts";

/** Why a script ends in a browser. */
export interface BrowserReason {
  /** One clause: `it begins with "use client"`. */
  readonly why: string;
  /** Functions in it that the framework takes out of the bundle. */
  readonly exceptIn: ReadonlySet<string>;
}

/** Build tools copy variables with these beginnings into what they send to browsers. */
const PUBLIC = /^(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP)_/;

const FRAMEWORKS = [
  "react",
  "preact",
  "vue",
  "svelte",
  "solid-js",
  "@angular/core",
  "lit",
  "react-native",
  "@builder.io/qwik",
];
const BUNDLERS = [
  "vite",
  "webpack",
  "parcel",
  "parcel-bundler",
  "react-scripts",
  "@vue/cli-service",
  "@angular/cli",
  "@angular/build",
  "@rsbuild/core",
  "@rspack/core",
  "rollup",
  "esbuild",
  "snowpack",
  "gatsby",
  "expo",
  "react-native",
  "@builder.io/qwik-city",
];
/** Frameworks that render on a server, so that much of their code never leaves it. */
const BOTH_SIDES = [
  "next",
  "nuxt",
  "@remix-run/react",
  "@react-router/dev",
  "@sveltejs/kit",
  "@solidjs/start",
  "@tanstack/react-start",
];
const SERVER_PACKAGES =
  /^(?:express|fastify|koa|hono|@hono\/.*|@hapi\/.*|@nestjs\/.*|next\/(?:server|headers)|server-only|pg|mysql2?|mongodb|mongoose|ioredis|redis|@prisma\/client|nodemailer|dotenv(?:\/config)?|bun|@aws-sdk\/.*|firebase-admin(?:\/.*)?)$/;
/** Tools that run a browser, or play one: the page's objects in their scripts are no sign. */
const DRIVERS =
  /^(?:puppeteer.*|playwright.*|@playwright\/.*|jsdom|happy-dom|cypress|selenium-webdriver|webdriverio|vitest|@testing-library\/.*)$/;
const SERVER_FOLDERS =
  /(?:^|\/)(?:api|server|servers|backend|functions|netlify|lambda|scripts?|bin|tools?|cli|config|tests?|__tests__|e2e|cypress|migrations|seeds?|prisma|\.storybook|middleware|workers?)\//;
const SERVER_FILES =
  /(?:^|\/)\+server\.[cm]?[jt]s$|(?:^|\/)(?:server|middleware|instrumentation|entry-server|gulpfile|gruntfile)\.[cm]?[jt]sx?$|\.(?:server|config|test|spec|e2e|setup)\.[cm]?[jt]sx?$/i;
const CLIENT_FOLDERS =
  /^(?:src|app|client|web|components|pages|views|lib|hooks|stores?|composables|plugins|assets|public|static|www|js)\//;
/** React's functions that work in a browser only. */
const HOOKS = [
  "useState",
  "useEffect",
  "useLayoutEffect",
  "useReducer",
  "useRef",
  "useSyncExternalStore",
  "useTransition",
];

const NOTHING: ReadonlySet<string> = new Set();
const LOADERS: ReadonlySet<string> = new Set([
  "getServerSideProps",
  "getStaticProps",
  "getStaticPaths",
  "getInitialProps",
  "loader",
  "action",
  "headers",
]);

/** Whether a build tool would copy a variable of this name into the browser's bundle. */
export function isPublicName(name: string): boolean {
  return PUBLIC.test(name);
}

/**
 * Judges from its path, what it imports and uses, and the nearest package.json, whether a script ends in a browser's
 * bundle. In doubt it does not.
 */
export function browserReason(path: string, facts: ScriptFacts, project: Surroundings): BrowserReason | null {
  if (facts.directives.includes("use client")) return reason('it begins with "use client"');
  if (facts.directives.includes("use server")) return null;
  const { folder, packages } = nearestPackage(path, project);
  const local = path.slice(folder.length);
  if (SERVER_FOLDERS.test(local) || SERVER_FILES.test(local)) return null;
  const modules = [...facts.modules];
  if (modules.some((name) => name.startsWith("node:") || isBuiltinName(name) || SERVER_PACKAGES.test(name)))
    return null;
  if (HOOKS.some((name) => facts.imported.has(name)))
    return reason("it uses React's hooks, which run in a browser");
  const [page] = facts.pageGlobals;
  if (page !== undefined && !modules.some((name) => DRIVERS.test(name)))
    return reason(`it uses ${page}, which is in browsers only`);
  return byPackage(local, folder, packages, project);
}

function byPackage(
  local: string,
  folder: string,
  packages: ReadonlySet<string>,
  project: Surroundings,
): BrowserReason | null {
  const has = (names: readonly string[]): string | undefined => names.find((name) => packages.has(name));
  const both = has(BOTH_SIDES);
  if (both !== undefined) return bySides(local, both);
  const bundler = has(BUNDLERS);
  const framework = has(FRAMEWORKS);
  if (!CLIENT_FOLDERS.test(local) && local.includes("/")) return null;
  if (framework === "react-native") return reason("it becomes part of an app that users install");
  if (bundler === undefined || !CLIENT_FOLDERS.test(local)) return null;
  const page = project.read(`${folder}index.html`) !== null;
  if (framework === undefined && !page) return null;
  return reason(`${bundler} bundles it for browsers${framework === undefined ? "" : ` with ${framework}`}`);
}

/** Frameworks with code for both sides say by path which is which. */
function bySides(local: string, framework: string): BrowserReason | null {
  const path = local.replace(/^src\//, "");
  if (framework === "next")
    return path.startsWith("pages/") && !path.startsWith("pages/_document.")
      ? { why: "Next.js sends pages to browsers", exceptIn: LOADERS }
      : null;
  if (framework === "@sveltejs/kit")
    return /(?:^|\/)\+(?:page|layout)\.[jt]s$/.test(path)
      ? reason("SvelteKit runs it in browsers too")
      : null;
  if (framework === "nuxt")
    return /^(?:app\/)?(?:components|composables|pages|plugins|stores?|layouts)\//.test(path)
      ? reason("Nuxt runs it in browsers too")
      : null;
  return /^(?:app|routes)\//.test(path)
    ? { why: "the router sends routes to browsers", exceptIn: LOADERS }
    : null;
}

function reason(why: string): BrowserReason {
  return { why, exceptIn: NOTHING };
}

/** The nearest package.json above a file: its folder with a slash at the end, and what it depends on. */
function nearestPackage(
  path: string,
  project: Surroundings,
): { folder: string; packages: ReadonlySet<string> } {
  for (let folder = path; ;) {
    const cut = folder.lastIndexOf("/", folder.length - 2);
    folder = folder.slice(0, cut + 1);
    const text = project.read(`${folder}package.json`);
    if (text !== null) return { folder, packages: dependencies(text) };
    if (folder === "") return { folder, packages: NOTHING };
  }
}

function dependencies(text: string): ReadonlySet<string> {
  const manifest = parseJsonc(text).value as Record<string, unknown> | null | undefined;
  const lists = ["dependencies", "devDependencies", "peerDependencies"].map((key) => manifest?.[key]);
  return new Set(
    lists.flatMap((list) => (typeof list === "object" && list !== null ? Object.keys(list) : [])),
  );
}
