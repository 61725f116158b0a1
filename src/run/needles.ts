import type { Secret } from "../model/secret.ts";

/** Shorter texts are not masked: they would hide half of an ordinary log, and guess themselves. */
const SHORTEST = 6;

/** Lines that every PEM file has (RFC 7468). */
const ARMOUR = /^-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----$/;

/** Whether a value is long enough to be masked. */
export function isMasked(secret: Secret): boolean {
  return secret.length >= SHORTEST;
}

/**
 * The byte strings that would show a value: itself, each line of it, and what base64, URLs and JSON make of it.
 *
 * @param secrets any number; equal and short ones count for nothing
 * @returns each at least six characters long, no two alike
 */
export function needlesOf(secrets: Iterable<Secret>): Buffer[] {
  const texts = new Set<string>();
  for (const secret of secrets) for (const text of formsOf(secret.expose())) texts.add(text);
  return [...texts].map((text) => Buffer.from(text));
}

function formsOf(value: string): string[] {
  if (value.length < SHORTEST) return [];
  const lines = value.split(/\r\n?|\n/).map((line) => line.trim());
  const shown = [
    value,
    value.trim(),
    ...lines.filter((line) => !ARMOUR.test(line)),
    ...base64Forms(Buffer.from(value)),
    ...urlForms(value),
    JSON.stringify(value).slice(1, -1),
  ];
  return shown.filter((text) => text.length >= SHORTEST);
}

/** Also where the value stands in the middle of what was encoded (`user:token` of HTTP's Basic authentication). */
function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString("base64").replace(/=+$/, "");
  const inner = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Characters that hold bits of a neighbour are another's.
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [whole, ...inner].flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** As JavaScript, RFC 3986, Python's `quote` and `quote_plus` and HTML forms write it, in both cases of the digits. */
function urlForms(value: string): string[] {
  // Half a surrogate pair has no form of its own.
  const plain = encodeURIComponent(Buffer.from(value).toString());
  const strict = plain.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  const forms = [plain, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+"), form];
  return forms.flatMap((text) => [text, text.replace(/%../g, (code) => code.toLowerCase())]);
}
