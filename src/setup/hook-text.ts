import { KnownError } from "../model/errors.ts";

/** Raised when the block changes, so that an older one is recognised and replaced. */
const VERSION = 1;
/** How the first and the last line of what is ours begin. */
export const BEGIN = "# >>> stowaway ";
export const END = "# <<< stowaway";

/** The line that husky 5 to 8 put first into their hooks; it starts the hook anew, so it stays outside of parentheses. */
const HUSKY_8 =
  /^\s*(?:\.|source)\s+"?(?:\$\(dirname (?:-- )?"\$0"\)|\$\{0%\/\*\}|[\w./-]*)\/?_\/husky\.sh"?\s*$/;
/** Settings of how a shell reads, which come too late for what stands in the same parentheses. */
const CHANGES_READING = /(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*(?:alias|shopt)[ \t]/m;
const HERE_DOCUMENT = /(?<!<)<<(?!<)(-?)[ \t]*(?:(["'])?([^\s;&|()<>"'`\\$]*)\2)?/g;
/** No line is this. */
const NEVER = "\n";
/** A shell, with options after which it still runs what it reads. */
const SHELL =
  /^#!.*[/ \t](?:ba|da|a|k|mk|z)?sh(?:[ \t]+(?:-[aefuvxE]+|-e?o|pipefail|--posix))*[ \t]*(?:\r?\n|$)/;

/** Quotes a text for sh; plain paths stay as they are. */
export function quote(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Folder beside the hook to which an existing one moves, under its own name: some hooks look at what they are called. */
export const ASIDE = "stowaway-chained";

const CALL_ASIDE = `"$(dirname -- "$0")/${ASIDE}/pre-commit"`;

export interface HookOptions {
  /** Command that brings a missing shim back. */
  readonly install: string;
  /** Whether the existing file must not be rewritten: a link, or not UTF-8. */
  readonly opaque: boolean;
  /** Whether the hook manager starts the file with `sh -e`, whatever its first line says. */
  readonly sourced: boolean;
  /** Whether a hook stands in `ASIDE`. */
  readonly chained: boolean;
}

/** What becomes of a hook file. */
export interface HookText {
  readonly text: string;
  /** The existing file cannot take the block: it has to move into `ASIDE`, from where the new one calls it. */
  readonly moveAside: boolean;
}

/**
 * Puts the block into a hook, which keeps its own lines and runs them first: in parentheses, out of which they can
 * neither leave the hook nor change what the block finds.
 *
 * @param existing text of the hook as it is; null where there is none
 * @param shim path of the shim, relative to the top of the work tree (in which git starts hooks) or absolute
 * @throws KnownError (1) where the marks of an earlier block are damaged, or where neither way is open
 */
export function chainHook(existing: string | null, shim: string, options: HookOptions): HookText {
  if (existing === null || (existing === "" && !options.sourced && !options.opaque)) {
    const ours = block(shim, options, { closing: false, aside: false });
    return { text: lines(["#!/bin/sh", ...ours]), moveAside: false };
  }
  const own = withoutOurs(existing);
  const { head, body } = split(own.text);
  const closing = body !== "";
  const opening = closing ? lines(OPENING) : "";
  const text =
    head + opening + body + lines(block(shim, options, { closing, aside: own.aside && options.chained }));
  const unfit = CHANGES_READING.test(body) || !endsItsDocuments(body);
  const ofShell = options.sourced || SHELL.test(existing);
  if (!unfit && (text === existing || (ofShell && !options.opaque))) return { text, moveAside: false };
  if (unfit && (own.marked || head.split("\n").some((line) => HUSKY_8.test(line)))) {
    throw new KnownError(1, "hook-unfit", "the hook has lines that nothing can safely follow", {
      hint: "Move its here-documents, alias and shopt into a script that it calls, then run stowaway init again.",
    });
  }
  const ours = block(shim, options, { closing: false, aside: true });
  return { text: lines(["#!/bin/sh", ...ours]), moveAside: true };
}

const OPENING = [
  `${BEGIN}${VERSION} (your lines stand in parentheses, so that the check runs after them)`,
  "(",
  END,
];

/**
 * The lines that call the shim. They need only sh, and a shim that is missing stops the commit: a hook that cannot
 * look must not say clean.
 */
function block(
  shim: string,
  { install, sourced }: HookOptions,
  { closing, aside }: { closing: boolean; aside: boolean },
): string[] {
  return [
    `${BEGIN}${VERSION} (written by stowaway init)`,
    ...(closing ? [")"] : []),
    "stowaway_code=$?",
    '[ "$stowaway_code" -eq 0 ] || exit "$stowaway_code"',
    ...(aside ? [`${sourced ? "sh -e " : ""}${CALL_ASIDE} "$@" || exit $?`] : []),
    `stowaway_shim=${quote(shim)}`,
    'if [ -f "$stowaway_shim" ]; then',
    '  sh "$stowaway_shim" "$@" || exit $?',
    // The shim reads these itself; without it an old branch or a new worktree would have no way round.
    'elif case ",${SKIP-}," in *,stowaway,*) ;; *) [ "${STOWAWAY_SKIP-}" = 1 ] ;; esac; then',
    '  echo "stowaway: skipped as asked; nothing was checked." >&2',
    "else",
    `  echo "stowaway: $stowaway_shim is missing, so nothing was checked; run '${install}', then commit again (once without: SKIP=stowaway git commit)." >&2`,
    "  exit 3",
    "fi",
    END,
  ];
}

/** The user's part of a hook, whether there was any of ours, and whether that calls a hook that was moved aside. */
function withoutOurs(existing: string): { text: string; marked: boolean; aside: boolean } {
  const kept: string[] = [];
  let [begin, marked, aside]: [string | null, boolean, boolean] = [null, false, false];
  for (const line of existing.split("\n")) {
    if (line.startsWith(BEGIN)) {
      if (begin !== null) throw damaged(begin);
      begin = line;
      marked = true;
    } else if (begin === null) kept.push(line);
    else if (line === END) begin = null;
    else if (line.includes(CALL_ASIDE)) aside = true;
  }
  if (begin !== null) throw damaged(begin);
  const text = kept.join("\n");
  return { text: text === "" || text.endsWith("\n") ? text : `${text}\n`, marked, aside };
}

function damaged(begin: string): KnownError {
  const hint = `Delete them by hand, from "${begin}" on, then run stowaway init again.`;
  return new KnownError(
    1,
    "hook-damaged",
    "the hook holds the beginning of stowaway's lines but not their end",
    { hint },
  );
}

/** What stays before the parentheses (first line, comments, husky's line), and what goes into them: "" for no command. */
function split(text: string): { head: string; body: string } {
  const all = text.split("\n");
  const first = all.findIndex((line) => !/^\s*(?:#|$)/.test(line));
  if (first === -1) return { head: text, body: "" };
  const shebang = all[0]?.startsWith("#!") === true ? 1 : 0;
  const at = HUSKY_8.test(all[first] ?? "") ? first + 1 : shebang;
  const body = all.slice(at).join("\n");
  const empty = all.slice(at).every((line) => /^\s*(?:#|$)/.test(line));
  return empty
    ? { head: text, body: "" }
    : {
        head: all
          .slice(0, at)
          .map((line) => `${line}\n`)
          .join(""),
        body,
      };
}

/** Whether each here-document ends, so that none swallows what follows; where that is not sure, the answer is no. */
function endsItsDocuments(text: string): boolean {
  const open: { readonly end: string; readonly tabs: boolean }[] = [];
  for (const line of text.split("\n")) {
    const [next] = open;
    if (next !== undefined) {
      if ((next.tabs ? line.replace(/^\t+/, "") : line) === next.end) open.shift();
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    for (const [, dash, , word] of line.matchAll(HERE_DOCUMENT))
      open.push({ end: word === undefined || word === "" ? NEVER : word, tabs: dash === "-" });
  }
  return open.length === 0;
}

function lines(parts: readonly string[]): string {
  return parts.map((part) => `${part}\n`).join("");
}
