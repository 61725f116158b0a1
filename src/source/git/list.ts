/** One path of the index that differs from HEAD. */
export interface StagedEntry {
  /** Path for people: UTF-8, other bytes as `\xNN`. */
  readonly path: string;
  /** The path's own bytes. */
  readonly rawPath: Buffer;
  /** Octal file modes (`100644`, `120000` link, `160000` submodule, `000000` absent). */
  readonly oldMode: string;
  readonly newMode: string;
  /** Object ids, all zeros where absent. */
  readonly oldId: string;
  readonly newId: string;
  /** `A`, `M`, `D`, `T`, `U`; where renames were asked for, `R` too: the old mode and id are those of the old path. */
  readonly status: string;
}

/** What `git diff` needs to list the index against HEAD (an unborn HEAD too) and nothing else; parsed by `parseListing`. */
export const LISTING = [
  "diff",
  "--cached",
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--ignore-submodules=none",
] as const;

/**
 * Bytes of a path as text. Where they are no UTF-8, or where the name looks as if it were none, backslashes are doubled
 * and other bytes show as `\xNN`: two names never look alike.
 */
export function pathText(raw: Buffer): string {
  const text = raw.toString("utf8");
  if (text.includes("\ufffd") && !Buffer.from(text).equals(raw))
    return raw
      .toString("latin1")
      .replace(/[\\\x80-\xff]/g, (byte) =>
        byte === "\\" ? "\\\\" : `\\x${byte.charCodeAt(0).toString(16)}`,
      );
  return /\\x[89a-f]/.test(text) ? text.replaceAll("\\", "\\\\") : text;
}

/**
 * Reads the raw format of git-diff (git-diff(1), «raw output format», with `-z`).
 *
 * @throws Error on anything that is not that format: a broken listing must not look like a short one
 */
export function parseListing(listing: Buffer): StagedEntry[] {
  const entries: StagedEntry[] = [];
  for (let at = 0; at < listing.length;) {
    const metaEnd = listing.indexOf(0, at);
    const meta = /^:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])\d*$/.exec(
      listing.toString("latin1", at, metaEnd),
    );
    let pathEnd = listing.indexOf(0, metaEnd + 1);
    if (metaEnd < 0 || meta === null || pathEnd < 0)
      throw new Error("git listed the index in a form that is not known");
    const [, oldMode = "", newMode = "", oldId = "", newId = "", status = ""] = meta;
    let pathStart = metaEnd + 1;
    if (status === "R" || status === "C") {
      pathStart = pathEnd + 1;
      pathEnd = listing.indexOf(0, pathStart);
      if (pathEnd < 0) throw new Error("git listed the index in a form that is not known");
    }
    const rawPath = listing.subarray(pathStart, pathEnd);
    entries.push({ path: pathText(rawPath), rawPath, oldMode, newMode, oldId, newId, status });
    at = pathEnd + 1;
  }
  return entries;
}

/** Files of the index that may hold configuration; the shim lists them too. */
const CONFIG_FILES = ["stowaway.config.json", "package.json", "pyproject.toml"] as const;

/** Lists the configuration files of the index's top folder; parsed by `parseStage`. */
export const CONFIG_LISTING = [
  "ls-files",
  "-s",
  "-z",
  "--full-name",
  "--",
  ...CONFIG_FILES.map((name) => `:/${name}`),
] as const;

/** SHA-1 and SHA-256 id of the empty blob, which stands in the index for a file that is only intended to be added. */
export const EMPTY_BLOBS: readonly string[] = [
  "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
  "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

const STAGE_ENTRY = /^(\d{6}) ([0-9a-f]{40,64}) (\d)\t(.*)$/s;

/**
 * Object ids by path, of what `git ls-files -s -z` lists (git-ls-files(1)); links, conflicts and empty files (`git add
 * -N`) are left out.
 */
export function parseStage(listing: Buffer): Map<string, string> {
  const ids = new Map<string, string>();
  for (const entry of listing.toString("latin1").split("\0")) {
    const [, mode, id, stage, path] = STAGE_ENTRY.exec(entry) ?? [];
    if (id === undefined || path === undefined || EMPTY_BLOBS.includes(id)) continue;
    if (stage === "0" && mode?.startsWith("100") === true) ids.set(path, id);
  }
  return ids;
}

/** What the shim pipes in. */
export interface PipedListing {
  /** Output of `LISTING`. */
  readonly changes: Buffer;
  /** Output of `CONFIG_LISTING`. */
  readonly config: Buffer;
}

/** Behind each listing, git's exit status as one more entry. */
const PROOF_CONFIG = "stowaway-config 0";
const PROOF_CHANGES = "stowaway-changes 0";

/**
 * Takes apart what the shim pipes in: two listings, each with the proof behind it that git ended well. Without them a
 * git that died would look like an empty index.
 *
 * It is read from the end, where a file's name cannot stand: a file may be called like a proof.
 *
 * @returns null where a proof is missing or git failed
 */
export function takeApart(piped: Buffer): PipedListing | null {
  if (piped.at(-1) !== 0) return null;
  const startOf = (end: number): number => piped.lastIndexOf(0, end - 2) + 1;
  const tokenAt = (start: number, end: number): string => piped.toString("latin1", start, end - 1);
  const configEnd = startOf(piped.length);
  if (tokenAt(configEnd, piped.length) !== PROOF_CONFIG) return null;
  for (let end = configEnd; end > 0;) {
    const start = startOf(end);
    const token = tokenAt(start, end);
    if (token === PROOF_CHANGES)
      return { changes: piped.subarray(0, start), config: piped.subarray(end, configEnd) };
    if (!STAGE_ENTRY.test(token)) return null;
    end = start;
  }
  return null;
}
