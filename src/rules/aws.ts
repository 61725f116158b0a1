import type { Rule } from "../model/rule.ts";
import { caseless, literalsOf } from "./caseless.ts";
import { OPENING, OPERATOR, REST_OF_NAME } from "./assigned.ts";
import { looksInvented } from "./suppress.ts";

const KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html";
const CONSOLE = "https://console.aws.amazon.com/iam/home#/security_credentials";
const ADVICE = [
  "Deactivate the key first, look in CloudTrail for what it did, then delete it.",
  "Prefer roles and short-lived credentials; where a key must be, give its user only the actions it needs.",
];

const WORDS = ["aws_secret", "secret_access_key", "secret_key", "aws_key", "aws_access_key", "aws_sk"];
const NAMES = WORDS.map(caseless);
const SECRET = "[0-9A-Za-z/+]{40}";

/** A key id whose bytes are random base32, not a word or the documentation's sample. */
function acceptsId(secret: string): boolean {
  return (
    !/(?:EXAMPLE|SAMPLE|TEST|DUMMY|XXXX|AAAA|REPLACE|YOUR)/.test(secret.slice(4)) &&
    !looksInvented(secret.slice(4))
  );
}

/** Base64 text of forty characters, not a hash, a path or a long name. */
function acceptsSecret(secret: string): boolean {
  if (!/^[0-9A-Za-z/+]{40}$/.test(secret)) return false;
  if (!/[A-Z]/.test(secret) || !/[a-z]/.test(secret) || !/[0-9]/.test(secret)) return false;
  return !looksInvented(secret);
}

const base = { provider: "aws", effort: "low", sources: [KEYS] } as const;

/** Long-term and temporary key ids, and the secret where it is assigned. */
export const AWS: readonly Rule[] = [
  {
    ...base,
    id: "aws-access-key",
    title: "AWS access key",
    severity: "critical",
    confidence: "high",
    description:
      "The id of an AWS access key. With its secret, which usually stands beside it, a thief acts as the user or role it belongs to. Recognised by its four-letter prefix and sixteen base32 characters.",
    keywords: ["akia", "asia", "abia", "acca"],
    pattern: "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
    secretGroup: 0,
    reach: [8, 32],
    publicPrefix: 4,
    minEntropy: 2.7,
    accepts: acceptsId,
    remedy: { envName: "AWS_ACCESS_KEY_ID", revokeUrl: CONSOLE, advice: ADVICE },
  },
  {
    ...base,
    id: "aws-secret-access-key",
    title: "AWS secret access key",
    severity: "critical",
    confidence: "high",
    description:
      "The secret half of an AWS access key, which signs requests as the user or role it belongs to. Recognised where a name such as aws_secret_access_key is assigned forty base64 characters.",
    keywords: [...new Set(WORDS.flatMap(literalsOf))],
    pattern: `(?:${NAMES.join("|")})${REST_OF_NAME}${OPERATOR}${OPENING}(${SECRET}[0-9A-Za-z/+]?)`,
    secretGroup: 1,
    reach: [24, 220],
    publicPrefix: 0,
    minEntropy: 4,
    accepts: acceptsSecret,
    remedy: { envName: "AWS_SECRET_ACCESS_KEY", revokeUrl: CONSOLE, advice: ADVICE },
  },
  {
    ...base,
    id: "aws-session-token",
    title: "AWS session token",
    severity: "medium",
    confidence: "high",
    description:
      "The third part of temporary AWS credentials. With the key pair beside it, a thief acts as the role until it expires, within 36 hours. Recognised by the opening that every session token has.",
    keywords: ["iqojb3jpz2lu", "fwogzxivyxdz"],
    pattern: "(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[0-9A-Za-z/+]{200,1000}={0,2}",
    secretGroup: 0,
    reach: [16, 1040],
    publicPrefix: 12,
    minEntropy: 4,
    accepts: (secret) => !looksInvented(secret.slice(12)),
    remedy: {
      envName: "AWS_SESSION_TOKEN",
      revokeUrl: "https://console.aws.amazon.com/iam/home#/roles",
      advice: ["Revoke the role's active sessions in its IAM page."],
    },
  },
  {
    ...base,
    id: "aws-mws-token",
    title: "Amazon MWS authentication token",
    severity: "high",
    confidence: "high",
    description:
      "A seller's authorisation of a developer: it reads the seller's orders and changes offers. Recognised by its prefix, amzn.mws.",
    keywords: ["amzn.mws."],
    pattern: "amzn\\.mws\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    secretGroup: 0,
    reach: [8, 64],
    publicPrefix: 9,
    accepts: (secret) => !looksInvented(secret.slice(9)),
    remedy: { envName: "MWS_AUTH_TOKEN", revokeUrl: "https://sellercentral.amazon.com", advice: [] },
  },
];
