import { ignoreLine } from "../formats/ignore-file.ts";
import { gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { KnownError } from "../model/errors.ts";
import { inFolder, nameInList } from "./plain-change.ts";
import type { PlainChange } from "./plain-change.ts";
import { pathBytes } from "./raw-path.ts";

const IGNORE_FILE = ".gitignore";

/**
 * The change that has git ignore a file: a rule in the top `.gitignore`, or, where one in a folder below says that the
 * file is not ignored, behind that.
 *
 * @param place git at the top
 * @param file relative to the top, as findings name it
 * @throws KnownError (1) for a name that no rule can hold
 */
export function ignoreRule(place: GitPlace, file: string): PlainChange {
  const whole = nameInList(file);
  const folder = decidingFolder(place, file);
  const path = inFolder(folder, IGNORE_FILE);
  const name = folder === "" ? whole : whole.slice(pathBytes(folder).length + 1);
  return {
    path,
    bytes: true,
    change: (text) => ignoreLine(text, name),
    says: `${path} keeps ${file} out of git`,
  };
}

/**
 * Looks whether git ignores each of these files, as far as rules go: also one that it tracks.
 *
 * @param place git at the top
 * @returns those that it does not
 */
export function unignored(place: GitPlace, files: readonly string[]): string[] {
  const rules = decidingRules(place, files);
  return files.filter((_, index) => {
    const { pattern } = rules[index] ?? { pattern: "" };
    return pattern === "" || pattern.startsWith("!");
  });
}

/** @throws KnownError (1) where git does not ignore one of these files */
export function seeIgnored(place: GitPlace, files: readonly string[]): void {
  const [file] = unignored(place, files);
  if (file !== undefined)
    throw new KnownError(1, "not-ignored", "git would still take this file in: no rule for it had effect", {
      path: file,
      hint: "Look for a rule with a ! (git check-ignore -v names it), then run stow again.",
    });
}

/** The folder of the `.gitignore` below the top that takes the file back in; the top where none does. */
function decidingFolder(place: GitPlace, file: string): string {
  const [rule] = decidingRules(place, [file]);
  if (rule === undefined || !rule.pattern.startsWith("!")) return "";
  const parts = file.split("/");
  const folders = parts.map((_, depth) => parts.slice(0, depth).join("/"));
  return folders.find((folder) => rule.source.equals(pathBytes(inFolder(folder, IGNORE_FILE)))) ?? "";
}

interface Rule {
  /** The file it stands in, relative to the top. */
  readonly source: Buffer;
  /** Empty where no rule is about the file. */
  readonly pattern: string;
}

/** Git-check-ignore(1) with `-v -n -z`: for every path the file, line and pattern that decide, and the path, each ended by NUL. */
function decidingRules(place: GitPlace, files: readonly string[]): Rule[] {
  // A leading `./` keeps a name from being read as a pathspec with magic in it.
  const input = Buffer.concat(
    files.flatMap((file) => [Buffer.from("./"), pathBytes(file), Buffer.from([0])]),
  );
  const args = ["check-ignore", "--verbose", "--non-matching", "--no-index", "-z", "--stdin"];
  const fields = gitCall(place, args, { input, answers: [0, 1] })
    .stdout.toString("latin1")
    .split("\0");
  return files.map((_, index) => ({
    source: Buffer.from(fields[index * 4] ?? "", "latin1"),
    pattern: fields[index * 4 + 2] ?? "",
  }));
}
