import { parseJsonc, setJsonValue } from "../formats/jsonc.ts";
import { UsageError } from "../model/errors.ts";
import type { DiffLine } from "./plan.ts";

/**
 * Scripts of npm's publishing that the check belongs to: the first stops early, before anything is uploaded by hand
 * in it; the second sees the very bytes that npm uploads, which the first cannot, since `prepack` runs after it.
 */
const SCRIPTS = ["prepublishOnly", "postpack"] as const;
const COMMAND = "check-pack";

/** What becomes of a package.json. */
export interface ScriptsText {
  /** The same as before where nothing is to do. */
  readonly text: string;
  /** The change for people; an existing script stands there as `…`, because it may hold a token. */
  readonly shown: readonly DiffLine[];
  /** Whether the check is in all of the scripts then. */
  readonly publishing: boolean;
  /** Why a script was left alone, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Adds the check to the scripts that npm runs when it publishes; existing ones run first.
 *
 * @param text of package.json
 * @throws UsageError where it is no package.json that npm would take
 */
export function addScripts(text: string): ScriptsText {
  const bom = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const manifest = readManifest(text.slice(bom.length));
  if (manifest === null) return { text, shown: [], publishing: false, notes: [] };
  const shown: DiffLine[] = [];
  const notes: string[] = [];
  let changed = text.slice(bom.length);
  for (const name of SCRIPTS) {
    const existing = manifest.scripts[name]?.trim() ?? "";
    if (/(?:^|[\s;&|(])check-pack(?:[\s;&|)]|$)/.test(existing)) continue;
    if (existing.includes("#")) {
      notes.push(
        `scripts.${name} holds a comment sign, so nothing can follow it: add "${COMMAND}" to it by hand.`,
      );
      continue;
    }
    changed = setJsonValue(changed, ["scripts", name], chain(existing));
    if (existing !== "") shown.push({ sign: "-", text: `"${name}": "…"` });
    shown.push({ sign: "+", text: `"${name}": "${existing === "" ? "" : "… && "}${COMMAND}"` });
  }
  return { text: bom + changed, shown, publishing: notes.length === 0, notes };
}

/** In cmd.exe `&&` binds closer than `||`, and `a & && b` is no command anywhere: such scripts get parentheses. */
function chain(existing: string): string {
  if (existing === "") return COMMAND;
  const lone = /\|\||;|\bexit\b|(?<!&)&(?!&)/.test(existing);
  return `${lone ? `(${existing})` : existing} && ${COMMAND}`;
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
