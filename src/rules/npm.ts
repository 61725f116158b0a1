import type { Rule } from "../model/rule.ts";
import { hasChecksum } from "./checksum.ts";
import { prefixed } from "./prefixed.ts";
import type { PrefixedRow } from "./prefixed.ts";
import { run } from "./shape.ts";

export const NPM_ROW: PrefixedRow = {
  id: "npm-access-token",
  provider: "npm",
  title: "npm access token",
  shape: ["npm_", run("alnum", 36)],
  severity: "critical",
  allows: "reads private packages and, unless it is read-only, publishes versions in its owner's name",
  source: "https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/",
  envName: "NPM_TOKEN",
  revokeUrl: "https://www.npmjs.com/settings/~/tokens",
  advice:
    "Publish from CI with trusted publishing, without any token; else make a granular one with an expiry date.",
  accepts: (secret) => hasChecksum(secret.slice(4)),
};

/** npm's tokens since 2021; the last six characters are a checksum. */
export const NPM: Rule = prefixed(NPM_ROW);
