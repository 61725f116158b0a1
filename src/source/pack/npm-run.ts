import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import type { ScanError } from "../../model/item.ts";
import { packEnvironment } from "./environment.ts";
import type { EventPlan } from "./event.ts";
import type { Program } from "./find-program.ts";
import { readNpmManifest } from "./manifest.ts";
import type { NpmManifest } from "./manifest.ts";
import type { NpmPackage } from "./npm-package.ts";
import { packInCopy, packInPlace } from "./npm-place.ts";
import type { NpmPlace } from "./npm-place.ts";
import { memberFolders, packsMembers, workspaceRootOf } from "./npm-workspace.ts";
import { printable } from "./packer.ts";
import type { PackOptions } from "./packer.ts";
import { maskedLines } from "./verbose.ts";

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
/** Lifecycle scripts that npm runs when it packs. */
const SCRIPTS = ["prepack", "prepare", "postpack"];

/** A tarball that npm made, under the name it is reported by. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
}

export interface NpmRun {
  readonly tarballs: readonly Tarball[];
  readonly errors: readonly ScanError[];
  readonly notes: readonly string[];
}

/** Runs the user's npm on a package, and gives what it made. */
export async function runNpmPack(
  pkg: NpmPackage,
  plan: EventPlan,
  program: Program,
  options: PackOptions,
): Promise<NpmRun> {
  const scripts = await scriptsToRun(pkg, plan, options);
  const work = realpathSync(await mkdtemp(join(options.temp, "npm-")));
  const place =
    scripts.length > 0 && !plan.underWay ? await packInCopy(pkg, work, options) : packInPlace(pkg.dir);
  announce(scripts, place, options);
  const pack = async (name: string, flags: readonly string[]): Promise<Ended> => {
    const out = join(work, name);
    await mkdir(out);
    return await packOnce(pkg, place, out, [...program.args, ...PACK, ...flags], program, options);
  };
  const base = flagsFor(pkg, plan, options);
  // What the scripts made in the first run is still there, unless postpack took it away again.
  const again = scripts.length > 0 && pkg.manifest.scripts["postpack"] !== undefined;
  const notes: string[] = [];
  let ended: Omit<NpmRun, "notes">;
  try {
    const first = await pack("out", base);
    const tarballs = first.files.map((file) => ({ name: basename(file), file }));
    const byPath = first.error === null && !plan.underWay ? await rootOfMember(pkg.dir) : null;
    const other =
      byPath === null
        ? null
        : await pack("by-path", ["--no-workspaces", ...(again ? base : ["--ignore-scripts"])]);
    const more = other === null ? [] : await withoutSame(other.files, first.files);
    notes.push(...more.map(({ name, file }) => byPathNote(name, file, relative(byPath ?? "", pkg.dir))));
    const errors = [first.error, other?.error ?? null].filter((error) => error !== null);
    ended = { tarballs: [...tarballs, ...more], errors };
  } finally {
    notes.push(...(await place.leave()));
  }
  return { ...ended, notes };
}

/** What `publishConfig` says of scripts counts in `npm publish`, but not in `npm pack`. */
function scriptsFlag({ manifest }: NpmPackage): boolean | null {
  const settings = manifest.raw["publishConfig"] as Readonly<Record<string, unknown>> | null | undefined;
  const ignore = settings?.["ignore-scripts"];
  return typeof ignore === "boolean" ? !ignore : null;
}

function flagsFor(pkg: NpmPackage, plan: EventPlan, options: PackOptions): string[] {
  const flags: string[] = [];
  const wanted = scriptsFlag(pkg);
  if (options.ignoreScripts || plan.ignoreScripts || wanted === false) flags.push("--ignore-scripts");
  else if (wanted === true) flags.push("--no-ignore-scripts");
  // The outer publish of a folder by path does not look at workspaces; without this our set would be a smaller one.
  const agent = options.host.env["npm_config_user_agent"] ?? "";
  if (plan.underWay && / workspaces\/false\b/.test(agent)) flags.push("--no-workspaces");
  return flags;
}

interface Script {
  readonly name: string;
  readonly of: string;
}

async function scriptsToRun(
  pkg: NpmPackage,
  plan: EventPlan,
  { ignoreScripts, host }: PackOptions,
): Promise<Script[]> {
  const wanted = scriptsFlag(pkg);
  if (ignoreScripts || plan.ignoreScripts || wanted === false) return [];
  if (wanted === null && host.env["npm_config_ignore_scripts"] === "true") return [];
  const manifests = [pkg.manifest];
  const root = (await workspaceRootOf(pkg.dir)) ?? pkg.dir;
  if (await packsMembers(root))
    for (const folder of await memberFolders(root)) {
      const member = await readNpmManifest(folder).catch(() => null);
      if (member !== null && folder !== pkg.dir) manifests.push(member);
    }
  return manifests.flatMap((manifest) =>
    SCRIPTS.filter((name) => manifest.scripts[name] !== undefined).map((name) => ({
      name,
      of: `${manifest.name}@${manifest.version}`,
    })),
  );
}

/** People must know that code of the package runs before it does. */
function announce(scripts: readonly Script[], place: NpmPlace, { host }: PackOptions): void {
  const where = place.copied ? ", in a copy of the project" : "";
  for (const of of new Set(scripts.map((script) => script.of))) {
    const names = scripts.filter((script) => script.of === of).map(({ name }) => name);
    host.stderr.write(
      `stowaway: npm pack runs ${names.join(", ")} of ${printable(of)}${where} (--ignore-scripts leaves them out)\n`,
    );
  }
}

interface Ended {
  readonly files: readonly string[];
  readonly error: ScanError | null;
}

async function packOnce(
  pkg: NpmPackage,
  place: NpmPlace,
  out: string,
  args: readonly string[],
  program: Program,
  { host, temp, limits, mask }: PackOptions,
): Promise<Ended> {
  const { run } = await import("../../host/spawn.ts");
  const tmp = await mkdtemp(join(temp, "tmp-"));
  const shown = mask === null ? null : maskedLines(mask, (text) => host.stderr.write(text));
  const result = await run(program.command, [...args, "--pack-destination", out], {
    cwd: place.dir,
    env: packEnvironment(host.env, { guarded: [pkg.dir, place.dir], tmp }),
    timeoutSeconds: limits.buildSeconds,
    ...(shown !== null && { onStderr: shown.push }),
  });
  shown?.end();
  const names = (await readdir(out)).filter((file) => file.endsWith(".tgz")).toSorted();
  const fail = (message: string): Ended => ({ files: [], error: npmError(pkg, "pack-failed", message) });
  if (result.timedOut) return fail(`npm pack took more than ${limits.buildSeconds} seconds`);
  if (result.failure !== null) return fail(`npm could not be started (${result.failure})`);
  if (result.code !== 0 || names.length === 0)
    return fail(describeFailure(result.code, result.stdout.toString("utf8"), pkg.manifest));
  return { files: names.map((name) => join(out, name)), error: null };
}

/** The workspace's root, where the package may be published by its path; null outside of a workspace. */
async function rootOfMember(dir: string): Promise<string | null> {
  const root = await workspaceRootOf(dir);
  return root === null || (await packsMembers(root)) ? null : root;
}

/**
 * The tarballs that `npm publish ./packages/a` sends, where they are others: only npm that is started in a member's
 * folder, or with `-w`, applies the ignore files of the workspace round it.
 */
async function withoutSame(files: readonly string[], known: readonly string[]): Promise<Tarball[]> {
  const sums = new Set(await Promise.all(known.map(sha512)));
  const tarballs: Tarball[] = [];
  for (const file of files)
    if (!sums.has(await sha512(file)))
      tarballs.push({ name: basename(file).replace(/\.tgz$/, ".by-path.tgz"), file });
  return tarballs;
}

function byPathNote(name: string, file: string, path: string): string {
  return (
    `${name} is what \`npm publish ./${path.replaceAll(sep, "/")}\` sends from the workspace's root, for it takes no ` +
    `notice of the ignore files there; ${basename(file)} is what npm sends in the package's folder, or with -w.`
  );
}

/** npm's own form of a checksum. */
export async function sha512(file: string): Promise<string> {
  return `sha512-${createHash("sha512")
    .update(await readFile(file))
    .digest("base64")}`;
}

export function npmError({ manifest, tarball }: NpmPackage, code: string, message: string): ScanError {
  const hint = `See what npm pack says in the folder of ${manifest.name}, or run again with --verbose.`;
  return { kind: "error", path: tarball, container: [], code, message, hint, digest: null };
}

/** Names the script that failed; its output stays out, for it may hold anything. */
function describeFailure(code: number | null, stdout: string, { scripts }: NpmManifest): string {
  const detail = /"detail":\s*("(?:[^"\\]|\\.)*")/.exec(stdout)?.[1];
  const command = detail === undefined ? "" : (JSON.parse(detail) as string);
  const script = SCRIPTS.find((name) => command.includes(` -c ${scripts[name] ?? "\0"}`));
  const what = script === undefined ? "npm pack failed" : `npm pack failed in the script "${script}"`;
  return `${what} (exit code ${code ?? "none, a signal"})`;
}
