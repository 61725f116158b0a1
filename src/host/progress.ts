import type { Host } from "./host.ts";
import { isWatched, usableColumns } from "./terminal.ts";

const PATIENCE_MS = 1000;
const INTERVAL_MS = 100;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const CLEAR_LINE = "\r\u001b[2K";

/** A line on standard error that says what is going on while work takes long. */
export interface Progress {
  /** @param text what is being done now, one short line of our own words or escaped text */
  update(text: string): void;
  /** Takes the line away; call it before anything else is written. It comes back with the next update. */
  clear(): void;
  /** Takes the line away for good. */
  stop(): void;
}

/**
 * Starts the progress line: shown on a terminal only, after a second, never in CI and never with `--quiet`.
 *
 * @param quiet shows nothing
 */
export function startProgress(host: Pick<Host, "stderr" | "env" | "now">, quiet: boolean): Progress {
  if (quiet || !isWatched(host)) return { update: nothing, clear: nothing, stop: nothing };
  const begin = host.now();
  let text = "";
  let shown = false;
  let drawnAt = 0;
  const draw = (): void => {
    const now = host.now();
    if (text === "" || now - begin < PATIENCE_MS || now - drawnAt < INTERVAL_MS) return;
    const frame = FRAMES[Math.floor(now / INTERVAL_MS) % FRAMES.length] ?? "";
    const line = text.slice(0, usableColumns(host.stderr) - 4);
    host.stderr.write(`${CLEAR_LINE}${frame} ${line}`);
    shown = true;
    drawnAt = now;
  };
  const clear = (): void => {
    if (shown) host.stderr.write(CLEAR_LINE);
    shown = false;
    text = "";
  };
  const timer = setInterval(draw, INTERVAL_MS);
  timer.unref();
  return {
    update(current) {
      text = current;
      // Work that never yields leaves the timer no turn.
      draw();
    },
    clear,
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}

function nothing(): void {}
