import { MANAGERS, SHORT_FOR, STARTERS, TEXT_ONLY, USUAL_FLAG } from "./managers.ts";
import type { Manager } from "./managers.ts";
import { simpleCommands } from "./simple-commands.ts";

/** Tells whether a program of this name is among the project's installed packages. */
type IsLocal = (program: string) => boolean;

/** What a manager is asked for: to install (what, for people), or else; null where another program may follow. */
type Verdict = { readonly installs: string } | "else" | null;

const HAS_SCRIPT = /[\s;&|()`<>]/;
/** Node's managers as scripts of their own, PHP's as an archive. */
const CLI_FILE = /^(npm|npx|pnpm|pnpx|yarn|composer)(?:-cli)?(?:-[\d.]+)?\.(?:[cm]?js|phar)$/;
const ASKS = /^(?:--?version|--?help|-v|-V|-h)$/;

/**
 * Says whether a command line installs packages: their scripts would get what it is given, and that is what worms are
 * after. A guard against accidents: it knows the usual managers, wherever their names stand in the line or in a script that
 * is part of it. What is in the files that a program reads is not looked at.
 *
 * @param line the program and its arguments
 * @returns for people, `npm install`; null where it does not
 */
export function installerIn(line: readonly string[], isLocal: IsLocal): string | null {
  return judge(line, isLocal, true);
}

/** @param sure whether the line is run at all, or may be a text */
function judge(line: readonly string[], isLocal: IsLocal, sure: boolean): string | null {
  const name = nameOf(line[0] ?? "");
  if (TEXT_ONLY.has(name)) return null;
  const starts = sure && STARTERS.has(name);
  for (const [at, word] of line.entries()) {
    const runs = starts || (sure && at === 0);
    const verdict = verdictAt(line, at, isLocal, runs);
    if (verdict === "else" && runs) return null;
    if (verdict !== "else" && verdict !== null) return verdict.installs;
    if (at === 0 || !HAS_SCRIPT.test(word)) continue;
    for (const command of simpleCommands(word)) {
      const found = judge(command, isLocal, starts);
      if (found !== null) return found;
    }
  }
  return null;
}

/** @param runs whether a manager's name means the manager, though nothing follows that it knows */
function verdictAt(line: readonly string[], at: number, isLocal: IsLocal, runs: boolean): Verdict {
  const name = nameOf((line[at] ?? "").replace(/^-m(?=.)/, ""));
  const [program, words] = (Object.hasOwn(SHORT_FOR, name) ? SHORT_FOR[name] : undefined) ?? [name, ""];
  const manager = Object.hasOwn(MANAGERS, program) ? MANAGERS[program] : undefined;
  if (manager === undefined) return null;
  const args = [...words.split(" ").filter((word) => word !== ""), ...line.slice(at + 1)];
  const subCommands = subCommandsIn(args, manager);
  const verdicts = subCommands.map((index) => verdictOn(program, manager, args.slice(index), isLocal));
  const installs = verdicts.find((verdict) => verdict !== "else" && verdict !== null);
  if (installs !== undefined) return installs;
  if (subCommands.length > 0 && manager.installs !== "") return verdicts.includes(null) ? null : "else";
  const isBare = manager.bare === true && runs && !args.some((word) => ASKS.test(word));
  return isBare ? { installs: manager.installs === "" ? program : `${program} install` } : null;
}

/** Where the sub-command may stand: behind an option that nothing is known of, its value may be taken for it. */
function subCommandsIn(args: readonly string[], { values = "", flags = "" }: Manager): number[] {
  const found: number[] = [];
  let unsure = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    const [takesValue, standsAlone] = [has(values, word), has(flags, word) || USUAL_FLAG.test(word)];
    if (takesValue) at += 1;
    else if (!standsAlone && !/^[-+]/.test(word)) {
      found.push(at);
      if (!unsure) break;
    }
    unsure = !takesValue && !standsAlone && /^-[^=]*$/.test(word);
  }
  return found;
}

/** @param args the sub-command, and what follows it */
function verdictOn(program: string, manager: Manager, args: readonly string[], isLocal: IsLocal): Verdict {
  const [word = "", ...rest] = args;
  const second = rest.find((one) => !one.startsWith("-"));
  if (has(manager.installs, word)) return { installs: `${program} ${word}` };
  if (has(manager.installs, `${word}+${second}`)) return { installs: `${program} ${word} ${second}` };
  if (has(manager.borrows, word)) return borrows(program, manager, rest, isLocal);
  const excuses = Object.hasOwn(manager.installsFirst ?? {}, word)
    ? manager.installsFirst?.[word]
    : undefined;
  if (excuses === undefined) return has(manager.handsOn, word) ? null : "else";
  const options = rest.slice(0, subCommandsIn(rest, manager)[0]);
  const isExcused = excuses.some((list) => list.split(" ").every((option) => options.includes(option)));
  return isExcused && !options.some((option) => option.startsWith("--with"))
    ? null
    : { installs: `${program} ${word}` };
}

/** `npx NAME` and its like. */
function borrows(program: string, manager: Manager, args: readonly string[], isLocal: IsLocal): Verdict {
  const fetches = { installs: `${program} exec, which fetches what the project has not installed` };
  const never = args.some((word) => word === "--no" || word === "--no-install");
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (/^(?:-p|--package)(?:=|$)/.test(word) && !never) return fetches;
    // Its script is looked at with all others.
    if (/^(?:-c|--call)(?:=|$)/.test(word)) return null;
    if (has(manager.values, word) || word === "-p" || word === "--package") at += 1;
    else if (!word.startsWith("-"))
      return never || isLocal(word) ? verdictAt(args, at, isLocal, true) : fetches;
  }
  return null;
}

function has(list: string | undefined, word: string): boolean {
  return list?.split(" ").includes(word) === true;
}

/** A program's name without its folder, version and the ends that systems put to it. */
function nameOf(command: string): string {
  const name = command.toLowerCase().split(/[\\/]/).at(-1) ?? "";
  return name
    .replace(CLI_FILE, "$1")
    .replace(/\.(?:cmd|exe|bat|ps1)$/, "")
    .replace(/(?<=.)@[\w.^~+-]*$/, "")
    .replace(/^(pip|python|pypy|gem|bundle|ruby|php|easy_install)-?[\d.]+$/, "$1")
    .replace(/^bundler$/, "bundle");
}
