import { git } from "../host/plumbing.ts";
import { searchBlobs } from "./search-blobs.ts";
import { isText, pathBytes } from "./raw-path.ts";
import type { WorkRepository } from "./repository.ts";
import { timedGit } from "./timed-git.ts";

/** Where a value is besides the files that it is moved from. */
export interface Exposure {
  /** Commits that brought it in, the latest first; of a merge only if no parent had it. */
  readonly commits: readonly ExposedCommit[];
  /** Branches of a remote that have one of these commits, as of the last fetch: `origin/main`. */
  readonly remotes: readonly string[];
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly stashed: boolean;
  /** What was not looked at, one clause each; where there is any, absence proves nothing. */
  readonly unseen: readonly string[];
}

interface ExposedCommit {
  /** Full id, hexadecimal. */
  readonly id: string;
  /** As findings name it. */
  readonly path: string;
}

export interface ExposureQuery {
  /** Files whose history is searched, as findings name them. */
  readonly paths: readonly string[];
  /** Whether every other file's history is searched after that: a file may have had another name. */
  readonly everywhere?: boolean;
  /** Whether a content holds one of the values; they are in no argument list. */
  readonly holds: (content: Buffer) => boolean;
  /** Bytes of the largest content that is read. */
  readonly limit: number;
  /** Milliseconds for the whole search, by `now`; what is left then is named in `unseen`. */
  readonly time: number;
  readonly now: () => number;
}

const REFS = 500;

/**
 * Looks through the history of files, on all branches, tags, stashes and in the reflog, for values.
 *
 * Each content is read once; the walk along the paths is git's.
 *
 * @throws IncompleteError where git cannot walk the history
 */
export async function findExposure(repo: WorkRepository, query: ExposureQuery): Promise<Exposure> {
  const unseen: string[] = [];
  const paths = query.paths.filter((shown) => {
    const sayable = isText(pathBytes(shown));
    if (!sayable) unseen.push(`the history of ${shown}, whose name is no UTF-8`);
    return sayable;
  });
  const nothing = { commits: [], remotes: [], branches: [], tags: [], stashed: false, unseen };
  if (paths.length === 0) return nothing;
  if (isShallow(repo)) unseen.push("history that this shallow clone has not");
  const end = query.now() + query.time;
  const left = (): number => end - query.now();
  const { changes, complete } = await changesAlong(repo, paths, left);
  if (!complete) unseen.push("older commits, for want of time");
  const blobs = [...new Set(changes.flatMap(({ to }) => (isNone(to) ? [] : [to])))];
  const found = await searchBlobs(repo.place, blobs, { ...query, time: left() });
  unseen.push(...found.unseen);
  const commits = introducing(changes, found.holders);
  if (query.everywhere === true) {
    const others = await pathsWith(repo, new Set(blobs), query, left);
    unseen.push(...others.unseen);
    const along = await changesAlong(repo, others.paths, left);
    if (!along.complete) unseen.push("older commits, for want of time");
    const more = introducing(along.changes, others.holders);
    commits.push(...more);
    // Git shows a name up to a line end only, and bytes that are no UTF-8 cannot be asked for.
    const unsaid = others.paths.filter((name) => !more.some((commit) => commit.path === name)).length;
    if (along.complete && unsaid > 0)
      unseen.push(`the commits of ${unsaid} files with odd names that hold it`);
  }
  if (commits.length === 0) return nothing;
  return { commits, ...refsWith(repo, [...new Set(commits.map(({ id }) => id))]), unseen };
}

/** Other files that held a value at some time. */
async function pathsWith(
  repo: WorkRepository,
  seen: ReadonlySet<string>,
  query: ExposureQuery,
  left: () => number,
): Promise<{ paths: string[]; holders: ReadonlySet<string>; unseen: string[] }> {
  const walk = ["rev-list", "--all", "--reflog", "--objects"];
  const { stdout, complete } = await timedGit(repo.place, walk, { input: Buffer.alloc(0), time: left() });
  const names = new Map<string, string>();
  for (const line of stdout.toString().split("\n")) {
    const [, oid, name] = /^([0-9a-f]{40,64}) (.+)$/.exec(line) ?? [];
    if (oid !== undefined && name !== undefined && !seen.has(oid)) names.set(oid, name);
  }
  const { holders, unseen } = await searchBlobs(repo.place, [...names.keys()], { ...query, time: left() });
  return {
    paths: [...new Set([...holders].flatMap((oid) => names.get(oid) ?? []))],
    holders,
    unseen: [...unseen, ...(complete ? [] : ["other files of older commits, for want of time"])],
  };
}

interface Change {
  readonly commit: string;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

const isNone = (oid: string): boolean => /^0+$/.test(oid);

/**
 * Every change of these files against every parent, as git-diff-tree(1) gives it: a line with the commit's id, then
 * entries in the raw format. Without `--full-history` git leaves out side branches that came to nothing.
 */
async function changesAlong(
  { place }: WorkRepository,
  paths: readonly string[],
  left: () => number,
): Promise<{ changes: Change[]; complete: boolean }> {
  if (paths.length === 0) return { changes: [], complete: true };
  const names = paths.map((shown) => pathBytes(shown).toString());
  const walk = ["--literal-pathspecs", "rev-list", "--all", "--reflog", "--full-history", "--", ...names];
  const commits = await timedGit(place, walk, { input: Buffer.alloc(0), time: left() });
  const ids = commits.stdout.subarray(0, commits.stdout.lastIndexOf(10) + 1);
  const show = ["diff-tree", "--stdin", "-m", "-r", "--root", "--raw", "-z", "--no-abbrev", "--no-renames"];
  const shown = await timedGit(place, ["--literal-pathspecs", ...show, "--", ...names], {
    input: ids,
    time: left(),
  });
  const fields = shown.stdout.toString("latin1").split("\0");
  const complete = commits.complete && shown.complete;
  const shownAs = new Map(names.map((name, at) => [Buffer.from(name).toString("latin1"), paths[at] ?? name]));
  const changes: Change[] = [];
  let commit = "";
  // The last field is empty, or what git was writing when it was stopped.
  for (let at = 0; at < fields.length - 1; at += 1) {
    const field = fields[at] ?? "";
    const [, from, to] = /^:\d{6} \d{6} ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*$/.exec(field) ?? [];
    if (from !== undefined && to !== undefined) {
      at += 1;
      const name = fields[at] ?? "";
      if (at < fields.length - 1) changes.push({ commit, path: shownAs.get(name) ?? name, from, to });
    } else if (/^[0-9a-f]{40,64}$/.test(field)) commit = field;
    else throw new Error("git showed a commit in a form that is not known");
  }
  return { changes, complete };
}

/** Of the commits that have such a content, those that no parent gave it to. */
function introducing(changes: readonly Change[], holders: ReadonlySet<string>): ExposedCommit[] {
  const inherited = new Set(
    changes
      .filter(({ from, to }) => holders.has(to) && holders.has(from))
      .map(({ commit, path: at }) => `${commit} ${at}`),
  );
  const seen = new Set<string>();
  return changes.flatMap(({ commit, path: at, to }) => {
    const key = `${commit} ${at}`;
    if (!holders.has(to) || inherited.has(key) || seen.has(key)) return [];
    seen.add(key);
    return [{ id: commit, path: at }];
  });
}

function refsWith(
  { place }: WorkRepository,
  commits: readonly string[],
): Pick<Exposure, "remotes" | "branches" | "tags" | "stashed"> {
  const refs = new Set<string>();
  for (let at = 0; at < commits.length; at += REFS) {
    const some = commits.slice(at, at + REFS).map((id) => `--contains=${id}`);
    const listing = git(place, ["for-each-ref", "--format=%(refname)", ...some]).toString();
    for (const name of listing.split("\n")) if (name !== "") refs.add(name);
  }
  const under = (prefix: string): string[] =>
    [...refs].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return {
    remotes: under("refs/remotes/").filter((name) => !name.endsWith("/HEAD")),
    branches: under("refs/heads/"),
    tags: under("refs/tags/"),
    stashed: refs.has("refs/stash"),
  };
}

function isShallow({ place }: WorkRepository): boolean {
  return git(place, ["rev-parse", "--is-shallow-repository"]).toString().trim() === "true";
}
