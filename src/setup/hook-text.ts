import { KnownError } from "../model/errors.ts";

/** Raised when the block changes, so that an older one is recognised and replaced. */
const VERSION = 1;
/** How the first and the last line of what is ours begin. */
export const BEGIN = "# >>> stowaway ";
export const END = "# <<< stowaway";

/** Words after which a block at the end might not run, or would run elsewhere or under other rules. */
const UNRULY =
  /(?:^|[\s;&|({`!])(?:(?:exit|exec|return|cd|pushd|set|shopt|trap|source|\.|eval|alias)(?=[\s;&|)]|$)|(?:IFS|PATH)=)/;
/** The line that husky 8 puts into its hooks; it starts the hook anew and is no danger. */
const HUSKY_8 = /^\s*\. .*_\/husky\.sh"?\s*$/;
const SHELL = /^#!.*[/\s](?:ba|da|a|k|mk|z)?sh(?:\s|$)/;

/** Quotes a text for sh; plain paths stay as they are. */
export function quote(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The lines that call the shim. They need only sh, and a shim that is missing stops the commit: a hook that cannot
 * look must not say clean.
 *
 * @param shim path of the shim, relative to the top of the work tree (in which git starts hooks) or absolute
 * @param install command that brings a missing shim back
 */
function block(shim: string, install: string): string[] {
  return [
    `${BEGIN}${VERSION} (written by stowaway init)`,
    "stowaway_code=$?",
    '[ "$stowaway_code" -eq 0 ] || exit "$stowaway_code"',
    `stowaway_shim=${quote(shim)}`,
    'if [ ! -f "$stowaway_shim" ]; then',
    `  echo "stowaway: $stowaway_shim is missing, so nothing was checked; run '${install}', then commit again." >&2`,
    "  exit 3",
    "fi",
    'sh "$stowaway_shim" "$@" || exit $?',
    END,
  ];
}

/** What becomes of a hook file. */
export interface HookText {
  readonly text: string;
  /** The existing file cannot take the block and has to move beside, under `ASIDE`, from where the new one calls it. */
  readonly moveAside: boolean;
}

/** Ending of the name of a hook that was moved aside. */
export const ASIDE = ".stowaway-chained";

/**
 * Puts the block into a hook, which keeps its own lines and runs them first.
 *
 * @param existing text of the hook as it is; null where there is none
 * @param options.install command that brings a missing shim back
 * @param options.opaque whether the existing file must not be rewritten: a link, or not UTF-8
 * @param options.sourced whether the hook manager starts the file with `sh -e`, whatever its first line says
 * @throws KnownError (1) where the marks of an earlier block are damaged
 */
export function chainHook(
  existing: string | null,
  shim: string,
  options: { readonly install: string; readonly opaque: boolean; readonly sourced: boolean },
): HookText {
  const ours = block(shim, options.install);
  if (existing === null) return { text: lines(["#!/bin/sh", ...ours]), moveAside: false };
  const replaced = replaceBlock(existing, ours);
  if (replaced !== null) return { text: replaced, moveAside: false };
  if (options.opaque || !(options.sourced || SHELL.test(existing))) {
    const call = options.sourced ? "sh -e " : "";
    return { text: lines(["#!/bin/sh", `${call}"$0${ASIDE}" "$@"`, ...ours]), moveAside: true };
  }
  const kept = existing === "" || existing.endsWith("\n") ? existing : `${existing}\n`;
  if (!isUnruly(kept)) return { text: kept + lines(ours), moveAside: false };
  const at = kept.startsWith("#!") ? kept.indexOf("\n") + 1 : 0;
  const open = lines([
    `${BEGIN}${VERSION} (your lines stand in parentheses, so that the check runs after them)`,
    "(",
    END,
  ]);
  const [mark = "", ...rest] = ours;
  return { text: kept.slice(0, at) + open + kept.slice(at) + lines([mark, ")", ...rest]), moveAside: false };
}

function isUnruly(text: string): boolean {
  return text.split("\n").some((line) => !/^\s*#/.test(line) && !HUSKY_8.test(line) && UNRULY.test(line));
}

/** An earlier block, of any version, gives way to the one of today; null where there is none. */
function replaceBlock(existing: string, ours: readonly string[]): string | null {
  const all = existing.split("\n");
  const begins = all.flatMap((line, index) => (line.startsWith(BEGIN) ? [index] : []));
  const last = begins.at(-1);
  if (last === undefined) return null;
  const end = all.indexOf(END, last);
  if (end === -1) {
    throw new KnownError(
      1,
      "hook-damaged",
      "the hook holds the beginning of stowaway's lines but not their end",
      {
        hint: `Delete them by hand, from "${all[last] ?? ""}" on, then run stowaway init again.`,
      },
    );
  }
  const [mark = "", ...rest] = ours;
  const closing = begins.length > 1 ? [mark, ")", ...rest] : ours;
  return [...all.slice(0, last), ...closing, ...all.slice(end + 1)].join("\n");
}

function lines(parts: readonly string[]): string {
  return parts.map((part) => `${part}\n`).join("");
}
