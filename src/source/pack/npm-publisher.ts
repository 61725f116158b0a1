import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../../host/host.ts";
import { readText, tryParseObject } from "./manifest.ts";
import type { NpmManifest } from "./manifest.ts";

type Name = "npm" | "pnpm" | "yarn" | "bun";

/** A package manager other than npm that publishes a package. */
export interface Publisher {
  readonly name: Exclude<Name, "npm">;
  /** Why it may publish files that npm's tarball does not hold; null where the two lists are nearly the same. */
  readonly differs: string | null;
  /** Packs into the folder above. */
  readonly packCommand: string;
}

interface Named {
  readonly name: Name;
  readonly major: number | null;
}

const LOCK_FILES = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
] as const;

const PACK_COMMANDS = {
  pnpm: "pnpm pack --pack-destination ../packed",
  yarn: "yarn pack --out ../packed/package.tgz",
  bun: "bun pm pack --destination ../packed",
} as const;

/**
 * The package manager other than npm that publishes this package, as far as can be told; null for npm.
 *
 * Within a publish it is the one that runs us; else the project's own by `packageManager` or a lock file, in the folder
 * or above it up to the top of the repository.
 *
 * @param underWay whether a publish of this folder runs us
 */
export async function otherPublisher(
  dir: string,
  manifest: NpmManifest,
  env: Environment,
  underWay: boolean,
): Promise<Publisher | null> {
  const agent = parse(env["npm_config_user_agent"] ?? "", "/");
  const folders = foldersUpward(dir);
  const own = await projectsOwn(folders);
  const found = underWay ? (agent ?? own) : (own ?? (agent?.name === "npm" ? null : agent));
  if (found === null || found.name === "npm") return null;
  const { name } = found;
  const directory = (manifest.raw["publishConfig"] as { directory?: unknown } | undefined)?.directory;
  const modern = name === "yarn" && (found.major === null ? await hasModernYarn(folders) : found.major >= 2);
  return {
    name,
    packCommand: PACK_COMMANDS[name],
    differs:
      typeof directory === "string"
        ? `publishConfig.directory names another folder ("${directory}")`
        : modern
          ? "Yarn 2 and newer have other rules than npm"
          : null,
  };
}

function parse(text: string, mark: "@" | "/"): Named | null {
  const [, name, major] = new RegExp(`^(npm|pnpm|yarn|bun)${mark}(\\d+)?`).exec(text) ?? [];
  return name === undefined
    ? null
    : { name: name as Name, major: major === undefined ? null : Number(major) };
}

/** The folder and those above it, up to the top of its repository; the folder alone where it is in none. */
function foldersUpward(dir: string): string[] {
  const folders: string[] = [];
  for (let at = dir; ; at = dirname(at)) {
    folders.push(at);
    if (existsSync(join(at, ".git"))) return folders;
    if (dirname(at) === at) return [dir];
  }
}

async function projectsOwn(folders: readonly string[]): Promise<Named | null> {
  for (const folder of folders) {
    const { packageManager } = tryParseObject((await readText(join(folder, "package.json"))) ?? "");
    const named = typeof packageManager === "string" ? parse(packageManager, "@") : null;
    if (named !== null) return named;
    const locked = LOCK_FILES.find(([file]) => existsSync(join(folder, file)));
    if (locked !== undefined) return { name: locked[1], major: null };
  }
  return null;
}

/** Yarn 2 and newer have a settings file of their own, and a lock file in another format. */
async function hasModernYarn(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    if (existsSync(join(folder, ".yarnrc.yml"))) return true;
    const lock = await readText(join(folder, "yarn.lock"));
    if (lock !== null) return /^__metadata:/m.test(lock);
  }
  return false;
}
