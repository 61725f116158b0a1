import type { Rule } from "../model/rule.ts";
import { isPassword } from "./generic.ts";
import { isRandom } from "./randomness.ts";
import { isSignIn } from "./sign-in.ts";
import { hasHarmlessShape, isPhrase, isReference, isWeakPassword } from "./suppress.ts";

/** What a shell hands on as it stands: no space, no quote, nothing that ends the command. */
const VALUE = "[!#-%*+,./0-9:=?@A-Z\\[\\]^_a-z{}~-]";
const QUOTE = "\\\\?[\"']?";
/** The rest of a command up to an option: one line, or several joined by a backslash. */
const BETWEEN = "(?:[ \\t\"',](?:[ -~\\t]|\\\\\\r?\\n){0,400}?)??[ \\t\\n\"',]";

/** Programs that take a password as a word: their names, and what stands before it. */
const TOOLS: readonly (readonly [names: readonly string[], option: string])[] = [
  [["sshpass"], "-p[ \\t]{1,4}"],
  [["redis-cli"], "(?:-a|--pass)[ \\t]{1,4}"],
  [["docker login", "podman login", "helm registry login"], "-p[ \\t]{1,4}"],
  [["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"], "-p[ \\t]{1,4}"],
  [["sqlcmd"], "-P[ \\t]{1,4}"],
];
const TOOL = TOOLS.map(([names, option]) => `(?:${names.join("|")})${BETWEEN}${option}`).join("|");
/** Programs whose `-p` has the password on it. */
const ATTACHING = [
  "mysql",
  "mysqldump",
  "mysqladmin",
  "mysqlimport",
  "mysqlshow",
  "mysqlcheck",
  "mariadb",
  "mariadb-dump",
  "mariadb-admin",
  "sshpass",
];
const VARIABLES = ["PGPASSWORD", "MYSQL_PWD", "SSHPASS", "REDISCLI_AUTH"];
const OPTION_WORDS = ["-pass", "-pwd", "-token", "-secret", "-api-key", "-apikey", "-access-key"];
const WORDS =
  "(?:password|passwd|passphrase|pass|pwd|token|secret|secret-key|client-secret|api-?key|access-key)";
const OPTION = `--(?:[a-z]{1,16}-){0,3}${WORDS}(?:=|[ \\t]{1,4}|["'],[ \\t\\r\\n]{0,20})`;

/** @returns what to look for: a program's name is a word of its own where it is called */
function called(names: readonly string[]): string[] {
  return names.map((name) => `${name} `);
}

/** Whether a value after an option or a variable is somebody's; tokens must look drawn, passwords need not. */
function isValue(value: string, match: string): boolean {
  if (isReference(value) || isWeakPassword(value) || hasHarmlessShape(value)) return false;
  const isToken = /(?:^|-)(?:token|secret|api-?key|secret-key|access-key)[= \t"']/.test(match);
  if (!isToken && isPassword(value)) return true;
  return value.length >= 16 && isRandom(value) && !isPhrase(value);
}

const base = {
  severity: "medium",
  confidence: "medium",
  effort: "low",
  secretGroup: 1,
  publicPrefix: 0,
} as const;

const remedy = {
  envName: "PASSWORD",
  revokeUrl: null,
  advice: [
    "Change it, and let the command read it from a file of your own, a prompt or the environment of the shell.",
  ],
} as const;

/** Secrets in the words of a command. */
export const COMMAND_LINE: readonly Rule[] = [
  {
    ...base,
    id: "curl-user",
    provider: "curl",
    title: "User and password for curl",
    description:
      "A command that signs in with user and password: whoever reads it can do the same. Recognised as the value of -u or --user of curl, unless the password is a reference, a placeholder, or of a sample or local host.",
    sources: ["https://curl.se/docs/manpage.html#-u"],
    keywords: ["curl"],
    pattern: `[Cc][Uu][Rr][Ll](?:\\.exe)?${BETWEEN}(?:-u|-U|--user|--proxy-user)[= \\t"',]{0,4}[0-9A-Za-z_.@%+~-]{0,80}:(${VALUE}{3,160})`,
    reach: [8, 720],
    accepts: (secret, { match, line }) => {
      const user = /([^\s"'=,]*)$/.exec(match.slice(0, -secret.length - 1))?.[1] ?? "";
      const host = /:\/\/(?:[^/\s@]{0,200}@)?([0-9A-Za-z._-]{1,100})/.exec(line)?.[1] ?? "";
      return isSignIn(user.replace(/^-[uU]/, ""), secret, host);
    },
    remedy: {
      envName: "CURL_USER",
      revokeUrl: null,
      advice: ["Change the password, and let curl read it from a .netrc file of your own (--netrc)."],
    },
  },
  {
    ...base,
    id: "command-line-password",
    provider: "commandline",
    title: "Password or token on a command line",
    description:
      "A secret given to a command as an option or a variable, where other users of the machine and the shell's history see it as well. Recognised by options such as --password and --token, by -p of docker login and the like, and by variables such as PGPASSWORD.",
    sources: ["https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"],
    keywords: [
      ...OPTION_WORDS,
      ...VARIABLES.map((name) => name.toLowerCase()),
      ...TOOLS.flatMap(([names]) => called(names)),
    ],
    pattern: `(?:(?:${VARIABLES.join("|")})=|${OPTION}|${TOOL})${QUOTE}(${VALUE}{6,200})`,
    reach: [64, 720],
    accepts: (secret, { match }) => isValue(secret, match),
    remedy,
  },
  {
    ...base,
    id: "command-line-password-attached",
    provider: "commandline",
    title: "Password on an option of a command",
    description:
      "A password given to a command as a word, where other users of the machine and the shell's history see it as well. Recognised by what stands on -p of mysql, its companions and sshpass; the option is shown with it.",
    sources: ["https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html"],
    keywords: called(ATTACHING),
    pattern: `(?:${ATTACHING.join("|")})${BETWEEN}(-p["']?${VALUE}{6,200})`,
    reach: [16, 720],
    publicPrefix: 2,
    accepts: (secret, { match }) => isValue(secret.replace(/^-p["']?/, ""), match),
    remedy,
  },
];
