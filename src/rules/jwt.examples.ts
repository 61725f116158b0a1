import { inForms, plain } from "./example.ts";
import type { RuleExamples } from "./example.ts";
import { toBase64url } from "./example-generator.ts";
import type { Generator } from "./example-generator.ts";

function token(g: Generator, header: object, claims: object): string {
  return [JSON.stringify(header), JSON.stringify(claims), g.bytes(32)].map(toBase64url).join(".");
}

const HEADER = { alg: "HS256", typ: "JWT" };

export const JWT_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "json-web-token",
    {
      match: (g) =>
        inForms("ACCESS_TOKEN", token(g, HEADER, { sub: g.uuid(), iat: 1_700_000_000, scope: g.words(2) })),
      ignore: (g) =>
        plain("ACCESS_TOKEN", [
          token(g, HEADER, { sub: "1234567890", name: "John Doe" }),
          token(g, { alg: "none" }, { sub: g.uuid() }),
          token(g, HEADER, { iss: "supabase", role: "anon", ref: g.alnum(20) }),
          `eyJ${g.of("base64url", 33)}.eyJ${g.of("base64url", 60)}.${g.of("base64url", 43)}`,
          toBase64url(JSON.stringify(HEADER)),
        ]),
    },
  ],
  [
    "supabase-service-role-key",
    {
      match: (g) =>
        inForms(
          "SUPABASE_SERVICE_ROLE_KEY",
          token(g, HEADER, { iss: "supabase", role: "service_role", ref: g.alnum(20) }),
        ),
      ignore: (g) =>
        plain("SUPABASE_ANON_KEY", [token(g, HEADER, { iss: "supabase", role: "anon", ref: g.alnum(20) })]),
    },
  ],
]);
