import type { RuleExamples, Sample } from "./example.ts";
import { toBase64url } from "./example-generator.ts";
import type { Generator } from "./example-generator.ts";

/** @returns what stands behind `Basic`: base64 with padding */
function basic(user: string, password: string): string {
  const text = toBase64url(`${user}:${password}`).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

function inRequests(scheme: string, secret: string): Sample[] {
  return [
    { text: `curl -H "Authorization: ${scheme} ${secret}" https://api.acme.io/v1\n`, secret, path: "a.sh" },
    { text: `headers: { Authorization: '${scheme} ${secret}' },\n`, secret, path: "a.ts" },
    { text: `Authorization: ${scheme} ${secret}\r\n`, secret, path: "request.http" },
    { text: `"{\\"authorization\\": \\"${scheme} ${secret}\\"}"`, secret, path: "a.json" },
  ];
}

function harmless(g: Generator): string[] {
  return [
    "Bearer <token>",
    "Bearer ${TOKEN}",
    "Bearer $TOKEN",
    "Bearer {{ token }}",
    "Bearer YOUR_ACCESS_TOKEN_GOES_HERE_123456",
    "Bearer your-access-token-from-the-settings-page-2",
    `Bearer ${"x".repeat(40)}`,
    `Bearer ${g.alnum(12)}`,
    "Bearer authentication",
    `Bearer ${g.words(6)}-2`,
    `Basic ${basic("user", "password")}`,
    `Basic ${basic("admin", "admin")}`,
    `Basic ${basic("username", "Zq81!xKp")}`,
    `Basic ${basic("Aladdin", "open sesame")}`,
    `Basic ${basic("ada", "${PASSWORD}")}`,
    "Basic ${CREDENTIALS}",
    "Basic authentication is used",
    `Basic ${g.base64(24)}`,
  ];
}

/** Headers that sign in, and what only looks like one. */
export const AUTHORIZATION_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "authorization-header",
    {
      match: (g) => [
        ...inRequests("Bearer", `${g.alnum(20)}7${g.alnum(19)}`),
        ...inRequests("bearer", `${g.alnum(15)}.${g.alnum(10)}7_${g.alnum(19)}`),
        ...inRequests("Bearer", g.hex(64)),
        ...inRequests("Basic", basic("ada", g.password())),
      ],
      ignore: (g) => harmless(g).map((value) => ({ text: `Authorization: ${value}\n` })),
    },
  ],
]);
