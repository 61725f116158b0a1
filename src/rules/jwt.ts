import type { Rule } from "../model/rule.ts";
import { fromBase64 } from "./base64.ts";

interface Claims {
  readonly [claim: string]: unknown;
}

/**
 * Reads a token's two JSON parts.
 *
 * @returns null unless both are JSON objects and the first names an algorithm (RFC 7519, section 7.2)
 */
function decode(token: string): { header: Claims; claims: Claims } | null {
  const [first = "", second = ""] = token.split(".");
  const header = parse(first);
  const claims = parse(second);
  return header === null || claims === null || typeof header["alg"] !== "string" ? null : { header, claims };
}

function parse(part: string): Claims | null {
  const text = fromBase64(part);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

/** The token of the standard's web page and of every tutorial, and tokens that are not signed at all. */
function isSample({ header, claims }: { header: Claims; claims: Claims }): boolean {
  return (
    /^none$/i.test(String(header["alg"])) || claims["sub"] === "1234567890" || claims["name"] === "John Doe"
  );
}

/** Supabase gives browsers a token of this role on purpose. */
function isPublic(claims: Claims): boolean {
  return claims["role"] === "anon" && claims["iss"] === "supabase";
}

function isServiceRole(claims: Claims): boolean {
  return claims["role"] === "service_role" || claims["role"] === "supabase_admin";
}

/** A token starts a word, or follows an escape or a terminal's colour, whose last letter is none of its own. */
const START =
  "(?:\\b|\\\\[nrtvfb0]|%[0-9A-Fa-f]{2}|\\\\x[0-9A-Fa-f]{2}|\\\\u[0-9A-Fa-f]{4}|\\[[0-9;]{0,9}m|=3D)";
// The header is bounded: text like `-eyJ-eyJ` would make every place of it look for the end. The other two runs are
// followed by what is not in their class, so that there is one way to match them.
const PATTERN = `${START}(eyJ[0-9A-Za-z_-]{8,1000}\\.eyJ[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]{20,})`;
const shape = {
  keywords: [".eyj"],
  pattern: PATTERN,
  secretGroup: 1,
  reach: [1100, 16384],
  publicPrefix: 3,
} as const;

/** JSON web tokens, which carry their own description. */
export const JWT: readonly Rule[] = [
  {
    ...shape,
    id: "json-web-token",
    provider: "jwt",
    title: "JSON web token",
    severity: "medium",
    confidence: "medium",
    effort: "low",
    description:
      "A signed token: whoever holds it is taken for the one it names until it expires. Recognised by its three parts, of which the first two decode to JSON.",
    sources: ["https://www.rfc-editor.org/rfc/rfc7519"],
    minEntropy: 4,
    accepts: (secret) => {
      const token = decode(secret);
      return token !== null && !isSample(token) && !isPublic(token.claims) && !isServiceRole(token.claims);
    },
    remedy: {
      envName: "ACCESS_TOKEN",
      revokeUrl: null,
      advice: [
        "Revoke the session at the issuer that the token's `iss` names; most tokens cannot be revoked one by one.",
      ],
    },
  },
  {
    ...shape,
    id: "supabase-service-role-key",
    provider: "supabase",
    title: "Supabase service role key",
    severity: "critical",
    confidence: "high",
    effort: "low",
    description:
      "A token that reads and writes all data of the project, past row level security. Recognised as a JSON web token whose role is service_role.",
    sources: ["https://supabase.com/docs/guides/api/api-keys"],
    accepts: (secret) => {
      const token = decode(secret);
      return token !== null && !isSample(token) && isServiceRole(token.claims);
    },
    remedy: {
      envName: "SUPABASE_SERVICE_ROLE_KEY",
      revokeUrl: "https://supabase.com/dashboard/project/_/settings/api-keys",
      advice: ["Move to the project's secret keys, which can be revoked one by one."],
    },
  },
];
