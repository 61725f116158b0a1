import { git, gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";

/**
 * Whether the index has an entry for a path, in whichever case: file systems that make no difference would open it.
 *
 * @param place its folder is the top of the work tree
 * @param path relative to the top, `/` between parts
 */
export function isTracked(place: GitPlace, path: string): boolean {
  return git(place, ["ls-files", "-z", "--", `:(top,literal,icase)${path}`]).length > 0;
}

/** Whether the index or any commit ever had the path. */
export function wasTracked(place: GitPlace, path: string): boolean {
  return isTracked(place, path) || inHistory(place, path);
}

/**
 * Whether any commit of any ref, or of the stash, has the path: checking such a commit out would overwrite what is there
 * now, and coming back would remove it.
 */
export function inHistory(place: GitPlace, path: string): boolean {
  const history = ["rev-list", "--all", "--full-history", "--max-count=1", "--", literally(path)];
  return git(place, history).length > 0;
}

/** Whether git ignores a path, be it there or not; the last rule that matches decides. */
export function isIgnored(place: GitPlace, path: string): boolean {
  // It refuses pathspecs that are marked as literal, in whichever way; a leading `./` keeps a name from being read as one.
  const question = ["check-ignore", "--quiet", "--no-index", "--", `./${path}`];
  return gitCall(place, question, { answers: [0, 1] }).code === 0;
}

function literally(path: string): string {
  return `:(top,literal)${path}`;
}
