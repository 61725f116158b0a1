import type { Report } from "../model/finding.ts";
import type { Severity } from "../model/rule.ts";

export type Style = "red" | "yellow" | "cyan" | "green" | "magenta" | "bold" | "dim" | "underline";

/** Colours a text; answers it unchanged where colours are off. */
export type Paint = (style: Style | readonly Style[], text: string) => string;

export interface RenderOptions {
  /** Findings of this severity or worse block. */
  readonly failOn: Severity;
  readonly paint: Paint;
  /** Width to fit into. */
  readonly columns: number;
  readonly version: string;
  /** Whether a file is one of those in which secrets are found most often; they come first. */
  readonly isPriorityFile: (path: string) => boolean;
}

/** A way to write a report. */
export interface Format {
  /** The report itself, with its last line end. */
  render(report: Report, options: RenderOptions): string;
  /** What is worth saying to a person beside it; goes to standard error. */
  aside?(report: Report, options: RenderOptions): string;
}

interface FormatEntry {
  readonly name: string;
  load(): Promise<{ readonly default: Format }>;
}

/** Every format; the first is the default. */
export const FORMATS = [
  { name: "text", load: () => import("./text.ts") },
  { name: "json", load: () => import("./json.ts") },
] as const satisfies readonly FormatEntry[];

export type FormatName = (typeof FORMATS)[number]["name"];

export const FORMAT_NAMES: readonly FormatName[] = FORMATS.map((format) => format.name);

/** Loads the format of that name. */
export async function loadFormat(name: FormatName): Promise<Format> {
  const { load } = FORMATS.find((format) => format.name === name) ?? FORMATS[0];
  return (await load()).default;
}
