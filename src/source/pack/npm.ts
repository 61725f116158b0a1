import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Environment } from "../../host/host.ts";
import { UsageError } from "../../model/errors.ts";
import type { ScanError } from "../../model/item.ts";
import { packEnvironment } from "./environment.ts";
import { planForEvent } from "./event.ts";
import type { EventPlan } from "./event.ts";
import { findNpm } from "./find-program.ts";
import type { Program } from "./find-program.ts";
import { GUARD, guardValue } from "./guard.ts";
import { hasNpmManifest, readNpmManifest } from "./manifest.ts";
import type { NpmManifest } from "./manifest.ts";
import { otherPublisher } from "./npm-publisher.ts";
import { npmFix, npmReason } from "./npm-reason.ts";
import { printable } from "./packer.ts";
import type { Packed, Packer, PackOptions } from "./packer.ts";
import { readTrackedState, untrackedNotes } from "./untracked.ts";
import type { TrackedState } from "./untracked.ts";

/** Everything an npm run of ours needs to know about its package. */
interface Package {
  /** Real path. */
  readonly dir: string;
  readonly manifest: NpmManifest;
  /** Base name of the tarball. */
  readonly tarball: string;
  readonly state: TrackedState | null;
  /** Paths in the package that were asked about, which is all that are published. */
  readonly published: Set<string>;
  readonly reasonFor: (path: string) => string;
}

const PACK = [
  "pack",
  "--json",
  // Inside `npm publish --dry-run` the inner npm would else inherit the dry run and write nothing.
  "--no-dry-run",
  "--no-foreground-scripts",
  "--no-progress",
  "--no-color",
  "--no-update-notifier",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
  "--logs-max=0",
];

/** Packs with the user's npm; the bytes are those of the registry's tarball. */
export const npm: Packer = {
  ecosystem: "npm",
  detect: hasNpmManifest,
  async pack(folder, options) {
    const dir = realpathSync(folder);
    const pkg = await readPackage(dir, options);
    const program = options.static ? null : findNpm(options.host);
    const packed = program === null ? await packStatic(pkg, options) : await packExact(pkg, program, options);
    const beforehand = pkg.manifest.private
      ? [`${pkg.manifest.name} is private: npm itself would refuse to publish it.`]
      : [];
    return { ...packed, notes: () => [...beforehand, ...packed.notes(), ...untracked(pkg)] };
  },
};

async function readPackage(dir: string, { host }: PackOptions): Promise<Package> {
  const manifest = await readNpmManifest(dir);
  if (manifest === null) throw new UsageError("no-package", "there is no package.json", { path: dir });
  const state = readTrackedState({ cwd: dir, env: host.env });
  const ignoreFiles = {
    npmignore: existsSync(join(dir, ".npmignore")),
    gitignore: existsSync(join(dir, ".gitignore")),
  };
  const published = new Set<string>();
  return {
    dir,
    manifest,
    state,
    published,
    tarball: `${manifest.name.replace(/^@/, "").replace("/", "-")}-${manifest.version}.tgz`,
    reasonFor(path) {
      published.add(path);
      return npmReason(path, manifest, ignoreFiles, state);
    },
  };
}

function untracked({ dir, manifest, state, published, tarball }: Package): string[] {
  if (state === null) return [];
  const own = [...published].filter(
    (path) => !path.startsWith("node_modules/") && existsSync(join(dir, path)),
  );
  const gitignore = existsSync(join(dir, ".gitignore"));
  return untrackedNotes(
    state,
    own,
    tarball,
    npmFix(manifest, { npmignore: existsSync(join(dir, ".npmignore")), gitignore }),
  );
}

async function packStatic(pkg: Package, options: PackOptions): Promise<Packed> {
  const { staticNpmList } = await import("./npm-static.ts");
  const paths = await staticNpmList(pkg.dir, pkg.manifest);
  const why = options.static ? "as asked for" : "since there is no npm on the PATH";
  return {
    mode: "static",
    artifacts: [],
    errors: [],
    files: paths.map((path) => ({
      container: pkg.tarball,
      path,
      file: join(pkg.dir, path),
      included: pkg.reasonFor(path),
    })),
    notes: () => [`The list of ${pkg.tarball} was made by npm's rules, ${why}; no script was run.`],
  };
}

async function packExact(pkg: Package, program: Program, options: PackOptions): Promise<Packed> {
  const { host, temp, limits, verbose } = options;
  const plan = planForEvent(pkg.dir, pkg.manifest, host.env);
  const ignoreScripts = options.ignoreScripts || plan.ignoreScripts;
  const written = await findWritten(pkg, plan, host.env);
  if (written !== null) return finished(pkg, plan, written, host.env);
  announce(pkg, ignoreScripts, options);
  const out = await mkdtemp(join(temp, "npm-"));
  const { run } = await import("../../host/spawn.ts");
  const args = [...program.args, ...PACK, "--pack-destination", out];
  if (ignoreScripts) args.push("--ignore-scripts");
  // The outer publish of a folder by path does not look at workspaces; without this our set would be a smaller one.
  if (/ workspaces\/false\b/.test(host.env["npm_config_user_agent"] ?? "")) args.push("--no-workspaces");
  const result = await run(program.command, args, {
    cwd: pkg.dir,
    env: packEnvironment(host.env, { [GUARD]: guardValue(pkg.dir, host.env) }),
    timeoutSeconds: limits.buildSeconds,
    ...(verbose && { onStderr: (text: string) => host.stderr.write(text) }),
  });
  const name = (await readdir(out)).find((file) => file.endsWith(".tgz"));
  const empty = { mode: "exact", artifacts: [], files: [], errors: [], notes: () => [] } as const;
  if (result.timedOut)
    return { ...empty, errors: [failed(pkg, `npm pack took more than ${limits.buildSeconds} seconds`)] };
  if (result.failure !== null)
    return { ...empty, errors: [failed(pkg, `npm could not be started (${result.failure})`)] };
  if (result.code !== 0 || name === undefined)
    return {
      ...empty,
      errors: [failed(pkg, describeFailure(result.code, result.stdout.toString("utf8"), pkg.manifest))],
    };
  return await finished(pkg, plan, join(out, name), host.env);
}

async function finished(pkg: Package, plan: EventPlan, file: string, env: Environment): Promise<Packed> {
  const { notes, errors } = compare(pkg, plan, sha512(await readFile(file)));
  const publisher = otherPublisher(pkg.dir, pkg.manifest, env);
  if (publisher !== null)
    notes.push(
      `Packed with npm, while this package is published with ${publisher}, whose rules differ in part.`,
    );
  const { reasonFor } = pkg;
  return {
    mode: "exact",
    artifacts: [{ name: basename(file), file, reasonFor }],
    files: [],
    errors,
    notes: () => notes,
  };
}

/** The tarball that `npm pack` has written before it runs `postpack`: packed again, the package would hold it. */
async function findWritten(
  { dir, tarball }: Package,
  plan: EventPlan,
  env: Environment,
): Promise<string | null> {
  if (plan.integrity === null || env["npm_command"] !== "pack") return null;
  const start = env["INIT_CWD"] ?? dir;
  for (const folder of new Set([resolve(start, env["npm_config_pack_destination"] ?? "."), start, dir])) {
    const file = join(folder, tarball);
    if (existsSync(file) && sha512(await readFile(file)) === plan.integrity) return file;
  }
  return null;
}

function sha512(bytes: Buffer): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

/** People must know that code of the package runs before it does. */
function announce({ manifest }: Package, ignoreScripts: boolean, { host }: PackOptions): void {
  if (ignoreScripts || host.env["npm_config_ignore_scripts"] === "true") return;
  const scripts = ["prepack", "prepare", "postpack"].filter((name) => manifest.scripts[name] !== undefined);
  if (scripts.length === 0) return;
  const { name, version } = manifest;
  host.stderr.write(
    `stowaway: npm pack runs ${scripts.join(", ")} of ${printable(`${name}@${version}`)} (--ignore-scripts leaves them out)\n`,
  );
}

/** Whether our bytes are those that the npm around us uploads. */
function compare(pkg: Package, plan: EventPlan, own: string): { notes: string[]; errors: ScanError[] } {
  const notes = plan.note === null ? [] : [plan.note];
  if (plan.integrity === null) return { notes, errors: [] };
  if (own === plan.integrity) {
    notes.push(`${pkg.tarball}: these bytes are what npm uploads (${own.slice(0, 20)}…).`);
    return { notes, errors: [] };
  }
  const message =
    "what was scanned is not what npm is about to upload: the package changed while it was packed";
  const hint = "See what the scripts change in the folder, and publish again.";
  return { notes, errors: [{ ...failed(pkg, message), code: "integrity-mismatch", hint }] };
}

function failed({ manifest, tarball }: Package, message: string): ScanError {
  const hint = `See what npm pack says in the folder of ${manifest.name}, or run again with --verbose.`;
  return { kind: "error", path: tarball, container: [], code: "pack-failed", message, hint, digest: null };
}

/** Names the script that failed; its output stays out, for it may hold anything. */
function describeFailure(code: number | null, stdout: string, { scripts }: NpmManifest): string {
  const detail = /"detail":\s*("(?:[^"\\]|\\.)*")/.exec(stdout)?.[1];
  const command = detail === undefined ? "" : (JSON.parse(detail) as string);
  const script = ["prepack", "prepare", "postpack"].find((name) =>
    command.includes(` -c ${scripts[name] ?? "\0"}`),
  );
  const what = script === undefined ? "npm pack failed" : `npm pack failed in the script "${script}"`;
  return `${what} (exit code ${code ?? "none, a signal"})`;
}
