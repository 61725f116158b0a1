/** Characters of a run, as a positive ASCII class. */
const CLASSES = {
  digits: "0-9",
  hex: "0-9a-f",
  anyHex: "0-9a-fA-F",
  lower: "0-9a-z",
  upper: "0-9A-Z",
  letters: "A-Za-z",
  alnum: "0-9A-Za-z",
  base32: "A-Z2-7",
  bech32: "02-9AC-HJ-NP-Z",
  word: "0-9A-Za-z_",
  dashed: "0-9A-Za-z-",
  base64url: "0-9A-Za-z_-",
  base64: "0-9A-Za-z+/",
  dotted: "0-9A-Za-z_=.-",
} as const;

export type Alphabet = keyof typeof CLASSES;

/** So many characters of one alphabet. */
export interface Run {
  readonly of: Alphabet;
  readonly min: number;
  readonly max: number;
}

/** A literal, one of several literals, or a run of characters. */
export type ShapePart = string | readonly string[] | Run;

/** What a token looks like, from its first character to its last. */
export type Shape = readonly ShapePart[];

/** RE2 counts no further; a longer run is written as two. */
const LONGEST_RUN = 1000;

/**
 * So many characters of an alphabet.
 *
 * @returns `min` to `max`, or exactly `min` when only one number is given
 * @throws RangeError above what RE2 counts
 */
export function run(of: Alphabet, min: number, max = min): Run {
  if (max >= LONGEST_RUN) throw new RangeError(`a run of ${max} characters must be written as two`);
  return { of, min, max };
}

/** @returns the bracket expression of an alphabet */
function classOf(alphabet: Alphabet): string {
  return `[${CLASSES[alphabet]}]`;
}

/** @returns every character of an alphabet, for the generator of examples */
export function charactersOf(alphabet: Alphabet): string {
  const inside = new RegExp(classOf(alphabet));
  return Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    .filter((character) => inside.test(character))
    .join("");
}

export function isRun(part: ShapePart): part is Run {
  return typeof part === "object" && "of" in part;
}

/** @returns the literal as regular expression text that stands for itself */
function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * The pattern of a shape.
 *
 * @param groups whether each run is a capturing group of its own
 * @param slack by how many characters the last run may be longer than allowed
 */
export function shapePattern(shape: Shape, { groups = false, slack = 0 } = {}): string {
  return shape
    .map((part, index) => {
      if (typeof part === "string") return escapeLiteral(part);
      // Longest first: the first alternative that fits is taken.
      if (!isRun(part))
        return `(?:${part
          .toSorted((a, b) => b.length - a.length)
          .map(escapeLiteral)
          .join("|")})`;
      const max = part.max + (index === shape.length - 1 ? slack : 0);
      const count = part.min === max ? `{${max}}` : `{${part.min},${max}}`;
      return groups ? `(${classOf(part.of)}${count})` : classOf(part.of) + count;
    })
    .join("");
}

/** @returns length of the longest text of this shape */
export function longest(shape: Shape): number {
  return shape.reduce((sum, part) => {
    if (typeof part === "string") return sum + part.length;
    return sum + (isRun(part) ? part.max : Math.max(...part.map((literal) => literal.length)));
  }, 0);
}

/** @returns whether a word boundary alone tells where a run of this alphabet ends */
export function endsAtWord(alphabet: Alphabet): boolean {
  return !/[^0-9A-Za-z_]/.test(charactersOf(alphabet));
}
