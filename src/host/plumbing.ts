import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { IncompleteError, KnownError, UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Environment } from "./host.ts";

/**
 * Git made deaf to configuration that could hide or change content, or run a program (`hooks/pre-commit` repeats it):
 * quoting of names, the file system monitor, listings relative to the folder, a file that orders them (it may be a pipe
 * that never ends), network protocols.
 */
const NEUTRAL = [
  "core.quotePath=false",
  "core.fsmonitor=false",
  "diff.relative=false",
  "diff.orderFile=/dev/null",
  "protocol.allow=never",
].flatMap((setting) => ["-c", setting]);

/**
 * No index refresh, no fetch of missing objects, no replacement of one object by another (`git replace` would show us a
 * blob that is not the one committed), no translation of messages, pathspecs by their own words alone.
 *
 * An older git knows no GIT_NO_LAZY_FETCH, and the repository's own `protocol.file.allow` would beat `protocol.allow`:
 * hence the only protocol that is allowed is one that there is not. (Windows drops empty variables.)
 */
const NEUTRAL_ENV = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_LITERAL_PATHSPECS: "0",
  GIT_GLOB_PATHSPECS: "0",
  GIT_NOGLOB_PATHSPECS: "0",
  GIT_ICASE_PATHSPECS: "0",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** Where git is run: the folder, and the environment that names the index (`GIT_INDEX_FILE`, `GIT_DIR`). */
export interface GitPlace {
  readonly cwd: string;
  readonly env: Environment;
}

const OLDEST = [2, 25] as const;

/** A terminal sends these to git as well as to us; while git runs, we cannot answer ours, and git dies of its own first. */
const STOPPED: Partial<Record<NodeJS.Signals, ExitCode>> = {
  SIGINT: ExitCode.interrupted,
  SIGTERM: ExitCode.terminated,
  SIGHUP: ExitCode.terminated,
};

function failure(place: GitPlace, what: string, stderr: string, cause?: unknown): Error {
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
    return new IncompleteError("git-missing", "git was not found", {
      hint: "install git 2.25 or newer and put it on PATH",
      cause,
    });
  // Outside a repository `git diff` compares files, and says no word of what is wrong.
  const probe = spawnSync("git", ["rev-parse", "--git-dir"], {
    cwd: place.cwd,
    env: { ...place.env, ...NEUTRAL_ENV },
    encoding: "utf8",
  });
  if (/not a git repository/i.test(probe.stderr ?? ""))
    return new UsageError("not-a-repository", "this folder is in no git repository", {
      path: place.cwd,
      hint: "run it inside a repository, or name the files: stowaway check PATH…",
      cause,
    });
  const said = (probe.status === 0 ? stderr : probe.stderr).trim().split("\n").at(-1) ?? "";
  const version = gitVersion(place);
  if (version !== null && (version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1])))
    return new IncompleteError("git-too-old", `git ${version.join(".")} is too old`, {
      hint: "install git 2.25 or newer",
      cause,
    });
  return new IncompleteError("git-failed", `${what} failed: ${said || "no message"}`, {
    hint: "run `git status` to see whether the repository is whole",
    cause,
  });
}

function gitVersion({ cwd, env }: GitPlace): readonly [number, number] | null {
  const { stdout } = spawnSync("git", ["--version"], { cwd, env: { ...env }, encoding: "utf8" });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return major === undefined ? null : [Number(major), Number(minor)];
}

/**
 * Runs one git command to its end.
 *
 * @param args without the neutralising options, which are put before them
 * @returns its standard output
 * @throws KnownError when git is missing, too old, outside a repository or fails
 */
export function git(place: GitPlace, args: readonly string[]): Buffer {
  return gitCall(place, args).stdout;
}

/** How a git command is run, besides its arguments. */
export interface GitCall {
  /** What it reads on its standard input: bytes, or the descriptor of an open file, of which it gets all even if we die. */
  readonly input?: Uint8Array | number;
  /** Exit statuses that are answers; 0 alone unless given. */
  readonly answers?: readonly number[];
  /** Whether pathspecs among the arguments are plain names. */
  readonly literal?: boolean;
  /** Settings for this command: `core.hooksPath=/dev/null`. */
  readonly settings?: readonly string[];
}

/**
 * Runs one git command that reads something, or whose exit status is an answer.
 *
 * @throws KnownError as `git` does, for every status that is no answer; (130, 143) where a signal stopped git
 */
export function gitCall(
  place: GitPlace,
  args: readonly string[],
  { input, answers = [0], literal = false, settings = [] }: GitCall = {},
): { readonly code: number; readonly stdout: Buffer } {
  const configured = settings.flatMap((setting) => ["-c", setting]);
  const stdin = typeof input === "number" ? input : input === undefined ? "ignore" : "pipe";
  const result = spawnSync("git", [...NEUTRAL, ...configured, ...args], {
    cwd: place.cwd,
    env: { ...place.env, ...NEUTRAL_ENV, ...(literal ? { GIT_LITERAL_PATHSPECS: "1" } : {}) },
    maxBuffer: 2 ** 31 - 1,
    stdio: [stdin, "pipe", "pipe"],
    ...(input instanceof Uint8Array ? { input } : {}),
  });
  const stopped = result.signal === null ? undefined : STOPPED[result.signal];
  if (stopped !== undefined) throw new KnownError(stopped, "interrupted", "interrupted");
  if (result.error !== undefined || result.status === null || !answers.includes(result.status))
    throw failure(place, `git ${args[0] ?? ""}`, result.stderr?.toString() ?? "", result.error);
  return { code: result.status, stdout: result.stdout };
}

/** A git process that answers requests on its standard input. */
export type GitServer = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts a git command that answers requests. */
export function gitServer(place: GitPlace, args: readonly string[]): GitServer {
  return spawn("git", [...NEUTRAL, ...args], {
    cwd: place.cwd,
    env: { ...place.env, ...NEUTRAL_ENV },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Why an object cannot be had. */
export type ObjectTrouble =
  | { readonly kind: "missing" }
  | { readonly kind: "damaged" }
  | { readonly kind: "failed"; readonly message: string };

const DAMAGED = /corrupt|unable to (?:unpack|stream)|inflate/;
const MISSING = /could not fetch|bad file|not a valid object name/i;

/**
 * Asks git by itself for an object that a server did not give, for the reason.
 *
 * @param id hexadecimal
 */
export function objectTrouble(place: GitPlace, id: string): ObjectTrouble {
  const { error, status, stderr } = spawnSync("git", [...NEUTRAL, "cat-file", "blob", id], {
    cwd: place.cwd,
    env: { ...place.env, ...NEUTRAL_ENV },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (error === undefined && status !== 0 && DAMAGED.test(stderr)) return { kind: "damaged" };
  if (error === undefined && status !== 0 && MISSING.test(stderr)) return { kind: "missing" };
  return { kind: "failed", message: failure(place, "git cat-file", stderr ?? "", error).message };
}
