import { existsSync, realpathSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Environment } from "../../host/host.ts";
import type { ScanError } from "../../model/item.ts";
import { planForEvent } from "./event.ts";
import type { EventPlan } from "./event.ts";
import { findNpm } from "./find-program.ts";
import type { Program } from "./find-program.ts";
import { hasNpmManifest } from "./manifest.ts";
import { packageOfTarball, readNpmPackage, untrackedOf } from "./npm-package.ts";
import type { NpmPackage } from "./npm-package.ts";
import { otherPublisher } from "./npm-publisher.ts";
import { npmError, runNpmPack, sha512 } from "./npm-run.ts";
import type { NpmRun, Tarball } from "./npm-run.ts";
import type { Packed, PackedArtifact, Packer, PackOptions } from "./packer.ts";

/** Packs with the user's npm; the bytes are those of the registry's tarball. */
export const npm: Packer = {
  ecosystem: "npm",
  detect: hasNpmManifest,
  async pack(folder, options) {
    const pkg = await readNpmPackage(realpathSync(folder), options);
    const program = options.static ? null : findNpm(options.host);
    const plan = planForEvent(pkg.dir, pkg.manifest, options.host.env);
    const packed =
      program === null ? await packStatic(pkg, options) : await packExact(pkg, plan, program, options);
    const publisher = await judgePublisher(pkg, plan, options.host.env);
    const beforehand = pkg.manifest.private
      ? [`${pkg.manifest.name} is private: npm itself would refuse to publish it.`]
      : [];
    return {
      ...packed,
      errors: [...packed.errors, ...publisher.errors],
      notes: () => [...beforehand, ...packed.notes(), ...publisher.notes],
    };
  },
};

/** npm's tarball is not what another package manager publishes; where that could hide a file, it must be said loudly. */
async function judgePublisher(
  pkg: NpmPackage,
  plan: EventPlan,
  env: Environment,
): Promise<{ notes: string[]; errors: ScanError[] }> {
  const publisher = await otherPublisher(pkg.dir, pkg.manifest, env, plan.underWay);
  if (publisher === null) return { notes: [], errors: [] };
  const { name, differs, packCommand } = publisher;
  if (differs === null) {
    const note = `${pkg.tarball} was packed with npm, while this package is published with ${name}, whose rules differ in part.`;
    return { notes: [note], errors: [] };
  }
  const message = `this package is published with ${name}, which may send other files than the npm tarball that was scanned: ${differs}`;
  const hint = `Pack it with ${name} into a folder outside (${packCommand}), and run check-pack on that file.`;
  return { notes: [], errors: [{ ...npmError(pkg, "other-packer", message), hint }] };
}

async function packStatic(pkg: NpmPackage, options: PackOptions): Promise<Packed> {
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
    notes: () => [
      `The list of ${pkg.tarball} was made by npm's rules, ${why}; no script was run.`,
      ...untrackedOf(pkg),
    ],
  };
}

async function packExact(
  pkg: NpmPackage,
  plan: EventPlan,
  program: Program,
  options: PackOptions,
): Promise<Packed> {
  const written = await findWritten(pkg, plan, options.host.env);
  const run: NpmRun =
    written === null
      ? await runNpmPack(pkg, plan, program, options)
      : { tarballs: [{ name: basename(written), file: written }], errors: [], notes: [] };
  const { notes, errors } = await compare(pkg, plan, run.tarballs);
  const plain = run.tarballs.filter(({ name, file }) => name === basename(file));
  const packages = new Set<NpmPackage>();
  const artifacts: PackedArtifact[] = [];
  for (const { name, file } of run.tarballs) {
    const owner = await packageOfTarball(file, plain.length === 1, pkg, options);
    packages.add(owner);
    artifacts.push({ name, file, reasonFor: owner.reasonFor });
  }
  return {
    mode: "exact",
    artifacts,
    files: [],
    errors: [...run.errors, ...errors],
    notes: () => [...notes, ...run.notes, ...[...packages].flatMap(untrackedOf)],
  };
}

/** The tarball that `npm pack` has written before it runs `postpack`: packed again, the package would hold it. */
async function findWritten(
  { dir, tarball }: NpmPackage,
  plan: EventPlan,
  env: Environment,
): Promise<string | null> {
  if (plan.integrity === null || env["npm_command"] !== "pack") return null;
  const start = env["INIT_CWD"] ?? dir;
  for (const folder of new Set([resolve(start, env["npm_config_pack_destination"] ?? "."), start, dir])) {
    const file = join(folder, tarball);
    if (existsSync(file) && (await sha512(file)) === plan.integrity) return file;
  }
  return null;
}

/** Whether our bytes are those that the npm around us uploads. */
async function compare(
  pkg: NpmPackage,
  plan: EventPlan,
  tarballs: readonly Tarball[],
): Promise<{ notes: string[]; errors: ScanError[] }> {
  const notes = plan.note === null ? [] : [plan.note];
  const own = tarballs.find(({ name }) => name === pkg.tarball) ?? tarballs[0];
  if (plan.integrity === null || own === undefined) return { notes, errors: [] };
  const sum = await sha512(own.file);
  if (sum === plan.integrity) {
    notes.push(`${pkg.tarball}: these bytes are what npm uploads (${sum.slice(0, 20)}…).`);
    return { notes, errors: [] };
  }
  const message =
    "what was scanned is not what npm is about to upload: the package changed while it was packed";
  const hint = "See what the scripts change in the folder, and publish again.";
  return { notes, errors: [{ ...npmError(pkg, "integrity-mismatch", message), hint }] };
}
