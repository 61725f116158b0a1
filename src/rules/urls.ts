import type { Rule, Severity } from "../model/rule.ts";
import { caseless } from "./caseless.ts";
import { isReference, isWeakPassword } from "./suppress.ts";
import { isRandom } from "./randomness.ts";

const USER = "[0-9A-Za-z_.%+~-]{0,80}";
/** No quotes, spaces, slashes, `@` or brackets: those are references, or must be escaped in a URL. */
const PASSWORD = "[!#$%&(-.0-9:;=?A-Z^_a-z~*]{3,160}";
const HOST = "[0-9A-Za-z\\[]";
const EXAMPLE_HOST =
  /@(?:[a-z0-9.-]*\.)?(?:example\.(?:com|org|net)|example|domain\.com|host|hostname|server|your-?host)\b/i;

/** A service of this machine or of the same compose file: its password opens nothing to a stranger unless it is used elsewhere. */
const LOCAL_HOST =
  /@(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[a-z0-9_-]+)(?![a-z0-9_.-])/i;

/**
 * Whether a URL's password is somebody's, not a reference, a sample, or the same word as the user.
 *
 * @param match the match, from the scheme or `://` to the host
 */
function isPassword(password: string, match: string, line: string): boolean {
  if (isReference(password) || isWeakPassword(password) || /^[*x.]+$/i.test(password)) return false;
  const user = /:\/\/([^:]*):/.exec(match)?.[1] ?? "";
  if (user.toLowerCase() === password.toLowerCase()) return false;
  if (/^(?:example|your|my|some|user|username|\$)/i.test(user) && !isRandom(password)) return false;
  // `http://host:8080;…@` and the like: a port is no password.
  if (/^[0-9]{1,5}$/.test(password)) return false;
  const after = line.slice(line.indexOf(match) + match.length - 2);
  const host = after.slice(0, 80);
  return (!EXAMPLE_HOST.test(host) && !LOCAL_HOST.test(host)) || isRandom(password);
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
  `(?:${DATABASES.flatMap(({ schemes }) => schemes.map((scheme) => scheme.replace("+", "\\+"))).join("|")})(?:\\+[a-z0-9]+)?$`,
  "i",
);

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
    reach: [24, 320],
    accepts: (secret, { match, line }) => isPassword(secret, match, line),
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
    reach: [4, 280],
    accepts: (secret, { match, line }) => {
      const before = line.slice(0, Math.max(0, line.indexOf(match)));
      return !SCHEMES.test(before) && isPassword(secret, match, line);
    },
    remedy: {
      envName: "SERVICE_URL",
      revokeUrl: null,
      advice: ["Change the password, and pass it in a header or a credential helper instead of the URL."],
    },
  },
];
