import { parseJsonc, setJsonValue } from "../formats/jsonc.ts";
import { UsageError } from "../model/errors.ts";
import { CALLS_CHECK, FAILS_WITH_CHECK } from "../formats/calls-check.ts";
import type { DiffLine } from "./plan.ts";

/**
 * Scripts of npm's publishing that the check belongs to: the first stops early, before anything is uploaded by hand
 * in it; the second sees the very bytes that npm uploads, which the first cannot, since `prepack` runs after it.
 */
const SCRIPTS = ["prepublishOnly", "postpack"] as const;
const COMMAND = "check-pack";

/** A comment would swallow what follows; a here-document and a backslash at the end would swallow a parenthesis. */
const OPEN_END = /(?:^|[\s;&|(])#|<<|\\$/;
/** One command that leaves the shell as it was, in sh and in cmd.exe; anything else gets parentheses. */
const PLAIN = /^[\w@%+,./: -][\w@%+,./:= -]*$/;
const NOT_PLAIN =
  /^(?:\.|:|alias|break|call|cd|chdir|eval|exec|exit|export|popd|pushd|return|set|setlocal|shift|source|trap|umask|unset)(?:\s|$)|^\w+=/;
/** What cmd.exe does to the whole line in spite of parentheses. */
const ESCAPES_CMD = /(?:^|[\s;&|(])(cd|chdir|pushd|exit)(?=[\s;&|)]|$)/;

/** What becomes of a package.json. */
export interface ScriptsText {
  /** The same as before where nothing is to do. */
  readonly text: string;
  /** The change for people; an existing script stands there as `…`, because it may hold a token. */
  readonly shown: readonly DiffLine[];
  /** Whether the check is in all of the scripts then. */
  readonly publishing: boolean;
  /** Why a script was left alone, or what to mind about it, one sentence each. */
  readonly notes: readonly string[];
}

/** What becomes of one script; null for `script` where it stays. */
interface ScriptPlan {
  readonly script: string | null;
  readonly shown: readonly DiffLine[];
  readonly wired: boolean;
  readonly note: string | null;
}

/**
 * Adds the check to the scripts that npm runs when it publishes; existing ones run first.
 *
 * @param text of package.json
 * @param platform on which npm will run them
 * @throws UsageError where it is no package.json that npm would take
 */
export function addScripts(text: string, platform: NodeJS.Platform): ScriptsText {
  const bom = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const manifest = readManifest(text.slice(bom.length));
  if (manifest === null) return { text, shown: [], publishing: false, notes: [] };
  const plans = SCRIPTS.map((name) => planScript(name, manifest.scripts[name]?.trim() ?? "", platform));
  let changed = text.slice(bom.length);
  for (const [index, { script }] of plans.entries()) {
    const name = SCRIPTS[index];
    if (script !== null && name !== undefined) changed = setJsonValue(changed, ["scripts", name], script);
  }
  return {
    text: bom + changed,
    shown: plans.flatMap(({ shown }) => shown),
    publishing: plans.every(({ wired }) => wired),
    notes: plans.flatMap(({ note }) => note ?? []),
  };
}

function planScript(name: string, existing: string, platform: NodeJS.Platform): ScriptPlan {
  const stays = (wired: boolean, why: string | null): ScriptPlan => ({
    script: null,
    shown: [],
    wired,
    note: why === null ? null : `scripts.${name} ${why}`,
  });
  const word = platform === "win32" ? ESCAPES_CMD.exec(existing)?.[1] : undefined;
  const escapes =
    word === undefined
      ? null
      : `holds ${word}, which on Windows counts for the whole line: move it into a script of its own, and run that with npm run.`;
  if (FAILS_WITH_CHECK.test(existing)) {
    const ours = existing.startsWith("(") && existing.endsWith(`) && ${COMMAND}`);
    return ours ? stays(escapes === null, escapes) : stays(true, null);
  }
  if (CALLS_CHECK.test(existing))
    return stays(false, `goes on when ${COMMAND} fails: let nothing but && follow ${COMMAND} there.`);
  if (OPEN_END.test(existing))
    return stays(
      false,
      `holds a comment sign, a here-document or a backslash at its end, so nothing can follow it: add "${COMMAND}" to it by hand.`,
    );
  const added = { sign: "+", text: `"${name}": "${COMMAND}"` } as const;
  if (existing === "") return { script: COMMAND, shown: [added], wired: true, note: null };
  const scoped = !PLAIN.test(existing) || NOT_PLAIN.test(existing);
  const chain = (script: string): string => `${scoped ? `(${script})` : script} && ${COMMAND}`;
  return {
    ...stays(escapes === null, escapes),
    script: chain(existing),
    shown: [
      { sign: "-", text: `"${name}": "…"` },
      { ...added, text: `"${name}": "${chain("…")}"` },
    ],
  };
}

/** The scripts of a package that can be published; null for one that npm would refuse to publish. */
function readManifest(text: string): { scripts: Readonly<Record<string, string>> } | null {
  const { value: manifest, problem } = parseJsonc(text, { strict: true });
  if (problem !== null) throw broken(`is not valid JSON in line ${problem.line}: ${problem.message}`);
  if (!isRecord(manifest)) throw broken("holds no object");
  const { scripts } = manifest as { scripts?: unknown };
  if (scripts !== undefined && !isRecord(scripts)) throw broken("has scripts that are no object");
  const { name, version, private: hidden } = manifest as Record<"name" | "version" | "private", unknown>;
  if (typeof name !== "string" || typeof version !== "string" || hidden === true) return null;
  const texts = Object.entries(scripts ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return { scripts: Object.fromEntries(texts) };
}

function broken(how: string): UsageError {
  return new UsageError("broken-manifest", how, {
    path: "package.json",
    hint: "Mend it, then run stowaway init again.",
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
