/** One answer of `git cat-file --batch`. */
export type BatchAnswer =
  | { readonly kind: "object"; readonly type: string; readonly bytes: Buffer }
  | { readonly kind: "missing" }
  | { readonly kind: "too-large"; readonly size: number };

const LONGEST_HEADER = 1 << 16;

/** Reads the output of one `git cat-file --batch` process (git-cat-file(1), «batch output»), chunk by chunk. */
export class BatchOutput {
  readonly #limit: () => number;
  readonly #answer: (answer: BatchAnswer) => void;
  #header = Buffer.alloc(0);
  #body: Buffer | null = null;
  #filled = 0;
  /** Bytes of an object over the limit (and the line end behind an object) that are still to be passed over. */
  #toSkip = 0;
  #tooLarge = -1;
  #type = "";

  /**
   * @param limit bytes of the largest object that may be kept, for the request that is answered next
   * @param answer called for each answer, in the order of the requests
   */
  constructor(limit: () => number, answer: (answer: BatchAnswer) => void) {
    this.#limit = limit;
    this.#answer = answer;
  }

  /** @returns whether this can be git's output; where not, nothing behind it can be read */
  take(chunk: Buffer): boolean {
    for (let at = 0; at < chunk.length;) {
      if (this.#body !== null) at += this.#fill(this.#body, chunk, at);
      else if (this.#toSkip > 0) {
        const skip = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skip;
        at += skip;
        if (this.#toSkip === 0 && this.#tooLarge >= 0) {
          this.#answer({ kind: "too-large", size: this.#tooLarge });
          this.#tooLarge = -1;
        }
      } else at = this.#readHeader(chunk, at);
      if (this.#header.length > LONGEST_HEADER) return false;
    }
    return true;
  }

  #fill(body: Buffer, chunk: Buffer, at: number): number {
    const copied = chunk.copy(body, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === body.length) this.#finish(body);
    return copied;
  }

  #finish(body: Buffer): void {
    this.#body = null;
    this.#toSkip = 1; // the line end behind the content
    this.#answer({ kind: "object", type: this.#type, bytes: body });
  }

  /** Takes a header's bytes from `at` on, and gives the place behind them. */
  #readHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(10, at);
    this.#header = Buffer.concat([this.#header, chunk.subarray(at, end < 0 ? chunk.length : end)]);
    if (end < 0) return chunk.length;
    const header = this.#header.toString("latin1");
    this.#header = Buffer.alloc(0);
    const [, type = "", size = ""] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
    if (type === "") this.#answer({ kind: "missing" });
    else if (Number(size) > this.#limit()) {
      this.#tooLarge = Number(size);
      this.#toSkip = this.#tooLarge + 1;
    } else {
      this.#type = type;
      this.#body = Buffer.allocUnsafe(Number(size));
      this.#filled = 0;
      if (Number(size) === 0) this.#finish(this.#body);
    }
    return end + 1;
  }
}
