const ROOM = "Make room on the disk, and run this again.";
const REASONS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  ENOSPC: ["the disk is full", ROOM],
  EDQUOT: ["the disk quota is used up", ROOM],
  EFBIG: ["the file may not be that large", "Raise the limit of file sizes (ulimit -f), and run this again."],
  EACCES: [
    "permission is denied",
    "Change the permissions of the file or of its folder, and run this again.",
  ],
  EPERM: ["it is not permitted", "Change the owner or the permissions of the file, and run this again."],
  EROFS: ["the file system is read-only", "Mount it writable, and run this again."],
};

/**
 * Why the operating system did not write or read a file, for people: one clause, and the next step.
 *
 * @param cause what a call of the system threw
 * @returns null where it is no answer of the system
 */
export function systemReason(cause: unknown): { readonly why: string; readonly hint: string } | null {
  const code = cause instanceof Error && "syscall" in cause && "code" in cause ? cause.code : undefined;
  if (typeof code !== "string") return null;
  const [why, hint] = REASONS[code] ?? [`the system says ${code}`, "Run again with --verbose to see more."];
  return { why, hint };
}
