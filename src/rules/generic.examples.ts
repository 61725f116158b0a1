import type { RuleExamples, Sample } from "./example.ts";
import type { Generator } from "./example-generator.ts";

const NAMES = [
  "SECRET",
  "api_key",
  "accessToken",
  "clientSecret",
  "private_key",
  "db.password",
  "ENCRYPTION_KEY",
];

/** Values that are no secret although a telling name stands before them. */
function harmlessValues(g: Generator): string[] {
  return [
    "${API_KEY}",
    "$API_KEY",
    "{{ api_key }}",
    "<your-token>",
    "%API_KEY%",
    "op://vault/item/field",
    "process.env.API_KEY",
    "your_api_key_here",
    "changeme123",
    "xxxxxxxxxxxxxxxx",
    "****************",
    "example-token-123",
    "Password123",
    "test1234",
    "1234567890123456",
    "abcdefghijklmnop",
    "accessTokenFactory",
    "com.company.SecretProvider",
    "refresh_token_expired",
    "/run/secrets/api_key",
    "https://service.internal/token",
    "2031-01-01T00:00:00Z",
    "10.20.30.40",
    "1.22.333-beta.4",
    g.uuid(),
    g.words(3),
    "application/x-www-form-urlencoded",
    "aaaaaaaaaaaaaaaaaaaa",
  ];
}

const HARMLESS_LINES = [
  (v: string) => `const integrity = "${v}";`,
  (v: string) => `tokenHash: "${v}",`,
  (v: string) => `public_key = "${v}"`,
  (v: string) => `csrfToken: "${v}"`,
  (v: string) => `keyword: "${v}"`,
  (v: string) => `author = "${v}"`,
  (v: string) => `secretName: "${v}"`,
];

function ignore(g: Generator, form: (name: string, value: string) => string, path: string): Sample[] {
  return [
    ...harmlessValues(g).flatMap((value) => NAMES.map((name) => ({ text: form(name, value), path }))),
    ...HARMLESS_LINES.map((line) => ({ text: line(g.alnum(32)), path })),
    { text: form("SECRET", g.alnum(32)), path: "package-lock.json" },
  ];
}

export const GENERIC_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "generic-secret",
    {
      match: (g) =>
        NAMES.flatMap((name): Sample[] => {
          const secret = `${g.alnum(15)}7${g.alnum(16)}`;
          const password = g.password();
          return [
            { text: `${name} = "${secret}"\n`, secret, path: "app.py" },
            { text: `{"${name}": "${secret}"}`, secret, path: "app.json" },
            { text: `client.set('${name}', '${secret}');`, secret, path: "app.js" },
            { text: `password = "${password}"\n`, secret: password, path: "app.rb" },
            { text: `String dbPassword = "${password}";`, secret: password, path: "App.java" },
          ];
        }),
      ignore: (g) => ignore(g, (name, value) => `${name} = "${value}"\n`, "app.py"),
    },
  ],
  [
    "generic-secret-unquoted",
    {
      match: (g) =>
        NAMES.flatMap((name): Sample[] => {
          const secret = `${g.alnum(15)}7${g.alnum(16)}`;
          const password = g.password();
          return [
            { text: `${name}=${secret}\n`, secret, path: ".env" },
            { text: `${name}: ${secret}\n`, secret, path: "app.yml" },
            { text: `MYSQL_PASSWORD=${password}\n`, secret: password, path: "Dockerfile" },
          ];
        }),
      ignore: (g) => [
        ...ignore(g, (name, value) => `${name}=${value}\n`, "app.properties"),
        { text: `password = load7Config9Value3\n`, path: "app.js" },
      ],
    },
  ],
]);
