import type { RenderOptions } from "../../../src/report/index.ts";
import type { Finding, Report } from "../../../src/model/finding.ts";
import type { FileRule, Rule } from "../../../src/model/rule.ts";
import { Secret } from "../../../src/model/secret.ts";

/** Made at run time, so that no token-shaped text stands in the repository. */
export const VALUE = ["abcd", "e".repeat(28), "wxyz"].join("_");

export const CONTENT_RULE: Rule = {
  id: "demo-access-token",
  provider: "demo",
  title: "Demo access token",
  severity: "critical",
  confidence: "high",
  effort: "low",
  description: "Demo access token: whoever has it publishes in the owner's name.",
  sources: ["https://example.com/format"],
  remedy: {
    envName: "DEMO_TOKEN",
    revokeUrl: "https://example.com/revoke",
    advice: ["Ask the owner of the account."],
  },
  keywords: ["abcd_"],
  pattern: "abcd_[a-z_]{10,40}",
  secretGroup: 0,
  publicPrefix: 5,
  minEntropy: 3,
  accepts: () => true,
};

export const NAME_RULE: FileRule = {
  id: "file/dotenv",
  provider: "file",
  title: "dotenv file",
  severity: "high",
  confidence: "medium",
  effort: "medium",
  description: "A dotenv file usually holds secrets.",
  sources: ["https://example.com/dotenv"],
  remedy: { envName: null, revokeUrl: null, advice: [] },
  matches: (path) => path.endsWith(".env"),
  reportEmpty: true,
};

export function finding(change: Partial<Finding> = {}): Finding {
  const secret = new Secret(VALUE);
  const redacted = secret.redact(5);
  const text = `"release": "TOKEN=${redacted} npm publish",`;
  return {
    id: "1f2e3d4c",
    rule: CONTENT_RULE,
    severity: "critical",
    confidence: "high",
    path: "package.json",
    container: [],
    alsoIn: [],
    field: "scripts.release",
    secret,
    redacted,
    included: null,
    advice: ["Write $DEMO_TOKEN in the script.", "Revoke it: https://example.com/revoke"],
    status: "new",
    frame: { text, start: text.indexOf(redacted), length: redacted.length },
    line: 12,
    column: 24,
    endLine: 12,
    endColumn: 24 + VALUE.length,
    ...change,
  };
}

export function nameFinding(change: Partial<Finding> = {}): Finding {
  return finding({
    id: "99aa88bb",
    rule: NAME_RULE,
    severity: "low",
    confidence: "medium",
    path: ".env",
    field: null,
    secret: null,
    redacted: "",
    advice: ["Keep the file out of the commit."],
    frame: null,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    ...change,
  });
}

export function report(change: Partial<Report> = {}): Report {
  return {
    scope: { kind: "staged", target: "index", mode: "exact" },
    files: 3,
    bytes: 1234,
    milliseconds: 12.4,
    findings: [],
    skipped: [],
    errors: [],
    notes: [],
    ...change,
  };
}

export const OPTIONS: RenderOptions = {
  failOn: "medium",
  paint: (_, text) => text,
  columns: 80,
  version: "1.2.3",
  isPriorityFile: (path) => path.endsWith(".env"),
};
