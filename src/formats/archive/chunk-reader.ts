/** Reads exact numbers of bytes from a stream of chunks. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);
  #done = false;
  /** Bytes handed out so far. */
  position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `size` bytes, fewer at the end of the stream; they are not consumed. */
  async peek(size: number): Promise<Uint8Array> {
    if (this.#buffer.length < size) await this.#fill(size);
    return this.#buffer.subarray(0, size);
  }

  /** The next `size` bytes, fewer at the end of the stream. */
  async take(size: number): Promise<Uint8Array> {
    const bytes = await this.peek(size);
    this.#advance(bytes.length);
    return bytes;
  }

  /**
   * Consumes `size` bytes in the pieces they come in, which keeps nothing in memory by itself.
   *
   * @returns how many were there
   */
  async drain(size: number, use: (piece: Uint8Array) => void): Promise<number> {
    let left = size;
    while (left > 0) {
      const piece = (await this.peek(1)).length === 0 ? null : this.#buffer.subarray(0, left);
      if (piece === null) break;
      this.#advance(piece.length);
      left -= piece.length;
      use(piece);
    }
    return size - left;
  }

  /** Leaves the stream; its producer is told. */
  async close(): Promise<void> {
    this.#done = true;
    await this.#chunks.return?.();
  }

  #advance(size: number): void {
    this.#buffer = this.#buffer.subarray(size);
    this.position += size;
  }

  async #fill(size: number): Promise<void> {
    const parts = [this.#buffer];
    let length = this.#buffer.length;
    while (length < size && !this.#done) {
      const next = await this.#chunks.next();
      if (next.done === true) {
        this.#done = true;
      } else {
        parts.push(next.value);
        length += next.value.length;
      }
    }
    this.#buffer = parts.length === 2 && parts[0]?.length === 0 ? parts[1]! : Buffer.concat(parts);
  }
}

/** Bytes already in memory, as a stream. */
export async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
