import type { Rule, Severity } from "../model/rule.ts";
import { caseless } from "./caseless.ts";
import { isSignIn } from "./sign-in.ts";

const USER = "[0-9A-Za-z_.%+~-]{0,80}";
/** No quotes, spaces, slashes, `@` or brackets: those are references, or must be escaped in a URL. */
const PASSWORD = "[!#$%&(-.0-9:;=?A-Z^_a-z~*]{3,160}";
/** A name, an address, or what opens a reference to one. */
const HOST = "(?:\\[[0-9A-Fa-f:.]{2,45}\\]|[0-9A-Za-z][0-9A-Za-z._-]{0,100}|[\\[$<{%])";

/** @param match the match, from the scheme or `://` to the end of the host */
function isPassword(password: string, match: string): boolean {
  const user = /:\/\/([^:]*):/.exec(match)?.[1] ?? "";
  return isSignIn(user, password, match.slice(match.lastIndexOf("@") + 1));
}

/** Whether one of the places where the line holds the match is not behind the scheme of a database, which has its own rule. */
function isElsewhere(match: string, line: string): boolean {
  for (let at = line.indexOf(match); at >= 0; at = line.indexOf(match, at + match.length))
    if (!SCHEMES.test(line.slice(Math.max(0, at - LONGEST_SCHEME), at))) return true;
  return false;
}

interface Database {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly schemes: readonly string[];
  readonly envName: string;
}

const DATABASES: readonly Database[] = [
  {
    id: "postgres-url",
    provider: "postgres",
    title: "PostgreSQL URL with password",
    schemes: ["postgres", "postgresql", "postgis", "cockroachdb", "timescaledb"],
    envName: "DATABASE_URL",
  },
  {
    id: "mysql-url",
    provider: "mysql",
    title: "MySQL URL with password",
    schemes: ["mysql", "mysql2", "mariadb"],
    envName: "DATABASE_URL",
  },
  {
    id: "mongodb-url",
    provider: "mongodb",
    title: "MongoDB URL with password",
    schemes: ["mongodb", "mongodb+srv"],
    envName: "MONGODB_URI",
  },
  {
    id: "redis-url",
    provider: "redis",
    title: "Redis URL with password",
    schemes: ["redis", "rediss", "valkey"],
    envName: "REDIS_URL",
  },
  {
    id: "message-queue-url",
    provider: "rabbitmq",
    title: "Message queue URL with password",
    schemes: ["amqp", "amqps", "mqtt", "mqtts", "stomp", "nats", "kafka"],
    envName: "BROKER_URL",
  },
  {
    id: "database-url",
    provider: "database",
    title: "Database URL with password",
    schemes: [
      "mssql",
      "sqlserver",
      "oracle",
      "clickhouse",
      "cassandra",
      "couchbase",
      "couchdb",
      "neo4j",
      "snowflake",
      "elasticsearch",
      "influxdb",
      "libsql",
      "db2",
      "ldap",
      "ldaps",
    ],
    envName: "DATABASE_URL",
  },
];

const SCHEMES = new RegExp(
  `(?:${DATABASES.flatMap(({ schemes }) => schemes.map((scheme) => scheme.replace("+", "\\+"))).join("|")})(?:\\+[a-z0-9]{1,16})?$`,
  "i",
);
const LONGEST_SCHEME = 40;

const base = {
  confidence: "high",
  effort: "medium",
  sources: ["https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"],
  secretGroup: 1,
  publicPrefix: 0,
} as const;

const SUFFIX = "(?:\\+[0-9A-Za-z_]{1,16})?";

function databaseUrl({ id, provider, title, schemes, envName }: Database): Rule {
  const severity: Severity = "critical";
  const longestFirst = schemes.toSorted((a, b) => b.length - a.length);
  return {
    ...base,
    id,
    provider,
    title,
    severity,
    description: `${title}: whoever can reach the server signs in with it. Recognised by the scheme and the part before the @, unless that is a placeholder or a reference.`,
    keywords: [
      ...new Set(
        schemes.filter((scheme) => !schemes.some((other) => other !== scheme && scheme.startsWith(other))),
      ),
    ],
    pattern: `(?:${longestFirst.map(caselessScheme).join("|")})${SUFFIX}://${USER}:(${PASSWORD})@${HOST}`,
    reach: [24, 420],
    accepts: (secret, { match }) => isPassword(secret, match),
    remedy: {
      envName,
      revokeUrl: null,
      advice: [
        "Change the password of that user, and give the program a user that may do only what it needs.",
      ],
    },
  };
}

function caselessScheme(scheme: string): string {
  return scheme.split("+").map(caseless).join("\\+");
}

/** URLs that carry a password before the host. */
export const URLS: readonly Rule[] = [
  ...DATABASES.map(databaseUrl),
  {
    ...base,
    id: "url-with-password",
    provider: "urlcredentials",
    title: "URL with password",
    severity: "high",
    description:
      "A URL with user and password before the host: whoever reads it signs in with them. Placeholders, references and sample hosts are left out.",
    keywords: ["://"],
    pattern: `://${USER}:(${PASSWORD})@${HOST}`,
    reach: [4, 380],
    accepts: (secret, { match, line }) => isElsewhere(match, line) && isPassword(secret, match),
    remedy: {
      envName: "SERVICE_URL",
      revokeUrl: null,
      advice: ["Change the password, and pass it in a header or a credential helper instead of the URL."],
    },
  },
];
