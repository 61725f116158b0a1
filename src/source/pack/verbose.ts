/** Longest line that is shown, in UTF-16 code units. */
const LINE = 64 * 1024;
/** Read beyond that, so that a secret at the cut is seen whole and masked. */
const MARGIN = 8 * 1024;

/** First and last lines of private keys: PEM, PGP, SSH2 (four dashes and a space) and PuTTY. */
const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY|^PuTTY-User-Key-File-/;
const END = /-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY|^Private-MAC:/;

/** Takes a program's output in pieces and passes it on by lines. */
export interface LineWriter {
  readonly push: (text: string) => void;
  /** Passes on a last line that has no end. */
  readonly end: () => void;
}

/**
 * Shows a program's output without the secrets in it: line by line, since a secret may come in two pieces.
 *
 * @param mask replaces what looks like a secret in one line; also makes it safe to print
 * @param write receives whole lines with their ends; lines over 64 KB are cut, and marked as cut
 */
export function maskedLines(mask: (line: string) => string, write: (text: string) => void): LineWriter {
  let line = "";
  let dropped = 0;
  let inKey = false;
  const flush = (): void => {
    write(`${shown()}\n`);
    line = "";
    dropped = 0;
  };
  /** Of a private key no line alone looks like a secret, so all from its first line to its last are masked. */
  const shown = (): string => {
    const wasInKey = inKey;
    inKey = opensKey(line, inKey);
    if (wasInKey || inKey) return "***";
    const masked = mask(line);
    if (dropped === 0 && line.length <= LINE) return masked;
    return `${masked.slice(0, Math.max(0, Math.min(LINE, masked.length - MARGIN)))}… (line cut)`;
  };
  const add = (text: string): void => {
    const kept = text.slice(0, Math.max(0, LINE + MARGIN - line.length));
    dropped += text.length - kept.length;
    line += kept;
  };
  return {
    push(text) {
      const [first = "", ...others] = text.split(/\r?\n|\r/);
      add(first);
      for (const other of others) {
        flush();
        add(other);
      }
    },
    end() {
      if (line !== "" || dropped > 0) flush();
    },
  };
}

/** Whether a key is open behind this line. */
function opensKey(line: string, open: boolean): boolean {
  const begin = line.search(BEGIN);
  if (begin < 0) return open && !END.test(line);
  return !END.test(line.slice(begin));
}
