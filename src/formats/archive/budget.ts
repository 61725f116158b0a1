import type { Limits } from "../../model/settings.ts";
import type { ArchiveProblem } from "./archive-event.ts";

/** A bound of `Limits` was reached; the archive is left at once. */
export class LimitHit extends Error {
  /** Key of `Limits`; null for the bound on time, which nobody can lift. */
  readonly limit: "entries" | "totalBytes" | "ratio" | null;
  /** True where the bound is that of the outermost archive, so that nothing of it is read on. */
  readonly whole: boolean;

  constructor(limit: LimitHit["limit"], whole: boolean, message: string) {
    super(message);
    this.limit = limit;
    this.whole = whole;
  }
}

/** Time that taking one outermost archive apart may take; made-up archives aside, 4 GiB are through in less. */
export const ARCHIVE_SECONDS = 120;

/** How a user lifts a bound. */
export function raiseHint(limit: keyof Limits): string {
  return `If you trust it, raise "limits.${limit}" in stowaway.config.json.`;
}

/** What one outermost archive may still unpack to, nested archives included. */
export class Budget {
  readonly limits: Limits;
  readonly #packed: number;
  readonly #now: () => number;
  #entries = 0;
  #bytes = 0;
  #spent = 0;
  #since: number | null;

  /**
   * The clock of the budget starts at once.
   *
   * @param packed bytes of the outermost archive
   * @param now milliseconds of a clock that never goes back
   */
  constructor(limits: Limits, packed: number, now: () => number) {
    this.limits = limits;
    this.#packed = Math.max(packed, 1);
    this.#now = now;
    this.#since = now();
  }

  /** Stops the clock while somebody else works. */
  pause(): void {
    if (this.#since !== null) this.#spent += this.#now() - this.#since;
    this.#since = null;
  }

  resume(): void {
    this.#since ??= this.#now();
  }

  /** @throws LimitHit when the archive has taken too long */
  checkTime(): void {
    const running = this.#since === null ? 0 : this.#now() - this.#since;
    if (this.#spent + running > ARCHIVE_SECONDS * 1000)
      throw new LimitHit(null, true, `it takes more than ${ARCHIVE_SECONDS} seconds to unpack`);
  }

  /** @throws LimitHit on one member too many, or one too late */
  countEntry(): void {
    this.checkTime();
    this.#entries += 1;
    if (this.#entries > this.limits.entries)
      throw new LimitHit("entries", true, `it has more than ${this.limits.entries} members`);
  }

  /**
   * @param bytes unpacked since the last call
   * @throws LimitHit when the total, or its ratio to the outermost archive, is too high, or it has taken too long
   */
  countBytes(bytes: number): void {
    this.checkTime();
    this.#bytes += bytes;
    const { totalBytes, ratio, ratioFrom } = this.limits;
    if (this.#bytes > totalBytes)
      throw new LimitHit("totalBytes", true, `it unpacks to more than ${totalBytes} bytes`);
    if (this.#bytes > ratioFrom && this.#bytes > this.#packed * ratio)
      throw new LimitHit("ratio", true, `it unpacks to more than ${ratio} times its size`);
  }

  /**
   * Looks at one compressed stream, which stops a bomb long before its archive is through.
   *
   * @throws LimitHit when the stream alone is above the ratio
   */
  checkStream(consumed: number, produced: number): void {
    const { ratio, ratioFrom } = this.limits;
    if (produced > ratioFrom && produced > consumed * ratio)
      throw new LimitHit("ratio", false, `it unpacks to more than ${ratio} times its size`);
  }

  /** The report on a member that is above `fileBytes`; its siblings are still read. */
  tooLarge(name: string): ArchiveProblem {
    return {
      kind: "problem",
      code: "archive-limit",
      name,
      message: `a member of more than ${this.limits.fileBytes} bytes was not scanned`,
      hint: raiseHint("fileBytes"),
    };
  }
}
