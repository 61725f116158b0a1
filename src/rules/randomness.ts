/** Lower-case, capital, digit, other. */
function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return 0;
  if (code >= 65 && code <= 90) return 1;
  if (code >= 48 && code <= 57) return 2;
  return 3;
}

/** How often the kind of character must change from one to the next; words and names stay well below. */
const LEAST_CHANGES = 0.25;
const LEAST_LENGTH = 12;

/**
 * How often neighbours in a text are of different kinds (lower case, capital, digit, other).
 *
 * A capital before a small letter is the start of a word and counts as no change.
 *
 * @returns 0 to 1; about 0.4 for random hexadecimal, 0.6 for random base64, 0.1 for names made of words
 */
export function changes(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i += 1) {
    const before = kindOf(text.charCodeAt(i - 1));
    const here = kindOf(text.charCodeAt(i));
    if (before !== here && !(before === 1 && here === 0)) count += 1;
  }
  return text.length < 2 ? 0 : count / (text.length - 1);
}

/** @returns Shannon entropy in bits per character */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Hexadecimal digits spell hardly any word, so less is asked of them. */
const HEX = /^[0-9a-f]+$/i;
const LEAST_HEX_CHANGES = 0.12;

/** Whether a text looks drawn by a machine: long enough, several kinds of characters, without order. */
export function isRandom(text: string): boolean {
  if (text.length < LEAST_LENGTH || !/[0-9]/.test(text) || !/[A-Za-z]/.test(text)) return false;
  if (HEX.test(text)) return entropyOf(text) >= 2.5 && changes(text) >= LEAST_HEX_CHANGES;
  return entropyOf(text) >= (text.length < 20 ? 2.9 : 3.1) && changes(text) >= LEAST_CHANGES;
}
