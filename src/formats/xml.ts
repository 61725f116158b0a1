import { parser } from "@lezer/xml";
import { escapedOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText, ScalarStyle } from "./located.ts";

const UNIT = /&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,32});/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
/** Nested deeper than people write it. */
const DEEPEST = 500;

/**
 * Finds attributes and character data of XML 1.0. The path of an element is the names of the elements round it; an
 * attribute's has `@name` at its end. Text is a value between two tags, or parts of it beside a comment or CDATA; without
 * the blank space round it.
 *
 * @param text without a byte order mark
 */
export function locateXml(text: string): LocatedText {
  // The parser takes quadratic time to recover from a text that is no XML at all.
  if (!hasWholeTags(text)) return { scalars: [], problems: 1 };
  const scalars: LocatedScalar[] = [];
  const path: string[] = [];
  let problems = 0;
  let attribute = "";
  let run: { start: number; end: number } | null = null;
  const endRun = (): void => {
    if (run !== null) scalars.push(...dataOf(text, run, path));
    run = null;
  };
  parser.parse(text).iterate({
    enter: ({ name, type, from, to }) => {
      if (type.isError || /^(?:Missing|Mismatched)CloseTag$/.test(name)) problems += 1;
      if (name === "Text" || ((name === "EntityReference" || name === "CharacterReference") && run !== null))
        run = { start: run?.start ?? from, end: to };
      else if (!/^(?:Entity|Character)Reference$/.test(name)) endRun();
      else run = attribute === "" ? { start: from, end: to } : null;
      if (name === "Element") path.push("");
      if (path.length > DEEPEST) problems += 1;
      if (name === "TagName" && path.at(-1) === "") path[path.length - 1] = text.slice(from, to);
      if (name === "AttributeName") attribute = text.slice(from, to);
      if (name === "AttributeValue")
        scalars.push(scalar(text, [...path, `@${attribute}`], "attribute", from, to));
      if (name === "Cdata") scalars.push(scalar(text, [...path], "cdata", from, to));
      return path.length <= DEEPEST;
    },
    leave: ({ name }) => {
      if (name === "Attribute") attribute = "";
      if (name !== "Element" && name !== "Document") return;
      endRun();
      path.pop();
    },
  });
  return { scalars: scalars.toSorted((a, b) => a.start - b.start), problems };
}

/** Whether every `<` begins a tag, comment, section or instruction that has an end. */
function hasWholeTags(text: string): boolean {
  const ends: readonly (readonly [string, string])[] = [
    ["<!--", "-->"],
    ["<![CDATA[", "]]>"],
    ["<?", "?>"],
  ];
  for (let at = text.indexOf("<"); at !== -1;) {
    const special = ends.find(([begin]) => text.startsWith(begin, at));
    if (special !== undefined) {
      const end = text.indexOf(special[1], at + special[0].length);
      if (end === -1) return false;
      at = text.indexOf("<", end);
      continue;
    }
    const next = text.indexOf("<", at + 1);
    const isDeclaration = text.startsWith("<!", at);
    if (!isDeclaration && !/[\w:/\u0080-\uffff]/.test(text.charAt(at + 1))) return false;
    const close = text.indexOf(">", at);
    if (close === -1 || (next !== -1 && next < close && !isDeclaration)) return false;
    at = next;
  }
  return true;
}

function dataOf(text: string, run: { start: number; end: number }, path: readonly string[]): LocatedScalar[] {
  const written = text.slice(run.start, run.end);
  const value = written.trim();
  if (value === "") return [];
  const start = run.start + written.indexOf(value);
  return [scalar(text, [...path], "text", start, start + value.length)];
}

const EDGES: Readonly<Record<string, readonly [number, number]>> = {
  attribute: [1, 1],
  cdata: [9, 3],
  text: [0, 0],
};

function scalar(
  text: string,
  path: readonly string[],
  style: ScalarStyle,
  start: number,
  end: number,
): LocatedScalar {
  const [before, after] = EDGES[style] ?? [0, 0];
  const from = Math.min(start + before, end);
  const to = Math.max(from, end - after);
  const unit = style === "cdata" ? /[^]/y : UNIT;
  const decode = style === "cdata" ? (written: string): string => written : decodeEntity;
  const value = text.slice(from, to).replace(new RegExp(unit.source, "g"), decode);
  const offsets = (): readonly number[] | null => escapedOffsets(text, { from, to, value }, unit, decode);
  return { path, role: "value", start, end, style, value, flow: false, special: null, document: 0, offsets };
}

function decodeEntity(written: string): string {
  if (!written.startsWith("&") || written.length < 3) return written;
  const name = written.slice(1, -1);
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  if (name.startsWith("#")) return code > 0x10ffff ? written : String.fromCodePoint(code);
  return ENTITIES[name] ?? written;
}
