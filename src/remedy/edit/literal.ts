import type { EditRequest, EditResult, Place, Refusal, TextEdit } from "../../model/edit.ts";

/** UTF-16 offsets, the end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A string of the source, with its quotes and prefixes. */
export interface Literal extends Range {
  /** What stands between the quotes. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Parts of the body that do not stand for themselves: escapes and interpolations. */
  readonly holes: readonly Range[];
}

/** Why places cannot be rewritten, and what to do instead. */
export interface Refused {
  readonly why: string;
  readonly instead: readonly string[];
}

/** What becomes of one literal. */
export interface Rewritten {
  readonly edits: readonly TextEdit[];
  readonly notes?: readonly string[];
}

/** One language's view of one text. */
export interface Dialect<L extends Literal> {
  /** The innermost literal round a place. */
  find(place: Place): L | Refused;
  /** @param places all that stand in this literal, ascending */
  rewrite(literal: L, places: readonly Place[]): Rewritten | Refused;
  /**
   * What the rewritten text needs besides: an import.
   *
   * @param first offset of the first edit
   */
  supply?(first: number): Rewritten | Refused;
  /** How a value is read, for the advice on places that are refused. */
  form(name: string): string;
}

export function isRefused(verdict: object): verdict is Refused {
  return "why" in verdict;
}

export function refuse(why: string, ...instead: readonly string[]): Refused {
  return { why, instead };
}

/** Rewrites every literal that holds places, and gives reasons for those that cannot be. */
export function rewriteLiterals<L extends Literal>(request: EditRequest, dialect: Dialect<L>): EditResult {
  const edits: TextEdit[] = [];
  const refused: Refusal[] = [];
  const notes = new Set<string>();
  const done: Place[] = [];
  const giveUp = (places: readonly Place[], { why, instead }: Refused): void => {
    for (const place of places) refused.push({ place, why, instead });
  };
  for (const { literal, places } of grouped(request.places, dialect)) {
    const verdict = isRefused(literal)
      ? literal
      : (unsafe(request.text, literal, places, dialect) ?? dialect.rewrite(literal, places));
    if (isRefused(verdict)) {
      giveUp(places, verdict);
      continue;
    }
    edits.push(...verdict.edits);
    done.push(...places);
    for (const note of verdict.notes ?? []) notes.add(note);
  }
  const first = Math.min(...edits.map(({ start }) => start));
  const supplied = edits.length === 0 ? undefined : dialect.supply?.(first);
  if (supplied !== undefined && isRefused(supplied)) {
    giveUp(done, supplied);
    return { edits: [], refused: byPlace(refused), notes: [], aliases: {} };
  }
  edits.push(...(supplied?.edits ?? []));
  for (const note of supplied?.notes ?? []) notes.add(note);
  return {
    edits: edits.toSorted((a, b) => a.start - b.start || a.end - b.end),
    refused: byPlace(refused),
    notes: [...notes],
    aliases: {},
  };
}

function byPlace(refused: readonly Refusal[]): Refusal[] {
  return refused.toSorted((a, b) => a.place.start - b.place.start);
}

function grouped<L extends Literal>(
  places: readonly Place[],
  dialect: Dialect<L>,
): { literal: L | Refused; places: readonly Place[] }[] {
  const found = new Map<number, { literal: L; places: Place[] }>();
  const groups: { literal: L | Refused; places: Place[] }[] = [];
  for (const place of places) {
    const literal = dialect.find(place);
    const known = isRefused(literal) ? undefined : found.get(literal.start);
    if (known !== undefined) {
      known.places.push(place);
      continue;
    }
    const group = { literal, places: [place] };
    groups.push(group);
    if (!isRefused(literal)) found.set(literal.start, { literal, places: group.places });
  }
  return groups;
}

function unsafe<L extends Literal>(
  text: string,
  literal: L,
  places: readonly Place[],
  dialect: Dialect<L>,
): Refused | null {
  for (const place of places) {
    const byHand = `Write ${dialect.form(place.name)} in its place by hand.`;
    if (place.start < literal.bodyStart || place.end > literal.bodyEnd)
      return refuse("the value reaches over the string's quotes", byHand);
    if (literal.holes.some((hole) => hole.start < place.end && place.start < hole.end))
      return refuse(
        "the source writes the value with an escape or an interpolation, so its text is not the value",
        byHand,
      );
    if (text.slice(place.start, place.end).includes("\r"))
      return refuse("the value spans lines that end with CR LF, which the program may read as LF", byHand);
  }
  return null;
}

/**
 * The innermost range round a place.
 *
 * @param sorted by their starts; those within others follow them
 */
export function innermostOf<T extends Range>(sorted: readonly T[], place: Range): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) <= place.start) low = middle + 1;
    else high = middle;
  }
  for (let index = low - 1; index >= 0; index -= 1) {
    const range = sorted[index];
    if (range !== undefined && range.end >= place.end) return range;
  }
  return undefined;
}

/** Whether the one place is the whole content of the literal. */
export function isWhole(literal: Literal, places: readonly Place[]): boolean {
  const [place] = places;
  return (
    places.length === 1 &&
    place !== undefined &&
    place.start === literal.bodyStart &&
    place.end === literal.bodyEnd
  );
}

/** Replaces a range by code, set off by a space where letters would run together (`return"…"`). */
export function replaced(text: string, { start, end }: Range, code: string): TextEdit {
  const before = isWordAt(text, start - 1) && isWordAt(code, 0) ? " " : "";
  const after = isWordAt(text, end) && isWordAt(code, code.length - 1) ? " " : "";
  return { start, end, text: before + code + after };
}

export function isWordAt(text: string, at: number): boolean {
  return /^[\p{L}\p{N}_$]$/u.test(text.charAt(at));
}

/** How a language joins strings. */
export interface Joining {
  readonly open: string;
  readonly close: string;
  /** With its spaces: ` + `. */
  readonly operator: string;
  readonly parentheses: boolean;
  value(name: string): string;
}

/** Takes a literal apart at its places: `"a value b"` becomes `"a " + x + " b"`. */
export function joined(text: string, literal: Literal, places: readonly Place[], how: Joining): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = literal.bodyStart;
  for (const [index, place] of places.entries()) {
    const leads = place.start === literal.bodyStart;
    const closes = place.end === literal.bodyEnd;
    const next = places[index + 1];
    let before = how.close + how.operator;
    if (leads) before = how.parentheses ? "(" : "";
    else if (place.start === at) before = how.operator;
    let after = how.operator + how.open;
    if (closes) after = how.parentheses ? ")" : "";
    else if (next?.start === place.end) after = "";
    const range = {
      start: leads ? literal.start : place.start,
      end: closes ? literal.end : place.end,
    };
    const code = before + how.value(place.name) + after;
    edits.push(leads || closes ? replaced(text, range, code) : { ...range, text: code });
    at = place.end;
  }
  if (how.parentheses && places[0]?.start !== literal.bodyStart)
    edits.unshift({ start: literal.start, end: literal.start, text: "(" });
  if (how.parentheses && places.at(-1)?.end !== literal.bodyEnd)
    edits.push({ start: literal.end, end: literal.end, text: ")" });
  return edits;
}

/** The end of the escape that the backslash at `at` begins: the longest of the usual languages' forms. */
export function escapeEnd(text: string, at: number): number {
  const kind = text.charAt(at + 1);
  const after = at + 2;
  if (/[uxoN]/.test(kind) && text.charAt(after) === "{") {
    const close = text.indexOf("}", after);
    return close < 0 ? text.length : close + 1;
  }
  if (kind === "u") {
    let digits = after;
    while (text.charAt(digits) === "u") digits += 1;
    return run(text, digits, 4, /[0-9a-fA-F]/);
  }
  if (kind === "x") return run(text, after, 4, /[0-9a-fA-F]/);
  if (kind === "U") return run(text, after, 8, /[0-9a-fA-F]/);
  if (/[0-7]/.test(kind)) return run(text, after, 2, /[0-7]/);
  if (/[cCM]/.test(kind)) return Math.min(text.length, at + 6);
  if (kind === "\r" && text.charAt(after) === "\n") return after + 1;
  return Math.min(text.length, after);
}

function run(text: string, from: number, most: number, digit: RegExp): number {
  let at = from;
  while (at < from + most && digit.test(text.charAt(at))) at += 1;
  return at;
}

/** All backslash escapes of a body. */
export function escapes(text: string, bodyStart: number, bodyEnd: number): Range[] {
  const found: Range[] = [];
  for (let at = text.indexOf("\\", bodyStart); at >= 0 && at < bodyEnd;) {
    const end = escapeEnd(text, at);
    found.push({ start: at, end });
    at = text.indexOf("\\", end);
  }
  return found;
}

/** The text's line end, by its first line. */
export function lineEnd(text: string): "\r\n" | "\n" {
  const at = text.indexOf("\n");
  return at > 0 && text.charAt(at - 1) === "\r" ? "\r\n" : "\n";
}
