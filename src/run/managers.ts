/** What is known of a program that installs packages. Each text is a list of words with blanks between them. */
export interface Manager {
  /** Sub-commands that fetch packages, whose own code then runs; aliases included. Those of two words have a `+` there. */
  readonly installs: string;
  /** Whether it installs without any sub-command. */
  readonly bare?: boolean;
  /** Sub-commands that take a program from the project, and from the registry where the project has none. */
  readonly borrows?: string;
  /** Sub-commands among whose arguments another command line stands. */
  readonly handsOn?: string;
  /** Sub-commands that hand on, but install before, unless one of these lists of options is given in full. */
  readonly installsFirst?: Readonly<Record<string, readonly string[]>>;
  /** What stands before the sub-command with a word of its own after it; of options in neither list, that is not known. */
  readonly values?: string;
  /** What stands there alone, besides the usual options. */
  readonly flags?: string;
}

const NPM: Manager = {
  installs:
    "install add i in ins inst insta instal isnt isnta isntal isntall ci clean-install ic install-clean " +
    "isntall-clean install-test it install-ci-test cit clean-install-test sit update up upgrade udpate rebuild " +
    "rb link ln dedupe ddp init create innit uninstall remove rm r un unlink audit+fix",
  borrows: "exec x",
  handsOn: "explore",
  values:
    "--prefix -C --workspace -w --loglevel --registry --userconfig --globalconfig --cache --script-shell",
  flags: "-ws --workspaces --include-workspace-root --foreground-scripts",
};

const CONDA: Manager = { installs: "install create update upgrade env", handsOn: "run" };

/** Programs that do nothing but install. */
const INSTALLER: Manager = { installs: "", bare: true };

/** By their names without folder and version. */
export const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: NPM,
  cnpm: NPM,
  tnpm: NPM,
  pnpm: {
    installs:
      "install add i it install-test ci update up upgrade dlx create rebuild rb link ln fetch dedupe import " +
      "uninstall remove rm un deploy approve-builds self-update",
    handsOn: "exec",
    values: "--dir -C --filter -F --loglevel --registry --reporter",
    flags: "-w --workspace-root -r --recursive",
  },
  yarn: {
    installs:
      "install add up upgrade upgrade-interactive create global dedupe rebuild remove link import focus dlx",
    bare: true,
    handsOn: "exec",
    values: "workspace --cwd --registry --cache-folder --modules-folder",
    flags: "workspaces foreach",
  },
  bun: {
    installs: "install add i a update upgrade remove rm create c link patch",
    borrows: "x",
    values: "--cwd --config -c --filter -F --preload -r",
  },
  deno: { installs: "install add i update outdated upgrade cache" },
  pip: { installs: "install download wheel", values: "--python --log --proxy --cache-dir --timeout" },
  pipx: { installs: "install install-all inject run upgrade upgrade-all reinstall reinstall-all" },
  uv: {
    installs: "add sync lock remove tool+install tool+run tool+upgrade pip+install pip+sync pip+compile",
    installsFirst: { run: ["--no-sync", "--frozen --no-build"] },
    values:
      "--directory --project --python -p --package --group --extra --cache-dir --config-file --env-file --color",
  },
  poetry: { installs: "install add update sync self", handsOn: "run", values: "--directory -C --project -P" },
  pdm: { installs: "install add update sync self", handsOn: "run", values: "--project -p" },
  pipenv: { installs: "install sync update upgrade", handsOn: "run" },
  conda: CONDA,
  mamba: CONDA,
  micromamba: CONDA,
  gem: { installs: "install i update" },
  bundle: { installs: "install update add", bare: true, handsOn: "exec e" },
  cargo: { installs: "install binstall add update fetch", values: "-C -Z --config --color" },
  go: { installs: "install get", values: "-C" },
  composer: {
    installs: "install i update u upgrade require r create-project global reinstall remove",
    handsOn: "exec",
    values: "--working-dir -d",
  },
  "setup.py": { installs: "install develop easy_install" },
  easy_install: INSTALLER,
  ni: INSTALLER,
  nci: INSTALLER,
  nun: INSTALLER,
  nup: INSTALLER,
  nlx: INSTALLER,
};

/** Names that stand for a manager and its sub-command. */
export const SHORT_FOR: Readonly<Record<string, readonly [manager: string, word: string]>> = {
  npx: ["npm", "exec"],
  bunx: ["bun", "x"],
  pnpx: ["pnpm", "dlx"],
  uvx: ["uv", "tool run"],
};

/** Programs that are there to start another one, so that a lone name among their arguments is that one's. */
export const STARTERS = new Set(
  (
    "env sudo doas su gosu nohup nice ionice chrt taskset time timeout command exec eval xargs setsid stdbuf strace " +
    "script watch flock parallel winpty tini dumb-init corepack volta mise fnm nvm asdf direnv cross-env dotenv dotenvx " +
    "node nodejs python pypy py ruby php sh bash dash zsh ksh ash fish busybox cmd powershell pwsh cross-env-shell " +
    "concurrently"
  ).split(" "),
);

/** Programs whose arguments are texts for people, or to look for. */
export const TEXT_ONLY = new Set("echo printf true false : test [ grep rg git gh logger".split(" "));

/** Options without a value that most of them have. */
export const USUAL_FLAG =
  /^(?:--|--no-.+|--(?:silent|quiet|verbose|yes|json|force|global|if-present|offline|prefer-offline|dry-run|frozen-lockfile|immutable|production|debug|no|help|version)|-[sqvyfgdhV]+)$/;
