/** Names by which Windows, macOS or git's own short form reach the git directory. */
const GIT = /^(?:\.git|git~\d+)[ .]*(?::.*)?$/i;
const LONGEST = 500;

/**
 * Whether a path names something below the top of a work tree, by its letters: relative, `/` between its parts, no part
 * empty, `.` or `..`, none that leads into the git directory, nothing that a file system reads in its own way. Whether
 * there are links on the way is for the reader of the disk to see.
 */
export function isTreePath(path: string): boolean {
  if (path.length > LONGEST || /[\\\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|^[A-Za-z]:/u.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !GIT.test(part));
}
