import type { GitPlace, GitServer } from "../../host/plumbing.ts";
import { readLoose } from "./loose.ts";

/** An answer of `git cat-file --batch`. */
export type GitObject =
  | { readonly kind: "object"; readonly type: string; readonly bytes: Buffer }
  | { readonly kind: "missing" }
  | { readonly kind: "too-large"; readonly size: number };

interface Waiting {
  readonly limit: number;
  resolve(object: GitObject): void;
  reject(error: Error): void;
}

const LONGEST_HEADER = 1 << 16;

/**
 * Objects of one repository: from their own files where they have one, else through a single `git cat-file --batch`
 * (git-cat-file(1), «batch output»), started at the first request that needs it. Several requests may be under way.
 */
export class ObjectReader {
  readonly #place: GitPlace;
  readonly #waiting: Waiting[] = [];
  #server: Promise<GitServer> | null = null;
  #stderr = "";
  #header = Buffer.alloc(0);
  #body: Buffer | null = null;
  #filled = 0;
  /** Bytes of an object over the limit (and the line end behind an object) that are still to be passed over. */
  #toSkip = 0;
  #tooLarge = -1;
  #type = "";

  constructor(place: GitPlace) {
    this.#place = place;
  }

  /**
   * @param id an object id, hexadecimal
   * @param limit bytes of the largest object that is read; a larger one is answered with its size alone
   * @throws KnownError when git fails
   */
  async read(id: string, limit: number): Promise<GitObject> {
    const loose = readLoose(this.#place, id, limit);
    if (loose !== null) return { kind: "object", type: "blob", bytes: loose };
    const server = await (this.#server ??= this.#start());
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ limit, resolve, reject });
      server.stdin.write(`${id}\n`);
    });
  }

  /** Ends the server; nothing may be asked any more. */
  async close(): Promise<void> {
    (await this.#server)?.stdin.end();
  }

  async #start(): Promise<GitServer> {
    const { gitServer, serverFailure } = await import("../../host/plumbing.ts");
    const server = gitServer(this.#place, ["cat-file", "--batch"]);
    const fail = (cause?: unknown): void => {
      const error = serverFailure(this.#place, "git cat-file", this.#stderr, cause);
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    };
    server.stdout.on("data", (chunk: Buffer) => this.#take(chunk, server));
    server.stderr.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    server.stdin.on("error", fail);
    server.on("error", fail);
    server.on("close", () => {
      if (this.#waiting.length > 0) fail();
    });
    return server;
  }

  #answer(object: GitObject): void {
    this.#waiting.shift()?.resolve(object);
  }

  #take(chunk: Buffer, server: GitServer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#body !== null) at += this.#fill(chunk, at);
      else if (this.#toSkip > 0) {
        const skip = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skip;
        at += skip;
        if (this.#toSkip === 0 && this.#tooLarge >= 0) {
          this.#answer({ kind: "too-large", size: this.#tooLarge });
          this.#tooLarge = -1;
        }
      } else at = this.#readHeader(chunk, at, server);
    }
  }

  #fill(chunk: Buffer, at: number): number {
    const body = this.#body ?? Buffer.alloc(0);
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
  #readHeader(chunk: Buffer, at: number, server: GitServer): number {
    const end = chunk.indexOf(10, at);
    this.#header = Buffer.concat([this.#header, chunk.subarray(at, end < 0 ? chunk.length : end)]);
    if (this.#header.length > LONGEST_HEADER) server.kill();
    if (end < 0) return chunk.length;
    const header = this.#header.toString("latin1");
    this.#header = Buffer.alloc(0);
    const [, type = "", size = ""] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
    if (type === "") this.#answer({ kind: "missing" });
    else if (Number(size) > (this.#waiting[0]?.limit ?? 0)) {
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
