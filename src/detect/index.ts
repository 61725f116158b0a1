import type { Document } from "../model/document.ts";
import { asBuffer } from "../model/bytes.ts";
import type { Match } from "../model/match.ts";
import type { MatchContext, Rule } from "../model/rule.ts";
import { matchWindow } from "./match-window.ts";
import {
  findWindows,
  parsePrefilter,
  type Prefilter,
  printPrefilter,
  type Screen,
  type Windows,
} from "./prefilter.ts";
import { type Hit, type RegexEngine, regexEngine } from "./regex.ts";

export interface Detector {
  readonly engine: RegexEngine["name"];
  /**
   * Everything in the document that looks like a secret, in text order within a rule.
   *
   * @param windows what the prefilter found in it; looked for when absent
   */
  detect(document: Document, windows?: Windows): Match[];
}

const LINE_CONTEXT = 500;

function contextOf(document: Document, bytes: Buffer, hit: Hit): MatchContext {
  // Only the neighbourhood is looked at: on one line of 20 MB the search for its ends would be quadratic.
  const before = bytes.toString("latin1", Math.max(0, hit.secretStart - LINE_CONTEXT), hit.secretStart);
  const after = bytes.toString("latin1", hit.secretEnd, hit.secretEnd + LINE_CONTEXT);
  const secret = bytes.toString("latin1", hit.secretStart, hit.secretEnd);
  return {
    path: document.path,
    match: bytes.toString("latin1", hit.start, hit.end),
    line: before.slice(before.lastIndexOf("\n") + 1) + secret + (/^[^\n]*/.exec(after)?.[0] ?? ""),
  };
}

/** Looks at one rule's windows; stops where `accept` answers «stop». */
function eachHit(
  engine: RegexEngine,
  screen: Screen,
  bytes: Buffer,
  places: readonly number[],
  accept: (hit: Hit) => boolean,
): void {
  for (let i = 0; i < places.length; i += 2)
    matchWindow(engine, screen, bytes, [places[i] ?? 0, places[i + 1] ?? 0], accept);
}

function bytesOf(document: Document): Buffer {
  return asBuffer(document.bytes);
}

/**
 * The windows in which a rule's pattern matches at all. Only these need the rules' own code, which a hook on a clean
 * commit never loads.
 */
export function sift(
  engine: RegexEngine,
  prefilter: Prefilter,
  document: Document,
  windows: Windows,
): Windows {
  const bytes = bytesOf(document);
  const left: Windows = new Map();
  for (const [number, places] of windows) {
    const screen = prefilter.screen(number);
    if (screen.files !== "" && !new RegExp(screen.files, "i").test(document.path)) continue;
    let found = false;
    eachHit(engine, screen, bytes, places, () => (found = true));
    if (found) left.set(number, places);
  }
  return left;
}

function matchesIn(
  engine: RegexEngine,
  rules: readonly Rule[],
  prefilter: Prefilter,
  document: Document,
  bytes: Buffer,
  windows: Windows,
): Match[] {
  const matches: Match[] = [];
  for (const [number, places] of windows) {
    const rule = rules[number];
    const screen = prefilter.screen(number);
    if (rule === undefined || rule.files?.test(document.path) === false) continue;
    let passed = 0;
    eachHit(engine, screen, bytes, places, (hit) => {
      const { secretStart: start, secretEnd: end } = hit;
      // Windows may overlap, and then find the same again.
      if (start < passed) return true;
      if (rule.accepts?.(bytes.toString("utf8", start, end), contextOf(document, bytes, hit)) === false)
        return false;
      matches.push({ rule, start, end, matchStart: hit.start, matchEnd: hit.end });
      passed = end;
      return true;
    });
  }
  return matches;
}

/**
 * Makes a detector.
 *
 * @param prefilter that of these very rules, where it is made already
 */
export function makeDetector(
  engine: RegexEngine,
  rules: readonly Rule[],
  prefilter: Prefilter = parsePrefilter(printPrefilter(rules)),
): Detector {
  return {
    engine: engine.name,
    detect: (document, windows = findWindows(prefilter, document.bytes)) =>
      matchesIn(engine, rules, prefilter, document, bytesOf(document), windows),
  };
}

/** The same with an engine by its name; see `regexEngine`. */
export async function createDetector(
  rules: readonly Rule[],
  wanted: "re2" | "v8" | "best" = "best",
): Promise<Detector> {
  return makeDetector(await regexEngine(wanted), rules);
}
