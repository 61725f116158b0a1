import type { RuleExamples, Sample } from "./example.ts";
import type { Generator } from "./example-generator.ts";

const PLACEHOLDERS = [
  "$PASSWORD",
  "${PASSWORD}",
  "$(pass show db)",
  "<password>",
  "{{ password }}",
  "password",
  "secret",
  "changeme",
  "xxxxxxxx",
  "your_password",
];

function commands(g: Generator, path: string): Sample[] {
  const secret = g.password();
  const token = `${g.alnum(15)}7${g.alnum(16)}`;
  return [
    { text: `export PGPASSWORD=${secret}\n`, secret, path },
    { text: `"db": "PGPASSWORD=${secret} psql -h db.acme.io"\n`, secret, path },
    { text: `deploy --db-password=${secret} --region north\n`, secret, path },
    { text: `deploy --password "${secret}"\n`, secret, path },
    { text: `spawn("deploy", ["--password", "${secret}"]);\n`, secret, path },
    { text: `sshpass -p ${secret} ssh ada@db.acme.io\n`, secret, path },
    { text: `redis-cli -h cache.acme.io -a ${secret} ping\n`, secret, path },
    { text: `docker login -u ada -p ${secret} hub.acme.io\n`, secret, path },
    { text: `deploy --token=${token}\n`, secret: token, path },
    { text: `deploy --api-key ${token} up\n`, secret: token, path },
  ];
}

/** Secrets in commands, and what stands in their place in documents. */
export const COMMAND_LINE_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "curl-user",
    {
      match: (g) =>
        ["deploy.sh", "README.md", "a.js"].flatMap((path): Sample[] => {
          const secret = g.password();
          return [
            { text: `curl -u ada:${secret} https://api.acme.io/v1\n`, secret, path },
            { text: `curl -sS -X POST --user "ada:${secret}" https://api.acme.io\n`, secret, path },
            {
              text: `curl https://api.acme.io/v1 \\\n  -H 'Accept: */*' \\\n  -u 'ada:${secret}'\n`,
              secret,
              path,
            },
            { text: `exec("curl", ["-u", "ada:${secret}", url]);\n`, secret, path },
            { text: `curl --proxy-user=ada:${secret} -O https://api.acme.io/file\n`, secret, path },
          ];
        }),
      ignore: (g) => [
        ...PLACEHOLDERS.map((value) => ({ text: `curl -u ada:${value} https://api.acme.io/v1\n` })),
        { text: "curl -u ada:Autumn https://api.example.com/v1\n" },
        { text: "curl -u ada:Autumn http://localhost:8080/v1\n" },
        { text: "curl -u ada https://api.acme.io:8080/v1\n" },
        { text: `curl https://api.acme.io/${g.words(2)}:latest\n` },
      ],
    },
  ],
  [
    "command-line-password",
    {
      match: (g) => ["deploy.sh", "README.md", "a.json"].flatMap((path) => commands(g, path)),
      ignore: (g) => [
        ...PLACEHOLDERS.flatMap((value) => [
          { text: `PGPASSWORD=${value} psql\n` },
          { text: `deploy --password=${value}\n` },
          { text: `deploy --token ${value}\n` },
        ]),
        { text: `deploy --password-file /run/secrets/db-${g.hex(4)}\n` },
        { text: "use --token to give one, or --password for a prompt\n" },
        { text: `deploy --token=${g.words(4)}-2\n` },
        { text: `while (--tokens) next(${g.hex(8)});\n` },
      ],
    },
  ],
  [
    "command-line-password-attached",
    {
      match: (g) =>
        ["deploy.sh", "README.md", "a.json"].flatMap((path): Sample[] => {
          const password = g.password();
          const secret = `-p${password}`;
          return [
            { text: `mysql -h db.acme.io -u ada ${secret} shop < dump.sql\n`, secret, path },
            {
              text: `mysqldump --quick \\\n  -u ada -p'${password}' shop\n`,
              secret: `-p'${password}`,
              path,
            },
            { text: `sshpass ${secret} ssh ada@db.acme.io\n`, secret, path },
          ];
        }),
      ignore: (g) => [
        ...PLACEHOLDERS.map((value) => ({ text: `mysql -u ada -p${value} shop\n` })),
        { text: "mysql -u ada -p shop2base\n" },
        { text: "mysql -u ada -protocol1234\n" },
        { text: `ssh -p${g.password()} db.acme.io\n` },
      ],
    },
  ],
]);
