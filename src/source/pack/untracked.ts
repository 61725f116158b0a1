import { git } from "../../host/plumbing.ts";
import type { GitPlace } from "../../host/plumbing.ts";

/** Where git stands towards the files of a folder; paths relative to it. */
export interface TrackedState {
  /** What git says of a file that exists in the folder. */
  stateOf(path: string): "tracked" | "untracked" | "ignored";
}

/** Asks git; null outside of a repository, or where there is no git. */
export function readTrackedState(place: GitPlace): TrackedState | null {
  try {
    const tracked = new Set(list(place, ["ls-files", "-z"]));
    const ignored = list(place, ["ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory"]);
    const files = new Set(ignored.filter((path) => !path.endsWith("/")));
    const folders = ignored.filter((path) => path.endsWith("/"));
    return {
      stateOf(path) {
        if (tracked.has(path)) return "tracked";
        return files.has(path) || folders.some((folder) => path.startsWith(folder)) ? "ignored" : "untracked";
      },
    };
  } catch {
    // Not knowing what git thinks costs a warning, not the scan.
    return null;
  }
}

function list(place: GitPlace, args: readonly string[]): string[] {
  return git(place, args)
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}

/**
 * The warning about published files that nobody has reviewed.
 *
 * @param published paths in the folder, of files that exist there
 * @param fix how to keep such a file out, one sentence
 * @returns at most two notes
 */
export function untrackedNotes(
  state: TrackedState,
  published: Iterable<string>,
  what: string,
  fix: string,
): string[] {
  const byState = { ignored: [] as string[], untracked: [] as string[] };
  for (const path of published) {
    const found = state.stateOf(path);
    if (found !== "tracked") byState[found].push(path);
  }
  const notes: string[] = [];
  if (byState.ignored.length > 0)
    notes.push(`${what} would publish files that git ignores: ${summarise(byState.ignored)} ${fix}`);
  if (byState.untracked.length > 0)
    notes.push(`${what} would publish files that git does not track: ${summarise(byState.untracked)}`);
  return notes;
}

const SHOWN = 10;

/** A list of paths for a sentence: files of the top by name, those of a folder as one. */
export function summarise(paths: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const path of paths.toSorted()) {
    const top = path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : path;
    groups.set(top, [...(groups.get(top) ?? []), path]);
  }
  const shown = [...groups].flatMap(([top, members]) =>
    members.length <= 3 ? members : [`${top} (${members.length} files)`],
  );
  const more = shown.length > SHOWN ? ` and ${shown.length - SHOWN} more` : "";
  return `${shown.slice(0, SHOWN).join(", ")}${more}.`;
}
