import type { Rule } from "../model/rule.ts";

/** Line breaks of a key inside a JSON string, once or twice escaped. */
const KEY =
  "-----BEGIN PRIVATE KEY-----[0-9A-Za-z+/=\\\\ \\t\\r\\n]+-----END PRIVATE KEY-----(?:\\\\{1,4}n)?";

/** The key file of a service account. */
export const GCP_SERVICE_ACCOUNT: Rule = {
  id: "gcp-service-account-key",
  provider: "gcp",
  title: "Google Cloud service account key",
  severity: "critical",
  confidence: "high",
  effort: "medium",
  description:
    "The private key of a service account, in its JSON file: it acts with all the account's roles, and does not expire. Recognised as a PEM block in the field private_key.",
  sources: ["https://cloud.google.com/iam/docs/keys-create-delete"],
  keywords: ["private_key"],
  pattern: `private_key\\\\{0,3}["'][ \\t]{0,8}:[ \\t\\r\\n]{0,8}\\\\{0,3}["'](${KEY})`,
  secretGroup: 1,
  reach: [16, 16384],
  publicPrefix: 0,
  minEntropy: 4.5,
  accepts: (secret) => secret.length > 300 && new Set(secret.slice(60)).size > 40,
  remedy: {
    envName: "GOOGLE_APPLICATION_CREDENTIALS",
    revokeUrl: "https://console.cloud.google.com/iam-admin/serviceaccounts",
    advice: [
      "Delete the key under the service account, Keys; look in the audit log for what it did.",
      "Prefer workload identity federation, which needs no key; never give a service account the role owner.",
    ],
  },
};
