/** Tells whether a program of this name is among the project's installed packages. */
type IsLocal = (program: string) => boolean;

/** Sub-commands that fetch packages, whose own code then runs; aliases included. */
const INSTALLS: Readonly<Record<string, string>> = {
  npm:
    "install add i in ins inst insta instal isnt isnta isntal isntall ci clean-install ic install-clean " +
    "isntall-clean install-test it install-ci-test cit clean-install-test sit update up upgrade udpate rebuild " +
    "rb link ln dedupe ddp init create innit uninstall remove rm r un unlink audit-fix",
  pnpm:
    "install add i it install-test ci update up upgrade dlx create rebuild rb link ln fetch dedupe import " +
    "uninstall remove rm un deploy approve-builds self-update",
  yarn: "install add up upgrade upgrade-interactive dlx create global dedupe rebuild remove link import focus",
  bun: "install add i a update upgrade remove rm create c link patch",
  deno: "install add i update outdated upgrade cache",
  pip: "install download wheel",
  pipx: "install install-all inject run upgrade upgrade-all reinstall reinstall-all",
  uv: "add sync lock remove pip tool",
  poetry: "install add update sync self",
  pdm: "install add update sync self",
  pipenv: "install sync update upgrade",
  conda: "install create update upgrade env",
  gem: "install i update",
  bundle: "install update add",
  cargo: "install binstall add update fetch",
  go: "install get",
  composer: "install i update u upgrade require r create-project global reinstall remove",
};
/** Sub-commands that take a program from the project, and from the registry where the project has none. */
const BORROWS: Readonly<Record<string, string>> = { npm: "exec x", bun: "x" };
/** Sub-commands whose arguments are another command line. */
const HANDS_ON: Readonly<Record<string, string>> = {
  pnpm: "exec",
  yarn: "exec",
  uv: "run",
  poetry: "run",
  pdm: "run",
  pipenv: "run",
  conda: "run",
  bundle: "exec e",
  composer: "exec",
};
const INSTALLS_BARE = new Set(["yarn", "bundle"]);
const SHORT_FOR: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["npx", ["npm", "exec"]],
  ["bunx", ["bun", "x"]],
  ["pnpx", ["pnpm", "dlx"]],
  ["uvx", ["uv", "tool"]],
]);
/** Options of the programs above whose value is a word of its own; of others, a word after them is looked at twice. */
const WITH_VALUE =
  /^(?:--(?:prefix|dir|cwd|workspace|filter|loglevel|registry|userconfig|globalconfig|cache|directory|project|python|working-dir|manifest-path|color|config)|-[CwF])$/;
/** After these, a program's own words follow. */
const HARMLESS = /^(?:run|run-script|start|stop|restart|test|t|publish|pack|build|version|view|whoami)$/;
/** Yarn has these before its sub-commands, the first with a name after it. */
const WORKSPACE = /^workspaces?$/;
/** Programs that start another one, named among their arguments. */
const WRAPPER =
  /^(?:env|sudo|doas|nohup|nice|ionice|time|timeout|command|exec|xargs|setsid|stdbuf|strace|winpty|tini|dumb-init|corepack|cross-env|dotenv|dotenvx|node|nodejs|python|pypy|py|ruby|php)$/;
const SHELL = /^(?:sh|bash|dash|zsh|ksh|ash|fish|busybox|cmd|powershell|pwsh|cross-env-shell)$/;

/**
 * Says whether a command line installs packages: their scripts would get what it is given, and that is what worms are
 * after. A guard against accidents, which knows the usual forms; what a script does inside is not looked at.
 *
 * @param line the program and its arguments
 * @returns for people, `npm install`; null where it does not
 */
export function installerIn(line: readonly string[], isLocal: IsLocal): string | null {
  const [command = "", ...args] = line;
  const name = baseName(command);
  const [program, ...words] = [...(SHORT_FOR.get(name) ?? [name]), ...args];
  if (isManager(program)) return managerInstalls(program, words, isLocal);
  const script = SHELL.test(program)
    ? first(args.flatMap(simpleCommands), (inner) => installerIn(inner, isLocal))
    : null;
  if (script !== null || !(SHELL.test(program) || WRAPPER.test(program))) return script;
  const inner = args.map((word) => word.replace(/^-m(?=.)/, ""));
  const at = inner.findIndex((word) => {
    const starts = baseName(word);
    return isManager(starts) || SHORT_FOR.has(starts) || SHELL.test(starts) || WRAPPER.test(starts);
  });
  return at === -1 ? null : installerIn(inner.slice(at), isLocal);
}

function isManager(program: string | undefined): program is string {
  return program !== undefined && Object.hasOwn(INSTALLS, program);
}

function managerInstalls(program: string, args: readonly string[], isLocal: IsLocal): string | null {
  const has = (table: Readonly<Record<string, string>>, word: string): boolean =>
    table[program]?.split(" ").includes(word) === true;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const rest = args.slice(at + 1);
    if (word.startsWith("-")) {
      if (/^(?:--?version|--?help|-v|-V|-h)$/.test(word)) return null;
      if (WITH_VALUE.test(word)) at += 1;
    } else if (has(INSTALLS, word) || has(INSTALLS, `${word}-${rest[0]}`)) return `${program} ${word}`;
    else if (has(BORROWS, word)) return borrows(program, rest, isLocal);
    else if (has(HANDS_ON, word)) return installerIn(afterOptions(rest), isLocal);
    else if (program === "yarn" && WORKSPACE.test(word)) at += word === "workspace" ? 1 : 0;
    else if (HARMLESS.test(word) || !isMaybeValue(args[at - 1])) return null;
  }
  return INSTALLS_BARE.has(program) ? `${program} install` : null;
}

function isMaybeValue(before: string | undefined): boolean {
  return before !== undefined && before.startsWith("-") && !before.includes("=");
}

/** `npx NAME` and its like. */
function borrows(program: string, args: readonly string[], isLocal: IsLocal): string | null {
  const label = `${program} exec, which fetches what the project has not installed`;
  const never = args.some((word) => word === "--no" || word === "--no-install");
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (/^(?:-p|--package)(?:=|$)/.test(word) && !never) return label;
    if (/^(?:-c|--call)$/.test(word)) return installerIn(["sh", "-c", args[at + 1] ?? ""], isLocal);
    if (WITH_VALUE.test(word)) at += 1;
    else if (!word.startsWith("-"))
      return never || isLocal(word) ? installerIn(args.slice(at), isLocal) : label;
  }
  return null;
}

function afterOptions(args: readonly string[]): readonly string[] {
  const at = args.findIndex((word) => !word.startsWith("-"));
  return at === -1 ? [] : args.slice(at);
}

/** The words of each command in a shell's script, roughly: quotes and assignments are passed over. */
function simpleCommands(script: string): string[][] {
  return script.split(/[;&|()`\n{}]+/).map((part) =>
    part
      .split(/\s+/)
      .map((word) => word.replaceAll(/["'$]/g, ""))
      .filter((word) => word !== "")
      .filter(
        (word, index, words) =>
          !words.slice(0, index + 1).every((one) => /^\w+=|^(?:if|then|do|!)$/.test(one)),
      ),
  );
}

function baseName(command: string): string {
  const name = command.toLowerCase().split(/[\\/]/).at(-1) ?? "";
  return name
    .replace(/\.(?:cmd|exe|bat|ps1|[cm]?js|py|phar)$/, "")
    .replace(/-cli$/, "")
    .replace(/^(pip|python|pypy|gem|bundle|ruby|php)[\d.]+$/, "$1")
    .replace(/^bundler$/, "bundle")
    .replace(/^(?:mamba|micromamba)$/, "conda")
    .replace(/^(?:cnpm|tnpm)$/, "npm");
}

function first<T>(items: readonly T[], look: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = look(item);
    if (found !== null) return found;
  }
  return null;
}
