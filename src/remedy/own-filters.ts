import { gitCall } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { KnownError } from "../model/errors.ts";

const KEYS = ["clean", "smudge", "process"];
/** What git answers to an option that it does not know: `--show-scope` is of git 2.26. */
const USAGE = 129;
const TRUSTED = new Set(["system", "global", "command"]);

/**
 * Filters (gitattributes(5)) whose programs are named by the repository's own settings. Whoever made the repository may
 * have chosen these, so they are not run; those of the user's and the system's settings may be. Where git does not say
 * whose a setting is, every filter counts.
 */
export function ownFilters(place: GitPlace): ReadonlySet<string> {
  const ask = (options: readonly string[]) =>
    gitCall(place, ["config", ...options, "-z", "--get-regexp", "^filter\\."], { answers: [0, 1, USAGE] });
  const scoped = ask(["--show-scope"]);
  const old = scoped.code === USAGE;
  const fields = (old ? ask([]) : scoped).stdout.toString("latin1").split("\0").slice(0, -1);
  const names = new Set<string>();
  for (let at = 0; at < fields.length; at += old ? 1 : 2) {
    const [scope, setting] = old ? ["", fields[at]] : [fields[at], fields[at + 1]];
    const name = /^filter\.(.*)\.[^.]*$/.exec(keyOf(setting ?? ""))?.[1];
    if (name !== undefined && !TRUSTED.has(scope ?? "")) names.add(name);
  }
  return names;
}

/** A subsection's name cannot hold a line end; what follows the first is the value. */
const keyOf = (setting: string): string => setting.split("\n", 1)[0] ?? "";

/**
 * Settings that keep git from running the repository's own filters. It runs them whenever it compares a file with its
 * entry, also while it writes an index.
 *
 * @throws KnownError (1) where one has a name that no setting of a command line can have
 */
export function withoutOwnFilters(place: GitPlace): string[] {
  const names = [...ownFilters(place)];
  if (names.some((name) => !/^[\x20-\x7e]*$/.test(name) || name.includes("=")))
    throw new KnownError(
      1,
      "own-filter",
      "this repository's settings name a program that cannot be kept from running",
      {
        hint: "Take that filter out; git config --show-origin --get-regexp '^filter' shows where it stands.",
      },
    );
  return names.flatMap((name) => [
    ...KEYS.map((key) => `filter.${name}.${key}=`),
    `filter.${name}.required=false`,
  ]);
}
