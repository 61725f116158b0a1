import type { Rule } from "../model/rule.ts";
import { type Automaton, type FoldedAutomaton, findKeywords, foldAutomaton, unfold } from "./automaton.ts";

/** What stands before the regexes: which rules could match where, known from literals alone. */
export interface Prefilter {
  readonly automaton: Automaton;
  /** Rule numbers by keyword number. */
  readonly rulesOf: readonly (readonly number[])[];
  /** Bytes of a window before and after the end of a keyword, by rule number. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** What can be told of a rule without its code, by its number. */
  screen(rule: number): Screen;
}

/** The part of a rule that is plain data: most windows are refused by it before a rule's own code is loaded. */
export interface Screen {
  readonly pattern: string;
  readonly secretGroup: number;
  readonly minEntropy: number;
  readonly publicPrefix: number;
  /** Source of the rule's `files`, case ignored; empty for every file. */
  readonly files: string;
}

/** Places to try one rule: pairs of offsets, sorted by both; neighbours overlap where one window would be too large. */
export type Windows = Map<number, number[]>;

/** Engines that are not linear, and recursion inside them, stay harmless on windows of this many bytes. */
const LARGEST_WINDOW = 1 << 16;
const DEFAULT_REACH = [64, 320] as const;

/** The first line of a printed prefilter. */
type Head = Omit<Prefilter, "automaton" | "screen"> & { readonly automaton: FoldedAutomaton };

/**
 * The prefilter of a set of rules as text, which the bundle keeps ready-made: a line of JSON for the automaton, then a
 * line for the screen of each rule, so that only those are parsed that are needed.
 *
 * @param rules in the order whose numbers the windows will name
 * @returns ASCII
 */
export function printPrefilter(rules: readonly Rule[]): string {
  const words = [...new Set(rules.flatMap((rule) => rule.keywords))];
  const rulesOf = words.map((word) =>
    rules.flatMap((rule, index) => (rule.keywords.includes(word) ? [index] : [])),
  );
  const longest = ({ keywords }: Rule): number => Math.max(...keywords.map((word) => word.length));
  const head: Head = {
    automaton: foldAutomaton(words),
    rulesOf,
    before: rules.map((rule) => (rule.reach ?? DEFAULT_REACH)[0] + longest(rule)),
    after: rules.map((rule) => (rule.reach ?? DEFAULT_REACH)[1]),
  };
  const screens = rules.map(({ pattern, secretGroup, minEntropy = 0, publicPrefix, files }) => {
    const screen: Screen = { pattern, secretGroup, minEntropy, publicPrefix, files: files?.source ?? "" };
    return screen;
  });
  return [head, ...screens].map((line) => JSON.stringify(line)).join("\n");
}

/** Reads what `printPrefilter` printed. */
export function parsePrefilter(text: string): Prefilter {
  const [first = "", ...lines] = text.split("\n");
  const { automaton, ...head } = JSON.parse(first) as Head;
  const screens: (Screen | undefined)[] = [];
  return {
    ...head,
    automaton: unfold(automaton),
    screen: (rule) => (screens[rule] ??= JSON.parse(lines[rule] ?? "") as Screen),
  };
}

/** @returns for each rule that has a keyword in the bytes the windows round it; empty where there is nothing to look at */
export function findWindows(prefilter: Prefilter, bytes: Uint8Array): Windows {
  const { rulesOf, before, after } = prefilter;
  const windows: Windows = new Map();
  findKeywords(prefilter.automaton, bytes, (end, keywords) => {
    for (const keyword of keywords)
      for (const rule of rulesOf[keyword] ?? []) {
        const from = Math.max(0, end - (before[rule] ?? 0));
        const to = Math.min(bytes.length, end + (after[rule] ?? 0));
        const list = windows.get(rule);
        if (list === undefined) windows.set(rule, [from, to]);
        else if (from <= (list.at(-1) ?? 0) && to - (list.at(-2) ?? 0) <= LARGEST_WINDOW)
          list[list.length - 1] = Math.max(to, list.at(-1) ?? 0);
        else list.push(from, to);
      }
  });
  return windows;
}
