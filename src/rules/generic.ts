import type { MatchContext, Rule } from "../model/rule.ts";
import { caseless, literalsOf } from "./caseless.ts";
import { changes, entropyOf, isRandom } from "./randomness.ts";
import {
  hasHarmlessShape,
  isGenerated,
  isPhrase,
  isPublicName,
  isReference,
  isWeakPassword,
} from "./suppress.ts";

const KEY_NAMES = [
  "secret",
  "token",
  "api_key",
  "access_key",
  "auth_key",
  "private_key",
  "signing_key",
  "encryption_key",
  "master_key",
  "service_key",
  "account_key",
  "subscription_key",
  "credential",
  "authorization",
  "auth",
];
const PASSWORD_NAMES = ["password", "passwd", "passphrase", "passwort", "passcode", "pwd", "pass"];
const NAMES = [...KEY_NAMES, ...PASSWORD_NAMES].map(caseless).join("|");
const PASSWORD_NAME = /pass(?!port|enger|ive|age|through)|pwd/i;

const NAME_REST = "[0-9A-Za-z_.-]{0,40}";
const OPERATOR = "\\\\?[\"'`\\]]{0,3}[ \\t]{0,12}(?:=>|:{1,3}=?|\\?=|={1,3}|,)[ \\t\\r\\n]{0,12}";
// The lengths are what RE2 still reads on its fast path; with 1000 a match takes it a second, in a bare run with 900 too.
const QUOTED = "(?:[bfru]|\\(|@)?\\\\?[\"'`]([!#-&(-\\[\\]-_a-~]{8,900})\\\\?[\"'`]";
const BARE_OPERATOR = "[\"'`]?[ \\t]{0,12}(?:=>|:{1,3}=?|\\?=|=|>)[ \\t]{0,12}";
const BARE = "([0-9A-Za-z_+/=.~!@#$%^&*?-]{8,600})";

/** Files whose values stand without quotes. In source code a bare word is an expression. */
const BARE_FILES =
  /(?:^|\/)(?:\.?env[^/]*|[^/]*\.env|\.npmrc|\.netrc|\.pypirc|\.yarnrc[^/]*|credentials|config|dockerfile[^/]*|makefile|procfile|jenkinsfile|[^/.]+)$|\.(?:env|ini|cfg|conf|config|cnf|properties|props|ya?ml|toml|sh|bash|zsh|fish|ps1|bat|cmd|txt|md|mdx|rst|adoc|xml|plist|log|tfvars|dist|service|out)$/i;

const LONGEST_NAME = 120;

/**
 * The name a value is assigned to: the match starts at the word that was looked for, and what stands before it on the
 * line belongs to the name. Where the line holds the same match again, the first name that is not public counts.
 *
 * @returns null where every name is public
 */
function nameOf({ match, line }: MatchContext): string | null {
  const rest = /^[\w$. -]*/.exec(match)?.[0].trimEnd() ?? "";
  let at = line.indexOf(match);
  // A value on the next line: the line of the name is not at hand.
  if (at < 0) return isPublicName(rest) ? null : rest;
  for (; at >= 0; at = line.indexOf(match, at + match.length)) {
    const before = /[\w$.-]*$/.exec(line.slice(Math.max(0, at - LONGEST_NAME), at))?.[0] ?? "";
    if (!isPublicName(before + rest)) return before + rest;
  }
  return null;
}

/** Passwords are chosen by people: several kinds of characters and no filler word. */
export function isPassword(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (kinds < 2 || !/[0-9]/.test(value)) return false;
  if (kinds === 2) return value.length >= 10 && changes(value) >= 0.2 && entropyOf(value) >= 2.8;
  return (
    entropyOf(value) >= 2.5 &&
    changes(value) >= 0.15 &&
    !/^[A-Z]?[a-z]+(?:[-_.][A-Z]?[a-z]+)*[-_.!@#$]?\d{0,4}[!@#$]?$/.test(value)
  );
}

/** Tokens that carry a checksum are judged by their own rules alone: one that fails it is none. */
const CHECKED = /^(?:gh[pousr]_|npm_)[0-9A-Za-z]{36,}$/;

function isSecret(value: string, context: MatchContext): boolean {
  if (CHECKED.test(value)) return false;
  if (isGenerated(context.path) || isReference(value) || isWeakPassword(value) || hasHarmlessShape(value))
    return false;
  const name = nameOf(context);
  if (name === null) return false;
  if (PASSWORD_NAME.test(name) && isPassword(value)) return true;
  return value.length >= 16 && isRandom(value) && !isPhrase(value);
}

const base = {
  provider: "generic",
  severity: "medium",
  confidence: "medium",
  effort: "low",
  sources: ["https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"],
  keywords: [...new Set([...KEY_NAMES, ...PASSWORD_NAMES].flatMap(literalsOf))],
  secretGroup: 1,
  reach: [24, 1000],
  publicPrefix: 0,
  minEntropy: 2.5,
  remedy: {
    envName: "SECRET",
    revokeUrl: null,
    advice: [
      "Find out which service it belongs to and replace it there; if it is no secret, allow it with a reason.",
    ],
  },
} as const;

/** What has no known form but a telling name and an unlikely value. */
export const GENERIC: readonly Rule[] = [
  {
    ...base,
    id: "generic-secret",
    title: "Secret or password in an assignment",
    description:
      "A quoted value that looks random, assigned to a name such as password, token or api_key. References, placeholders, names, paths, versions and hashes are left out.",
    pattern: `(?:${NAMES})${NAME_REST}${OPERATOR}${QUOTED}`,
    accepts: isSecret,
  },
  {
    ...base,
    id: "generic-secret-unquoted",
    title: "Secret or password in a configuration file",
    description:
      "A value without quotes that looks random, assigned to a name such as password, token or api_key in a configuration file, a script or a text. References, placeholders, names, paths, versions and hashes are left out.",
    pattern: `(?:${NAMES})${NAME_REST}${BARE_OPERATOR}${BARE}`,
    files: BARE_FILES,
    accepts: isSecret,
  },
];
