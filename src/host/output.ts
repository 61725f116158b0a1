import { isatty } from "node:tty";

/** A stream of the process that text is written to. */
export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal in columns; null where it is none. */
  readonly columns: number | null;
  /** @param text or bytes, which are written as they are */
  write(text: string | Uint8Array): void;
}

/**
 * Wraps standard output or standard error so that a reader who went away (EPIPE) is no error: what nobody reads is
 * dropped, and the exit code stays.
 *
 * @param open gives the stream; called at the first use only, since opening costs time that a quiet run need not spend
 * @param descriptor its file descriptor
 * @param onFailure told of every other error (a full disk), once
 */
export function createOutput(
  open: () => NodeJS.WriteStream,
  descriptor: number,
  onFailure: (error: Error) => void,
): Output {
  let stream: NodeJS.WriteStream | undefined;
  let broken = false;
  const use = (): NodeJS.WriteStream => {
    if (stream !== undefined) return stream;
    stream = open();
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (broken) return;
      broken = true;
      if (error.code !== "EPIPE") onFailure(error);
    });
    return stream;
  };
  return {
    isTTY: isatty(descriptor),
    get columns() {
      return this.isTTY ? use().columns : null;
    },
    write(text) {
      if (!broken && text !== "") use().write(text);
    },
  };
}
