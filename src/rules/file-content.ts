import { isReference, isWeakPassword } from "./suppress.ts";

const PRIVATE_BLOCK = /-----BEGIN [A-Z0-9 ]{0,24}PRIVATE KEY(?: BLOCK)?-----/;
const TELLING =
  /(?:secret|token|pass(?:word|wd|phrase)?|pwd|key|credential|auth|dsn|webhook|database_url|_url)/i;

/** Whether one of the assignments `NAME=value` gives a telling name a value of its own. */
export function hasAssignment(text: string): boolean {
  for (const [, name = "", raw = ""] of text.matchAll(
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*([^\r\n]*)$/gm,
  )) {
    const value = raw.trim().replace(/^(["'])(.*)\1.*$/, "$2");
    const bare = /:\/\//.test(value) ? (/:\/\/[^:/@]*:([^@/]+)@/.exec(value)?.[1] ?? "") : value;
    if (TELLING.test(name) && isValue(bare)) return true;
  }
  return false;
}

/** Whether a value is one of its own: long enough, no reference, no filler, no path. */
export function isValue(value: string): boolean {
  return (
    value.length >= 6 &&
    !/\s/.test(value) &&
    !isReference(value) &&
    !isWeakPassword(value) &&
    !/^(?:\/|\.\/|https?:\/\/|\d+$)/.test(value)
  );
}

/** Whether a field of such a name (JSON, YAML, ini) holds a literal value. */
export function hasField(names: string): (text: string) => boolean {
  const field = new RegExp(`(?:${names})["']?[ \\t]*[=:][ \\t]*["']?([^\\s"',}]{6,})`, "gi");
  return (text) => [...text.matchAll(field)].some(([, value = ""]) => isValue(value));
}

/** Whether there is the first line of a private key. */
export const hasPrivateKey = (text: string): boolean => PRIVATE_BLOCK.test(text);
