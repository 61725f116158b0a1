import { frameOf } from "../../judge/frame.ts";
import { LineViews } from "../../judge/line-view.ts";
import { LineMap } from "../../model/line-map.ts";

/**
 * A line of a text with one stretch of it shown as given, and every other value on it masked.
 *
 * @param start UTF-16 offset
 * @param end UTF-16 offset, exclusive
 */
export function showLine(path: string, text: string, start: number, end: number, shown: string): string {
  const bytes = Buffer.from(text);
  const from = Buffer.byteLength(text.slice(0, start));
  const to = from + Buffer.byteLength(text.slice(start, end));
  const document = { path, container: [], bytes, encoding: "utf-8", included: null } as const;
  const lines = new LineMap(bytes);
  const range = lines.range(from, to);
  return frameOf(new LineViews(document, lines, []).line(range.line - 1), range, shown).text;
}
