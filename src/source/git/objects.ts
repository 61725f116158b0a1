import type * as Plumbing from "../../host/plumbing.ts";
import type { GitPlace, GitServer, ObjectTrouble } from "../../host/plumbing.ts";
import { type BatchAnswer, BatchOutput } from "./batch.ts";
import { readLoose } from "./loose.ts";

/** What there is to know of an object: all of it, or why not. */
export type GitObject = BatchAnswer | ObjectTrouble;

interface Waiting {
  readonly id: string;
  readonly limit: number;
  resolve(object: GitObject): void;
}

/** Objects whose trouble is looked into, which costs a process or two each. */
const LOOKS = 16;

/**
 * Objects of one repository: from their own files where they have one, else through a single `git cat-file --batch`,
 * started at the first request that needs it. Several requests may be under way.
 *
 * That process dies of some objects: of damaged ones, and in a partial clone of those that are not there. Such an object
 * is answered with what is wrong with it, and another process gets the requests behind it.
 */
export class ObjectReader {
  readonly #place: GitPlace;
  readonly #waiting: Waiting[] = [];
  #server: GitServer | null = null;
  #looks = 0;
  #closed = false;

  constructor(place: GitPlace) {
    this.#place = place;
  }

  /**
   * Never fails: what is wrong with git is wrong with each object that it was asked for.
   *
   * @param id an object id, hexadecimal
   * @param limit bytes of the largest object that is read; a larger one is answered with its size alone
   */
  async read(id: string, limit: number): Promise<GitObject> {
    const loose = readLoose(this.#place, id, limit);
    if (loose !== null) return { kind: "object", type: "blob", bytes: loose };
    const plumbing = await import("../../host/plumbing.ts");
    return await new Promise((resolve) => {
      this.#waiting.push({ id, limit, resolve });
      if (this.#server === null) this.#start(plumbing);
      else this.#server.stdin.write(`${id}\n`);
    });
  }

  /** Ends the server; nothing may be asked any more. */
  close(): void {
    this.#closed = true;
    this.#server?.stdin.end();
  }

  #start(plumbing: typeof Plumbing): void {
    if (this.#closed || this.#looks >= LOOKS) {
      const message = "git failed at too many objects before it";
      while (this.#waiting.length > 0) this.#answer({ kind: "failed", message });
      return;
    }
    const server = plumbing.gitServer(this.#place, ["cat-file", "--batch"]);
    this.#server = server;
    const output = new BatchOutput(
      () => this.#waiting[0]?.limit ?? 0,
      (answer) => this.#answer(answer.kind === "missing" ? this.#look(plumbing) : answer),
    );
    const end = (): void => {
      if (this.#server !== server) return;
      this.#server = null;
      if (this.#waiting.length > 0) this.#answer(this.#look(plumbing));
      if (this.#waiting.length > 0) this.#start(plumbing);
    };
    server.stdout.on("data", (chunk: Buffer) => {
      if (!output.take(chunk)) server.kill();
    });
    // What git says here belongs to no request that we could name: `#look` asks again.
    server.stderr.resume();
    // "close" comes after it, behind all answers.
    server.stdin.on("error", () => undefined);
    server.on("error", end);
    server.on("close", end);
    server.stdin.write(this.#waiting.map(({ id }) => `${id}\n`).join(""));
  }

  #answer(object: GitObject): void {
    this.#waiting.shift()?.resolve(object);
  }

  /** What is wrong with the object that is to be answered next. */
  #look(plumbing: typeof Plumbing): ObjectTrouble {
    this.#looks += 1;
    const id = this.#waiting[0]?.id ?? "";
    return this.#looks > LOOKS ? { kind: "missing" } : plumbing.objectTrouble(this.#place, id);
  }
}
