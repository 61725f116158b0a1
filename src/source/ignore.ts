import ignore from "ignore";

/**
 * @param patterns in .gitignore syntax (gitignore(5)), case counts on every system; relative to the root that the paths are relative to
 * @returns whether a path with `/` is left out
 */
export function ignoring(patterns: readonly string[]): (path: string) => boolean {
  const matcher = ignore({ allowRelativePaths: true, ignorecase: false }).add([...patterns]);
  return (path) => matcher.ignores(path);
}
