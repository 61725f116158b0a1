/**
 * A word as a pattern that matches it in any case, since patterns carry no flags.
 *
 * @param word letters, digits and separators; `_` and `-` match `_`, `-`, `.`, a space or nothing
 */
export function caseless(word: string): string {
  return Array.from(word)
    .map((character) => {
      if (/[a-z]/i.test(character)) return `[${character.toLowerCase()}${character.toUpperCase()}]`;
      if (character === "_" || character === "-") return "[_. -]?";
      return /[0-9]/.test(character) ? character : `\\${character}`;
    })
    .join("");
}

/** How the words of a name are joined in files. */
const JOINTS = ["", "_", "-", ".", " "];
/** A word of this length is rare enough to be looked for alone. */
const TELLING = 6;

/**
 * The literals that stand in every text that `caseless` of the same word matches.
 *
 * @returns its longest part where that is rare enough, else the whole word in each way of joining its parts
 */
export function literalsOf(word: string): string[] {
  const parts = word.toLowerCase().split(/[_-]/);
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best), "");
  if (parts.length === 1 || longest.length >= TELLING) return [longest];
  return parts.length === 2
    ? JOINTS.map((joint) => parts.join(joint))
    : literalsOf(parts.slice(0, 2).join("_"));
}
