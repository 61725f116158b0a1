import { escapeText } from "./escape.ts";
import { characterWidth, textWidth } from "./width.ts";
import type { Frame } from "../model/finding.ts";

/** A line cut to a width, with the place of its mark in columns. */
export interface CutLine {
  readonly text: string;
  readonly start: number;
  readonly width: number;
}

/**
 * Makes a frame's line safe to print and cuts it round its mark.
 *
 * @param width columns of the result, 20 or more
 */
export function cutLine(frame: Frame, width: number): CutLine {
  const end = frame.start + frame.length;
  const mark = fromStart(printable(frame.text.slice(frame.start, end)), width - 2);
  const free = width - textWidth(mark);
  const after = printable(frame.text.slice(end));
  const before = printable(frame.text.slice(0, frame.start));
  // What stands before the mark tells more than what follows: it may have what that does not need.
  const head = fromEnd(before, Math.max(Math.ceil(free / 2), free - textWidth(after)));
  const tail = fromStart(after, free - textWidth(head));
  return {
    text: `${head}${mark}${tail}`.trimEnd(),
    start: textWidth(head),
    width: Math.max(1, textWidth(mark)),
  };
}

function printable(text: string): string {
  return escapeText(text.replaceAll("\t", "  "));
}

function fromStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : `${take(Array.from(text), width - 1).join("")}…`;
}

function fromEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1
    ? ""
    : `…${take(Array.from(text).toReversed(), width - 1)
        .toReversed()
        .join("")}`;
}

function take(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += characterWidth(character);
    return used > width;
  });
  return characters.slice(0, end === -1 ? characters.length : end);
}
