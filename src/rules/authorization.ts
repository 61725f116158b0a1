import type { MatchContext, Rule } from "../model/rule.ts";
import { fromBase64 } from "./base64.ts";
import { isRandom } from "./randomness.ts";
import { isSignIn } from "./sign-in.ts";
import { isPhrase, isReference, looksInvented } from "./suppress.ts";

/** Shorter bearer tokens are those of documents and tests. */
const LEAST_BEARER = 32;
/** The sign-ins that the standards of Basic and its forerunners show. */
const SAMPLES = new Set(["open sesame", "opensesame"]);

/** Tokens that are known by their own form are judged by their own rules: JSON web tokens, GitHub's and npm's. */
const KNOWN = /^(?:eyJ|gh[pousr]_|npm_)/;

/** Whether base64 text is `user:password` with a password of somebody's (RFC 7617). */
function isBasic(value: string): boolean {
  const text = fromBase64(value);
  const [, user, password] = /^([ -9;-~]{0,100}):([ -~]{4,200})$/.exec(text ?? "") ?? [];
  if (user === undefined || password === undefined || SAMPLES.has(password.toLowerCase())) return false;
  return isSignIn(user, password, "");
}

function isBearer(value: string): boolean {
  if (value.length < LEAST_BEARER || KNOWN.test(value)) return false;
  return isRandom(value) && !isReference(value) && !looksInvented(value) && !isPhrase(value);
}

function accepts(secret: string, { match }: MatchContext): boolean {
  return /^basic/i.test(match) ? isBasic(secret) : isBearer(secret);
}

/** What stands in a request's Authorization header. */
export const AUTHORIZATION: readonly Rule[] = [
  {
    id: "authorization-header",
    provider: "http",
    title: "Authorization header with a credential",
    severity: "medium",
    confidence: "medium",
    effort: "low",
    description:
      "The header with which a request signs in: whoever sends it is taken for its owner. Recognised as Bearer before 32 or more random characters, or as Basic before the base64 of a user and a password. References, placeholders and the samples of the standards are left out.",
    sources: ["https://www.rfc-editor.org/rfc/rfc6750", "https://www.rfc-editor.org/rfc/rfc7617"],
    keywords: ["bearer", "basic "],
    pattern:
      "(?:[Bb][Ee][Aa][Rr][Ee][Rr](?:[ \\t]|%20){1,4}|[Bb][Aa][Ss][Ii][Cc][ \\t]{1,4})([0-9A-Za-z_.~+/-]{8,1000}={0,2})",
    secretGroup: 1,
    reach: [16, 1100],
    publicPrefix: 0,
    minEntropy: 2.5,
    accepts,
    remedy: {
      envName: "AUTHORIZATION",
      revokeUrl: null,
      advice: ["Find out which service the request goes to, and replace the token or the password there."],
    },
  },
];
