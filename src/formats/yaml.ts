import { isAlias, isCollection, isPair, isScalar, parseAllDocuments, visit } from "yaml";
import type { Pair, Scalar } from "yaml";
import type { ValuePath } from "./jsonc.ts";
import { DOUBLE_UNIT, decodeDouble, escapedOffsets, straightOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText, ScalarStyle } from "./located.ts";

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "block",
  BLOCK_FOLDED: "block",
};

/** Nested deeper than people write it: walking it could exhaust the stack. */
const DEEPEST = 200;

interface Walk {
  readonly text: string;
  readonly document: number;
  /** Anchors that an alias refers to. */
  readonly used: ReadonlySet<string>;
  readonly scalars: LocatedScalar[];
  tooDeep: boolean;
}

/**
 * Finds the scalars of a YAML stream (https://yaml.org/spec/1.2.2/).
 *
 * @param text without a byte order mark
 */
export function locateYaml(text: string): LocatedText {
  const scalars: LocatedScalar[] = [];
  let problems = 0;
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: "silent" });
  for (const [document, parsed] of ("empty" in documents ? [] : documents).entries()) {
    problems += parsed.errors.length;
    if (parsed.errors.length > 0) continue;
    const used = new Set<string>();
    visit(parsed, { Alias: (_key, { source }) => void used.add(source) });
    const walk: Walk = { text, document, used, scalars, tooDeep: false };
    take(walk, parsed.contents, [], { flow: false, depth: 0 });
    if (walk.tooDeep) problems += 1;
  }
  return { scalars, problems };
}

function take(walk: Walk, node: unknown, path: ValuePath, at: { flow: boolean; depth: number }): void {
  if (at.depth > DEEPEST) {
    walk.tooDeep = true;
    return;
  }
  if (isScalar(node)) takeScalar(walk, node, path, "value", at.flow);
  if (!isCollection(node)) return;
  const inside = { flow: at.flow || node.flow === true, depth: at.depth + 1 };
  for (const [index, item] of node.items.entries()) {
    if (isPair(item)) takePair(walk, item, path, inside);
    else take(walk, item, [...path, index], inside);
  }
}

function takePair(walk: Walk, pair: Pair, path: ValuePath, at: { flow: boolean; depth: number }): void {
  const name = isScalar(pair.key) ? contentOf(pair.key) : isAlias(pair.key) ? `*${pair.key.source}` : "?";
  const inner = [...path, name];
  if (isScalar(pair.key)) takeScalar(walk, pair.key, inner, "key", at.flow);
  else take(walk, pair.key, inner, at);
  take(walk, pair.value, inner, at);
}

function contentOf({ value, source, type }: Scalar): string {
  // A plain scalar may be a number or a date; what was written counts.
  return type === "PLAIN" ? (source ?? "") : typeof value === "string" ? value : "";
}

function takeScalar(
  { text, document, used, scalars }: Walk,
  node: Scalar,
  path: ValuePath,
  role: "key" | "value",
  flow: boolean,
): void {
  const [start, end] = node.range ?? [0, 0];
  if (end <= start) return;
  const style = STYLES[node.type ?? ""] ?? "plain";
  const value = contentOf(node);
  const folded = node.type === "BLOCK_FOLDED";
  const special =
    node.tag !== undefined && node.tag !== "tag:yaml.org,2002:str"
      ? "it has a tag"
      : node.anchor !== undefined && used.has(node.anchor)
        ? "it has an anchor, and is used elsewhere too"
        : null;
  const offsets = (): readonly number[] | null => offsetsOf(text, { start, end, style, value, folded });
  scalars.push({ path, role, start, end, style, value, flow, special, document, offsets });
}

interface Written {
  readonly start: number;
  readonly end: number;
  readonly style: ScalarStyle;
  readonly value: string;
  readonly folded: boolean;
}

function offsetsOf(text: string, { start, end, style, value, folded }: Written): readonly number[] | null {
  if (style === "block") return blockOffsets(text, { start, end, value, folded });
  if (style === "plain")
    return text.slice(start, end) === value ? straightOffsets(start, value.length) : null;
  const inner = { from: start + 1, to: end - 1, value };
  if (/[\r\n]/.test(text.slice(start, end))) return null;
  return style === "single"
    ? escapedOffsets(text, inner, /''/y, (written) => written.charAt(0))
    : escapedOffsets(text, inner, DOUBLE_UNIT, decodeDouble);
}

/** A block's lines, without their indentation; in a folded one a line's end reads as a space. */
function blockOffsets(
  text: string,
  { start, end, value, folded }: { start: number; end: number; value: string; folded: boolean },
): readonly number[] | null {
  const header = /[^\n]*\n?/y;
  header.lastIndex = start;
  const first = header.exec(text)?.[0] ?? "";
  let at = start + first.length;
  const indent = /^(?:[ \t]*\r?\n)*( *)/.exec(text.slice(at, end))?.[1]?.length ?? 0;
  if (/^[|>][+-]?\d/.test(first)) return null;
  const offsets: number[] = [];
  let decoded = "";
  while (at < end) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const contentEnd = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
    const from = Math.min(at + indent, contentEnd);
    for (let index = from; index < contentEnd; index += 1) offsets.push(index);
    offsets.push(contentEnd);
    decoded += `${text.slice(from, contentEnd)}${folded ? " " : "\n"}`;
    at = lineEnd + 1;
  }
  const body = folded ? value.replace(/\n+$/, "") : value;
  if (!decoded.startsWith(body)) return null;
  // Line ends that close the block are all its own end.
  const closing = Array.from({ length: value.length - body.length }, () => end);
  return [...[...offsets, end].slice(0, body.length + 1), ...closing];
}
