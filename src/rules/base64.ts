const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Decodes base64 or base64url, with or without padding.
 *
 * @param text at most the characters of either alphabet and trailing `=`
 * @returns the bytes as latin1 text; null where a character is of neither alphabet or one is left over
 */
export function fromBase64(text: string): string | null {
  const digits = text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
  if (digits.length % 4 === 1) return null;
  let bits = 0;
  let held = 0;
  let bytes = "";
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >>> bits) & 0xff);
  }
  return bytes;
}
