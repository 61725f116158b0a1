import type { Rule } from "../model/rule.ts";
import { looksInvented } from "./suppress.ts";

/** A line break as it stands in a file, in a JSON or source string, or in a string inside a string. */
const BREAK = "(?:\\\\{1,4}[nrt]|[\\r\\n\\t \"'+,>|#*/]){0,12}";
const KINDS = "(?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED|ANY|SSH2 ENCRYPTED) )?PRIVATE KEY";
const INSIDE = "[0-9A-Za-z+/=:,. \\t\\r\\n\\\\\"'()*#|>;_<@$]";
// Dashes stand alone, so there is one way to the end marker, and the runs need no bound; they take as little as they
// can, so that an engine that goes back keeps no note of every character.
const BODY = `${INSIDE}+?(?:-${INSIDE}+?)*?`;
const HEADERS = `(?:${BREAK}(?:Version|Comment|Hash|Charset|MessageID|Proc-Type|DEK-Info): [ -\\[\\]-~]{0,100}(?:\\\\{1,4}[nr]|[\\r\\n])){0,6}`;
/** What is left of a block that was cut: base64 lines, of which the last may be a long one. */
const LINES = `${HEADERS}(?:${BREAK}[0-9A-Za-z+/=]{40,76})+[0-9A-Za-z+/=]{0,39}`;

function block(kinds: string): string {
  return `-----BEGIN ${kinds}-----(?:${BODY}-----END ${kinds}-----|${LINES})`;
}

/** Least base64 characters of a key: an Ed25519 key in PKCS #8 has 64. */
const LEAST = 60;
/** Shorter pieces of base64 characters are words of the text round them. */
const LEAST_LINE = 24;
/** The share of a block that must be base64 lines; the rest is quotes, breaks and a short last line. */
const LEAST_SHARE = 0.6;

/** @returns the lines of base64 text of a block, without markers and headers, and their share of it */
function linesOf(secret: string): { lines: string; share: number } {
  const inside = secret
    .replace(/-----[A-Z0-9 ]{1,60}-----/g, "")
    .replace(/\\{1,8}[nrt]/g, "\n")
    .replace(/^[^0-9A-Za-z\n]{0,60}[A-Za-z][A-Za-z0-9-]{0,40}: [^\n]*\n/gm, "");
  const pieces = inside.split(/[^0-9A-Za-z+/=]+/);
  const lines = pieces.filter((piece) => piece.length >= LEAST_LINE).join("");
  return { lines, share: lines.length / Math.max(1, pieces.join("").length) };
}

function isKey(secret: string): boolean {
  const { lines, share } = linesOf(secret);
  if (lines.length < LEAST || share < LEAST_SHARE || secret.includes("...")) return false;
  // Base64 of that length has both cases; prose or one repeated letter has not enough characters.
  return (
    new Set(lines).size >= 20 &&
    /[A-Z]/.test(lines) &&
    /[a-z]/.test(lines) &&
    !looksInvented(lines.slice(0, 64))
  );
}

function isEncrypted(secret: string): boolean {
  return /Proc-Type: ?4,ENCRYPTED|BEGIN (?:SSH2 )?ENCRYPTED/.test(secret);
}

const ADVICE = [
  "Make a new key pair, replace the public half wherever it is trusted, then delete the old one there.",
  "Keep the new key in an agent, a key store or a file outside the project, with a passphrase.",
];
const base = {
  provider: "privatekey",
  confidence: "high",
  effort: "medium",
  sources: ["https://www.rfc-editor.org/rfc/rfc7468"],
  secretGroup: 0,
  reach: [48, 16384],
  remedy: { envName: "PRIVATE_KEY", revokeUrl: null, advice: ADVICE },
} as const;

/** Private keys as text: PEM of every kind, PGP, PuTTY. */
export const PRIVATE_KEY: readonly Rule[] = [
  {
    ...base,
    id: "private-key",
    title: "Private key",
    severity: "critical",
    description:
      "A private key without a passphrase: whoever has it can sign in, sign or decrypt as its owner. Recognised by its BEGIN line and the base64 lines after it, cut or whole.",
    keywords: ["private key-----"],
    pattern: block(KINDS),
    publicPrefix: 0,
    accepts: (secret) => isKey(secret) && !isEncrypted(secret),
  },
  {
    ...base,
    id: "encrypted-private-key",
    title: "Encrypted private key",
    severity: "medium",
    description:
      "A private key behind a passphrase, which its finder can guess at leisure. Recognised by its BEGIN line or its Proc-Type header.",
    keywords: ["private key-----"],
    pattern: block(KINDS),
    publicPrefix: 0,
    accepts: (secret) => isKey(secret) && isEncrypted(secret),
  },
  {
    ...base,
    id: "pgp-private-key",
    title: "PGP private key",
    severity: "critical",
    description: "A PGP secret key, which signs and decrypts as its owner. Recognised by its armour.",
    sources: ["https://www.rfc-editor.org/rfc/rfc9580"],
    keywords: ["pgp private key block"],
    pattern: block("PGP PRIVATE KEY BLOCK"),
    publicPrefix: 0,
    accepts: isKey,
  },
  {
    ...base,
    id: "putty-private-key",
    title: "PuTTY private key",
    severity: "critical",
    description: "A private key in PuTTY's own format. Recognised by its header and its Private-Lines.",
    sources: ["https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html"],
    keywords: ["private-lines:"],
    pattern: "Private-Lines: [0-9]{1,3}[\\r\\n]{1,2}((?:[0-9A-Za-z+/=]{1,76}[\\r\\n]{1,2})+)Private-MAC",
    secretGroup: 1,
    publicPrefix: 0,
    accepts: isKey,
  },
];
