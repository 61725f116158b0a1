import { inForms, plain } from "./example.ts";
import type { RuleExamples } from "./example.ts";
import type { Generator } from "./example-generator.ts";

/** What every session token starts with. */
const OPENING = "IQoJb3JpZ2lu";

function secretKey(g: Generator): string {
  // Three characters make sure of both cases and a digit.
  return `${g.base64(20)}aB7${g.base64(17)}`;
}

function keyId(g: Generator): string {
  return g.one(["AKIA", "ASIA"]) + g.of("base32", 16);
}

export const AWS_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "aws-access-key",
    {
      match: (g) => inForms("AWS_ACCESS_KEY_ID", keyId(g)),
      ignore: (g) =>
        plain("AWS_ACCESS_KEY_ID", [
          "AKIA" + g.of("base32", 15),
          "AKIA" + g.of("base32", 17),
          "AKIA" + g.of("base32", 9) + "EXAMPLE",
          "AKIA" + "X".repeat(16),
        ]),
    },
  ],
  [
    "aws-secret-access-key",
    {
      match: (g) => [
        ...inForms("AWS_SECRET_ACCESS_KEY", secretKey(g)),
        ...inForms("secretAccessKey", secretKey(g)).slice(0, 4),
      ],
      ignore: (g) => [
        ...plain("AWS_SECRET_ACCESS_KEY", [
          g.base64(39),
          g.base64(41),
          g.hex(40),
          `${g.base64(30)}EXAMPLEKEY`,
          "x".repeat(40),
        ]),
        { text: `const digest = "${secretKey(g)}";` },
      ],
    },
  ],
  [
    "aws-session-token",
    {
      match: (g) => inForms("AWS_SESSION_TOKEN", `${OPENING}${g.base64(300)}==`),
      ignore: (g) => plain("AWS_SESSION_TOKEN", [OPENING + g.base64(100)]),
    },
  ],
  [
    "aws-mws-token",
    {
      match: (g) => inForms("MWS_AUTH_TOKEN", `amzn.mws.${g.uuid()}`),
      ignore: (g) => plain("MWS_AUTH_TOKEN", [`amzn.mws.${g.hex(32)}`]),
    },
  ],
]);
