import ignore from "ignore";

/**
 * @param patterns in .gitignore syntax (gitignore(5)), relative to the root that the paths are relative to
 * @returns whether a path with `/` is left out
 */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const matcher = ignore({ allowRelativePaths: true }).add([...patterns]);
  return (path) => matcher.ignores(path);
}
