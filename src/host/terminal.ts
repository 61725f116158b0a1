import { styleText } from "node:util";
import type { Environment, Host } from "./host.ts";
import type { Output } from "./output.ts";

const WIDTH_WITHOUT_TERMINAL = 80;
const NARROWEST = 40;
const WIDEST = 120;

/**
 * Whether to write colours: `--no-color` wins, then FORCE_COLOR, then NO_COLOR (https://no-color.org), then whether
 * the stream is a terminal that knows colours.
 */
export function usesColor(stream: Pick<Output, "isTTY">, env: Environment, noColor: boolean): boolean {
  if (noColor) return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return stream.isTTY && env["TERM"] !== "dumb";
}

/** A function that colours text in one of the styles of `node:util`, or leaves it as it is. */
export function painter(colored: boolean): (style: string | readonly string[], text: string) => string {
  // Node's own look at the stream is switched off (an option the types of Node 20 lack): it is decided already.
  const always = styleText as (style: unknown, text: string, options: { validateStream: false }) => string;
  return colored ? (style, text) => always(style, text, { validateStream: false }) : (_, text) => text;
}

/** Columns to write for: those of the terminal, within reason; 80 where there is none. */
export function usableColumns(stream: Pick<Output, "columns">): number {
  return Math.min(WIDEST, Math.max(NARROWEST, stream.columns ?? WIDTH_WITHOUT_TERMINAL));
}

/** Whether a person watches standard error, so that a line which comes and goes is of use. */
export function isWatched(host: Pick<Host, "stderr" | "env">): boolean {
  const ci = host.env["CI"];
  return (
    host.stderr.isTTY && host.env["TERM"] !== "dumb" && (ci === undefined || ci === "" || ci === "false")
  );
}
