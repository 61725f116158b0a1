/**
 * Characters that a name or a line of text must not bring to a terminal or a reader's eye: C0 and C1 controls, line
 * separators, bidirectional and invisible formatting characters, tags, and halves of surrogate pairs.
 */
const UNSAFE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" };

/**
 * Makes text of the scanned repository safe to print on one line: every unsafe character becomes a visible escape
 * (`\n`, `\x1b`, `\u202e`, `\u{e0041}`). Safe text comes back as it is.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code > 0xff_ff) return `\\u{${hex}}`;
    return NAMED[character] ?? (code < 0x1_00 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`);
  });
}

/**
 * The same for the text of a JSON document, where escapes must be JSON's own: outside of strings JSON has no unsafe
 * characters but its own line ends, so every one that is met stands in a string.
 *
 * @param json output of JSON.stringify
 */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === "\n") return character;
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
