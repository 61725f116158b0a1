/** Last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * A stored name as a path for people: `/` between parts, relative, without `.` and `..`.
 *
 * @param strip leading folder to leave out, with its slash; may be empty
 */
export function cleanPath(name: string, strip: string): string {
  const inner =
    strip !== "" && name.startsWith(strip) && name.length > strip.length ? name.slice(strip.length) : name;
  const parts = inner
    .replaceAll("\\", "/")
    .replace(/^[A-Za-z]:/, "")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
  return parts.length === 0 ? "(no name)" : parts.join("/");
}

/**
 * The one folder that a package's tarball puts round its files: `package/` (npm), or the tarball's own name as in
 * sdists and crates (`demo-1.0.0/`).
 *
 * @param first stored name of the first member
 * @param archive the tarball's file name
 * @returns the folder with its slash, or empty
 */
export function topFolder(first: string, archive: string): string {
  const own = `${archive.replace(/\.(?:tar\.gz|tgz|tar|crate)$/i, "")}/`;
  return ["package/", own].find((folder) => first.startsWith(folder)) ?? "";
}

/**
 * Name of the single file in a gzip file.
 *
 * @param stored the one in the gzip header, if any
 * @param archive path of the gzip file
 */
export function innerName(stored: string | null, archive: string): string {
  const name = baseName((stored ?? "").replaceAll("\\", "/"));
  if (name !== "") return name;
  return (
    baseName(archive)
      .replace(/\.gz$/i, "")
      .replace(/\.tgz$/i, ".tar") || "(no name)"
  );
}

/** Whether a link stored under `name` points out of the archive it is in. */
export function leavesArchive(name: string, target: string): boolean {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(target)) return true;
  let depth = name.split("/").filter((part) => part !== "" && part !== ".").length - 1;
  for (const part of target.split(/[/\\]/)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
