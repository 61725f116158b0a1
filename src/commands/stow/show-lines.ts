import { maskAround } from "../../judge/frame.ts";
import { LineViews } from "../../judge/line-view.ts";
import type { Line } from "../../judge/line-view.ts";
import { LineMap } from "../../model/line-map.ts";
import { LineIndex } from "../../remedy/occurrences.ts";
import type { ShowLines, Stretch } from "../../remedy/shown-changes.ts";

/** A longer line is shown in part, round what changes. */
const WIDTH = 160;
const BEFORE = 40;
/** A shorter part of a value stands anywhere by chance. */
const SHORTEST = 4;

/** A line as the judge's masks need it, with the given values as what must not be seen. */
function lineOf(line: Line, values: readonly string[]): Line {
  const here = [...new Set(values.flatMap((value) => value.split(/\r?\n/)))].filter(
    (value) => value.length >= SHORTEST && line.text.includes(value),
  );
  return { ...line, values: here };
}

function crop(text: string, from: number): string {
  if (text.length <= WIDTH) return text;
  const start = Math.max(0, Math.min(from - BEFORE, text.length - WIDTH));
  const end = Math.min(text.length, start + WIDTH);
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

/** A text with what is known of its lines; kept from one change of a file to the next. */
class MaskedText {
  readonly text: string;
  readonly #views: LineViews;
  readonly #index: LineIndex;

  constructor(path: string, text: string) {
    const bytes = Buffer.from(text);
    const document = { path, container: [], bytes, encoding: "utf-8", included: null } as const;
    this.text = text;
    this.#views = new LineViews(document, new LineMap(bytes), []);
    this.#index = new LineIndex(text);
  }

  /** @param number 1-based */
  show(number: number, open: readonly Stretch[], values: readonly string[]): string {
    const start = this.#index.startOf(number);
    const line = lineOf(this.#views.line(number - 1), values);
    const spans = open
      .map((stretch) => ({
        start: Math.max(0, stretch.start - start),
        end: Math.min(line.text.length, stretch.end - start),
      }))
      .filter(({ start: from, end }) => end > from)
      .filter(
        ({ start: from, end }) => !line.values.some((value) => line.text.slice(from, end).includes(value)),
      );
    const masked = maskAround(line, spans);
    return crop(masked, masked.indexOf("***"));
  }
}

/**
 * Makes what shows lines of a text with every value on them masked, for the plan of a `stow`. A value in a stretch that is
 * to be shown as it is hides that too.
 */
export function lineShower(): ShowLines {
  let known: MaskedText[] = [];
  return (path, text, [first, last], open, values) => {
    const masked = known.find((each) => each.text === text) ?? new MaskedText(path, text);
    // The old text and the new one of a file are asked for in turn.
    known = [masked, ...known.filter((each) => each !== masked).slice(0, 1)];
    return Array.from({ length: last - first + 1 }, (_, index) => masked.show(first + index, open, values));
  };
}
