import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { parseDotenv } from "../formats/dotenv.ts";
import type { Environment } from "../host/host.ts";
import { gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { IncompleteError, UsageError } from "../model/errors.ts";
import { Secret } from "../model/secret.ts";
import { isUnsafeName } from "../model/unsafe-name.ts";

/** A dotenv file that the user names. */
export interface EnvFile {
  /** As it was written. */
  readonly file: string;
  /** Whether it was named by `--env-file`, which Node knows too: it has read the file before us, and a pipe is empty then. */
  readonly readByNode: boolean;
}

/** What dotenv files give. */
export interface FileValues {
  readonly values: ReadonlyMap<string, Secret>;
  /** Names that are left out, since they decide what programs do. */
  readonly refused: readonly string[];
}

/**
 * Reads the dotenv files of `--dotenv` and `--env-file`; of two that name a variable, the later counts, as with Node's own
 * option.
 *
 * @param only names that are taken whatever they are, and no others; empty takes all safe ones
 * @throws UsageError where one is not there, or tracked by git: such a file holds no secrets, and what it holds comes with
 *   every clone; IncompleteError where it or git cannot be read
 */
export function readEnvFiles(
  files: readonly EnvFile[],
  only: readonly string[],
  place: GitPlace,
): FileValues {
  const values = new Map<string, Secret>();
  const refused = new Set<string>();
  for (const file of files) {
    const text = readUntracked(file, place);
    for (const { key, value } of parseDotenv(text))
      if (only.length === 0 ? !isUnsafeName(key) : only.includes(key)) values.set(key, new Secret(value));
      else if (only.length === 0) refused.add(key);
  }
  return { values, refused: [...refused] };
}

function readUntracked({ file, readByNode }: EnvFile, place: GitPlace): string {
  const absolute = path.resolve(place.cwd, file);
  try {
    const stat = statSync(absolute);
    if (readByNode && (stat.isFIFO() || stat.isSocket()))
      throw new UsageError(
        "read-env-file",
        "--env-file names a pipe, which Node empties before we can read it",
        {
          path: file,
          hint: "Name it with --dotenv, which Node does not know.",
        },
      );
    // What is no file (a pipe of the shell) cannot be tracked.
    if (stat.isFile() && isTracked(absolute, place))
      throw new UsageError("tracked-env-file", "git tracks this file, so it is not loaded", {
        path: file,
        hint: "Secrets in it are in every clone: stowaway stow moves them out. Plain settings belong into the program.",
      });
    return readFileSync(absolute, "utf8");
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause && "code" in cause)) throw cause;
    if (cause.code === "ENOENT")
      throw new UsageError("no-env-file", "this dotenv file is not there", { path: file, cause });
    throw new IncompleteError("unreadable-env-file", `cannot be read (${String(cause.code)})`, {
      path: file,
      cause,
    });
  }
}

/** Whether git tracks the file, or the file that a link leads to. */
function isTracked(file: string, place: GitPlace): boolean {
  const real = path.join(realpathSync(path.dirname(file)), path.basename(file));
  return [...new Set([real, realpathSync(file)])].some((one) => {
    const folder = path.dirname(one);
    return (
      (isInRepository(folder) && asksGit({ cwd: folder, env: withoutPlace(place.env) }, one, [0, 1])) ||
      // A repository that only the environment knows, of which the file need not be a part.
      (place.env["GIT_DIR"] !== undefined && asksGit(place, one, [0, 1, 128]))
    );
  });
}

function asksGit(place: GitPlace, file: string, answers: readonly number[]): boolean {
  // On a disk that does not tell cases apart, another spelling is the same file.
  const args = ["ls-files", "--error-unmatch", "--", `:(icase,literal)${file}`];
  return gitCall(place, args, { answers }).code === 0;
}

/** In a hook, the environment names the repository of the commit, relative to another folder. */
function withoutPlace(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^GIT_(?!CONFIG|CEILING|DISC)/i.test(name)),
  );
}

/** Saves a start of git where there cannot be a repository. */
function isInRepository(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return true;
    if (path.dirname(at) === at) return false;
  }
}
