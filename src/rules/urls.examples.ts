import type { RuleExamples, Sample } from "./example.ts";

const DATABASES: readonly (readonly [id: string, schemes: readonly string[]])[] = [
  ["postgres-url", ["postgres", "postgresql", "postgresql+psycopg2"]],
  ["mysql-url", ["mysql", "mariadb", "mysql+pymysql"]],
  ["mongodb-url", ["mongodb", "mongodb+srv"]],
  ["redis-url", ["redis", "rediss"]],
  ["message-queue-url", ["amqp", "amqps", "mqtt"]],
  ["database-url", ["mssql", "clickhouse", "oracle"]],
  ["url-with-password", ["https", "ftp", "svn+ssh"]],
];

const HARMLESS = [
  "${PW}",
  "$PW",
  "%(pw)s",
  "{{ pw }}",
  "<password>",
  "[password]",
  "password",
  "pass",
  "secret",
  "***",
  "changeme",
  "xxxxxxxx",
  "your_password",
  "#{pw}",
  "ada",
];

/** Passwords in URLs, and what only looks like one. */
export const URL_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map(
  DATABASES.map(([id, schemes]) => [
    id,
    {
      match: (g) =>
        schemes.flatMap((scheme): Sample[] => {
          const secret = g.password();
          return [
            { text: `DATABASE_URL=${scheme}://ada:${secret}@db.internal:5432/app\n`, secret, path: ".env" },
            { text: `connect("${scheme}://ada:${secret}@10.0.0.7/app");\n`, secret, path: "db.js" },
            { text: `url: ${scheme}://ada:${secret}@localhost\n`, secret },
          ];
        }),
      ignore: (g) => [
        ...schemes.flatMap((scheme) =>
          HARMLESS.map((value) => ({ text: `url = "${scheme}://ada:${value}@db.internal/app"\n` })),
        ),
        ...schemes.map((scheme) => ({ text: `${scheme}://user:pass@example.com/\n` })),
        { text: `http://localhost:8080/@scope/${g.words(2)}\n` },
      ],
    } satisfies RuleExamples,
  ]),
);
