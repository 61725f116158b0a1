import { Secret } from "../model/secret.ts";

const LONE = /\p{Surrogate}/u;
/** A byte that is no UTF-8 stands in a string as one of these code units (as in Python's PEP 383). */
const FIRST_ESCAPE = 0xdc80;
const ESCAPED = /[\udc80-\udcff]/u;

/** Whether a value is text: what is none is kept by the keychain alone, and comes out by `secrets get` alone. */
export function isText(value: Secret): boolean {
  return !LONE.test(value.expose());
}

/** Whether an environment variable can hold a value: text without a NUL. */
export function fitsVariable(value: Secret): boolean {
  return isText(value) && !value.expose().includes("\0");
}

/**
 * The bytes of a value: its UTF-8 form; those that `secretOf` escaped are the same bytes again.
 *
 * @returns null for a value that no bytes stand for
 */
export function bytesOf(value: Secret): Buffer | null {
  const text = value.expose();
  if (!LONE.test(text)) return Buffer.from(text);
  const parts: Buffer[] = [];
  for (const character of text) {
    if (!LONE.test(character)) parts.push(Buffer.from(character));
    else if (ESCAPED.test(character)) parts.push(Buffer.of(character.charCodeAt(0) - FIRST_ESCAPE + 0x80));
    else return null;
  }
  return Buffer.concat(parts);
}

/** A value from its bytes; what is no UTF-8 is kept, in an escaped form. */
export function secretOf(bytes: Uint8Array): Secret {
  const whole = decode(bytes);
  if (whole !== null) return new Secret(whole);
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    text += character ?? String.fromCharCode(FIRST_ESCAPE + (bytes[at] ?? 0) - 0x80);
    at += character === null ? 1 : Buffer.byteLength(character);
  }
  return new Secret(text);
}

function characterAt(bytes: Uint8Array, at: number): string | null {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    const character = decode(bytes.subarray(at, at + length));
    if (character !== null) return character;
  }
  return null;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
