import { escapedOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText } from "./located.ts";

const UNIT = /\\(?:u[0-9a-fA-F]{4}|\r\n[ \t\f]*|[\r\n][ \t\f]*|[^])/y;
const SIMPLE: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

/**
 * Finds the keys and values of a Java properties file; values go over line ends that are escaped.
 *
 * Format: java.util.Properties.load, https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html
 *
 * @param text without a byte order mark
 */
export function locateProperties(text: string): LocatedText {
  const scalars: LocatedScalar[] = [];
  // One logical line: blank space, then a comment, or a key up to an unescaped `=`, `:` or blank, then the value.
  const logical =
    /[ \t\f]*(?:([#!][^\r\n]*)|((?:\\(?:\r\n|[^])|[^\\\r\n=: \t\f])*)([ \t\f]*[=:]?[ \t\f]*)((?:\\(?:\r\n|[^])|[^\\\r\n])*))(?:\r\n|\r|\n|$|\\$)/y;
  for (let at = 0; at < text.length;) {
    logical.lastIndex = at;
    const found = logical.exec(text);
    if (found === null) return { scalars, problems: 1 };
    const [all, , key, separator = "", value = ""] = found;
    if (key !== undefined && key + value !== "") {
      const start = at + all.indexOf(key, all.search(/[^ \t\f]/));
      const valueStart = start + key.length + separator.length;
      const path = [decode(key)];
      if (key !== "") scalars.push(scalar(text, path, "key", start, start + key.length));
      if (value !== "") scalars.push(scalar(text, path, "value", valueStart, valueStart + value.length));
    }
    at += Math.max(all.length, 1);
  }
  return { scalars, problems: 0 };
}

function decodeUnit(written: string): string {
  if (!written.startsWith("\\")) return written;
  const kind = written.charAt(1);
  if (kind === "\r" || kind === "\n") return "";
  if (kind === "u" && written.length === 6) return String.fromCharCode(Number.parseInt(written.slice(2), 16));
  return SIMPLE[kind] ?? kind;
}

function decode(written: string): string {
  return written.replace(new RegExp(UNIT.source, "g"), decodeUnit);
}

function scalar(
  text: string,
  path: readonly string[],
  role: "key" | "value",
  start: number,
  end: number,
): LocatedScalar {
  const value = decode(text.slice(start, end));
  const offsets = (): readonly number[] | null =>
    escapedOffsets(text, { from: start, to: end, value }, UNIT, decodeUnit);
  return { path, role, start, end, style: "plain", value, flow: false, special: null, document: 0, offsets };
}
