import { existsSync, realpathSync, statSync } from "node:fs";
import { copyFile, lstat, mkdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../../model/errors.ts";
import type { ScanError, SourceEvent } from "../../model/item.ts";
import { artifacts } from "../artifact.ts";
import { withoutGitPlace } from "./environment.ts";
import { isBeingPacked } from "./guard.ts";
import { readNpmManifest } from "./manifest.ts";
import { npm } from "./npm.ts";
import type { Ecosystem, Packed, PackedArtifact, PackedFile, Packer, PackOptions } from "./packer.ts";
import { python } from "./python.ts";

/** Every packer, in the order they are run. */
const PACKERS: readonly Packer[] = [npm, python];

/** All packages of a run, packed and not yet scanned. */
export interface PackRun {
  /** `static` where one list or more was made by rule. */
  readonly mode: "exact" | "static";
  /** Folders that were left out, because a process above us packs them already. */
  readonly nested: readonly string[];
  /** What would be published, read piece by piece. */
  events(): AsyncGenerator<SourceEvent>;
  /** Sentences for the reader; complete once `events` was read to its end and its items were expanded. */
  notes(): readonly string[];
  /** Copies the finished artifacts to a folder, which is made if need be. */
  keep(folder: string): Promise<void>;
}

/**
 * Packs every package of the folders with the packers that their manifests ask for.
 *
 * @param dirs folders as the user gave them
 * @param only ecosystems to look for; empty for all
 * @param alone whether nothing else is looked at; else a folder that cannot be used costs itself, not the others
 * @throws UsageError where the only folder has no package, or one whose manifest cannot be used
 */
export async function packAll(
  dirs: readonly string[],
  only: readonly Ecosystem[],
  alone: boolean,
  options: PackOptions,
): Promise<PackRun> {
  const nested: string[] = [];
  const packed: Packed[] = [];
  const host = { ...options.host, env: withoutGitPlace(options.host.env) };
  for (const shown of dirs) {
    try {
      const dir = openFolder(shown, options.host.cwd);
      if (isBeingPacked(dir, options.host.env)) nested.push(shown);
      else
        for (const packer of await findPackers(dir, shown, only))
          packed.push(await packOne(packer, dir, { ...options, host }));
    } catch (error) {
      if (alone || !(error instanceof UsageError)) throw error;
      packed.push(unpacked(unusable(error, shown)));
    }
  }
  return {
    mode: packed.some(({ mode }) => mode === "static") ? "static" : "exact",
    nested,
    events: () => readAll(packed, options),
    notes: () => packed.flatMap((one) => one.notes()),
    keep: (folder) =>
      copyAll(
        packed.flatMap((one) => one.artifacts),
        folder,
      ),
  };
}

function unusable({ path, message, hint }: UsageError, shown: string): ScanError {
  return {
    kind: "error",
    path: path ?? shown,
    container: [],
    code: "manifest-invalid",
    message,
    ...(hint !== undefined && { hint }),
    digest: null,
  };
}

function unpacked(error: ScanError): Packed {
  return { mode: "exact", artifacts: [], files: [], errors: [error], notes: () => [] };
}

async function copyAll(made: readonly PackedArtifact[], folder: string): Promise<void> {
  const names = made.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError("keep-twice", `two artifacts have the name ${twice}, and --keep would lose one`, {
      path: folder,
      hint: "Check the folders one at a time, each with a --keep of its own.",
    });
  await mkdir(folder, { recursive: true });
  for (const { name, file } of made) await copyFile(file, join(folder, name));
}

/** What the system refuses on the way (an unreadable file, a full disk) costs this package, not the others. */
async function packOne(packer: Packer, dir: string, options: PackOptions): Promise<Packed> {
  try {
    return await packer.pack(dir, options);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    const message = `it could not be packed for ${packer.ecosystem}: ${syscall} failed (${code})`;
    const place = { path: basename(dir), container: [], digest: null };
    return unpacked({ kind: "error", ...place, code: "unreadable", message });
  }
}

function openFolder(shown: string, cwd: string): string {
  const path = resolve(cwd, shown);
  if (!existsSync(path) || !statSync(path).isDirectory())
    throw new UsageError("no-folder", "there is no such folder", { path: shown });
  return realpathSync(path);
}

async function findPackers(dir: string, shown: string, only: readonly Ecosystem[]): Promise<Packer[]> {
  const asked = PACKERS.filter(({ ecosystem }) => only.length === 0 || only.includes(ecosystem));
  const found: Packer[] = [];
  for (const packer of asked) if (await packer.detect(dir)) found.push(packer);
  if (found.length > 0) return found;
  // It says what is wrong with a package.json that is there.
  if (asked.includes(npm)) await readNpmManifest(dir);
  throw new UsageError("no-package", "there is no package to publish here", {
    path: shown,
    hint: `Looked for ${asked.map(({ ecosystem }) => ecosystem).join(", ")}: package.json with name and version, pyproject.toml, setup.py.`,
  });
}

async function* readAll(packed: readonly Packed[], { limits }: PackOptions): AsyncGenerator<SourceEvent> {
  for (const one of packed) {
    yield* one.errors;
    for (const { name, file, reasonFor } of one.artifacts)
      for await (const event of artifacts([file], "/", limits))
        yield event.kind === "item" ? { ...event, path: name, reasonFor } : { ...event, path: name };
    for (const file of one.files) yield await readPacked(file, limits.fileBytes);
  }
}

async function readPacked(
  { container, path, file, included }: PackedFile,
  fileBytes: number,
): Promise<SourceEvent> {
  const place = { path, container: [container] };
  const problem = { kind: "error", ...place, digest: null } as const;
  try {
    const stats = await lstat(file);
    if (!stats.isFile()) return { ...problem, code: "unreadable", message: "it is no regular file" };
    if (stats.size > fileBytes)
      return {
        ...problem,
        code: "too-large",
        message: `it has more than ${fileBytes} bytes and was not scanned`,
      };
    return { kind: "item", ...place, bytes: await readFile(file), included };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    return { ...problem, code: "unreadable", message: `it cannot be read (${code})` };
  }
}
