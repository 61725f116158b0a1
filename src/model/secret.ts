/** Values shorter than this show no character of theirs, not even the public prefix. */
const SHOWN_FROM = 16;
const ARMOUR = /^-----BEGIN [A-Z0-9 ]{1,40}-----/;
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A found value that cannot be printed by accident: every implicit conversion gives `***`.
 *
 * `expose()` is for the rooms that must have the value (fingerprint, remedy, vault, run, verify); lint refuses it
 * elsewhere.
 */
export class Secret {
  readonly #value: string;

  /** @param value the secret's own characters, decoded as UTF-8 */
  constructor(value: string) {
    this.#value = value;
  }

  /** Length in UTF-16 code units. */
  get length(): number {
    return this.#value.length;
  }

  /** The value itself. */
  expose(): string {
    return this.#value;
  }

  /**
   * What a report may show: the provider's public prefix and the last four characters.
   *
   * @param publicPrefix how many leading characters are the same in every token of this kind (`ghp_` gives 4)
   * @returns for example `ghp_…9f2a`; the armour line of a PEM block (RFC 7468: it is public); `***` for a value
   *   shorter than 16, or one that is nearly all prefix
   */
  redact(publicPrefix = 0): string {
    const value = this.#value;
    const armour = ARMOUR.exec(value);
    if (armour !== null) return `${armour[0]}…`;
    if (value.length < SHOWN_FROM || value.length - publicPrefix < 12) return "***";
    return `${value.slice(0, publicPrefix)}…${value.slice(-4)}`;
  }

  /** Whether both hold the same characters. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [INSPECT](): string {
    return "***";
  }
}
