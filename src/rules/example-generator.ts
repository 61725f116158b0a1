import { checksumOf } from "./checksum.ts";
import { charactersOf, isRun } from "./shape.ts";
import type { Alphabet, Shape } from "./shape.ts";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const WORDS = [
  "amber",
  "basket",
  "copper",
  "drift",
  "ember",
  "fjord",
  "glacier",
  "harbor",
  "island",
  "juniper",
];

/** Makes examples of secrets, the same ones for the same seed, so that none has to stand in the repository. */
export class Generator {
  #state: number;

  /** @param seed any whole number */
  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** @returns a whole number from 0 to `below` - 1 (mulberry32) */
  next(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  /** @returns one of them */
  one<T>(list: readonly T[]): T {
    const item = list[this.next(list.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }

  /** @returns so many characters of a set */
  pick(characters: string, length: number): string {
    return Array.from({ length }, () => characters[this.next(characters.length)]).join("");
  }

  /** @returns so many characters of an alphabet of `shape.ts` */
  of(alphabet: Alphabet, length: number): string {
    return this.pick(charactersOf(alphabet), length);
  }

  hex(length: number): string {
    return this.of("hex", length);
  }

  alnum(length: number): string {
    return this.of("alnum", length);
  }

  base64(length: number): string {
    return this.pick(BASE64, length);
  }

  uuid(): string {
    return [8, 4, 4, 4, 12].map((length) => this.hex(length)).join("-");
  }

  /** @returns so many words, joined by dashes */
  words(count: number): string {
    return Array.from({ length: count }, () => this.one(WORDS)).join("-");
  }

  /** @returns a password as people are told to make them: two words, a number, a sign, capitals between */
  password(): string {
    return `${this.one(WORDS)}${this.of("digits", 2)}-${this.pick("ABCDEFGHJKLMNPQRSTUVWXYZ", 1)}${this.pick("abcdefghjkmnpqrstuvwxyz", 1)}${this.of("digits", 2)}!${this.pick("ABCDEFGHJKLMNPQRSTUVWXYZ", 1)}`;
  }

  /** @returns a body of `length` characters with its checksum, as GitHub and npm make them */
  checked(length = 30): string {
    const body = this.alnum(length);
    return body + checksumOf(body);
  }

  /** @returns a text of a shape; runs take any length they may have */
  shape(shape: Shape): string {
    return shape
      .map((part) => {
        if (typeof part === "string") return part;
        if (!isRun(part)) return this.one(part);
        return this.of(part.of, part.min + this.next(part.max - part.min + 1));
      })
      .join("");
  }

  /** @returns bytes as latin1 text */
  bytes(length: number): string {
    return Array.from({ length }, () => String.fromCharCode(this.next(256))).join("");
  }

  /** @returns a PEM block of that kind whose body is random base64, lines of 64 characters joined by `newline` */
  pem(kind: string, lines = 12, newline = "\n"): string {
    const body = Array.from({ length: lines }, () => this.base64(64));
    return [`-----BEGIN ${kind}-----`, ...body, `-----END ${kind}-----`].join(newline);
  }
}

/** @param bytes latin1 text @returns base64url without padding */
export function toBase64url(bytes: string): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [0, 1, 2].map((step) => bytes.charCodeAt(i + step) || 0);
    const word = (a << 16) | (b << 8) | c;
    const size = Math.min(4, bytes.length - i + 1);
    for (let digit = 0; digit < size; digit += 1) text += BASE64[(word >>> (18 - 6 * digit)) & 63];
  }
  return text.replaceAll("+", "-").replaceAll("/", "_");
}
