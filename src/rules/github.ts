import type { Rule } from "../model/rule.ts";
import { hasChecksum } from "./checksum.ts";
import { prefixed } from "./prefixed.ts";
import type { PrefixedRow } from "./prefixed.ts";
import { run } from "./shape.ts";

const FORMATS = "https://github.blog/engineering/behind-githubs-new-authentication-token-formats/";
const TOKENS = "https://github.com/settings/tokens";
const APPS = "https://github.com/settings/applications";
const NARROW =
  "Replace it by a fine-grained token for one repository, with the fewest permissions and an expiry date.";

const checked = { accepts: (secret: string) => hasChecksum(secret.slice(4)) };

/** Tokens of GitHub whose last six characters are a checksum, and the two kinds that carry none. */
export const GITHUB_ROWS: readonly PrefixedRow[] = [
  {
    id: "github-personal-token",
    provider: "github",
    title: "GitHub personal access token (classic)",
    shape: ["ghp_", run("alnum", 36)],
    severity: "critical",
    allows: "acts as its user on every repository, within the token's scopes",
    source: FORMATS,
    envName: "GITHUB_TOKEN",
    revokeUrl: TOKENS,
    advice: NARROW,
    ...checked,
  },
  {
    id: "github-oauth-token",
    provider: "github",
    title: "GitHub OAuth token",
    shape: ["gho_", run("alnum", 36)],
    severity: "critical",
    allows: "acts as its user within the scopes granted to the application",
    source: FORMATS,
    envName: "GITHUB_TOKEN",
    revokeUrl: APPS,
    advice: "`gh auth logout` and a new sign-in replace a token of the command line.",
    ...checked,
  },
  {
    id: "github-app-token",
    provider: "github",
    title: "GitHub App token",
    shape: [["ghu_", "ghs_"], run("alnum", 36)],
    allows: "acts within the permissions of the app's installation until it expires",
    source: FORMATS,
    envName: "GITHUB_TOKEN",
    revokeUrl: APPS,
    ...checked,
  },
  {
    id: "github-refresh-token",
    provider: "github",
    title: "GitHub App refresh token",
    shape: ["ghr_", run("alnum", 36, 76)],
    severity: "critical",
    allows: "makes new user tokens of the app for six months",
    source: FORMATS,
    envName: "GITHUB_REFRESH_TOKEN",
    revokeUrl: APPS,
    ...checked,
  },
  {
    id: "github-installation-jwt",
    provider: "github",
    title: "GitHub App installation token, signed form",
    shape: [
      "ghs_",
      run("digits", 1, 12),
      "_eyJ",
      run("base64url", 20, 400),
      ".",
      run("base64url", 20, 900),
      ".",
      run("base64url", 40, 700),
    ],
    allows: "acts within the permissions of the app's installation, for an hour",
    source: "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app",
    envName: "GITHUB_TOKEN",
    revokeUrl: APPS,
  },
  {
    id: "github-fine-grained-token",
    provider: "github",
    title: "GitHub fine-grained personal access token",
    shape: ["github_pat_", run("alnum", 22), "_", run("alnum", 59)],
    severity: "critical",
    allows: "acts on the repositories and with the permissions chosen for it",
    source:
      "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens",
    envName: "GITHUB_TOKEN",
    revokeUrl: "https://github.com/settings/personal-access-tokens",
    advice: NARROW,
  },
];

export const GITHUB: readonly Rule[] = GITHUB_ROWS.map(prefixed);
