import { beforeAll, describe, expect, it, test } from "vitest";
import { createDetector } from "../../src/detect/index.ts";
import type { Detector } from "../../src/detect/index.ts";
import { Generator, toBase64url } from "../../src/rules/example-generator.ts";
import { FILE_RULES, RULES } from "../../src/rules/index.ts";
import { hasHarmlessShape, isReference } from "../../src/rules/suppress.ts";

// Secrets that were once passed over, each kind by its cause.

/** A password that somebody might choose, in pieces: the project's own hook reads this file. */
const CHOSEN = ["wRyb", "wPtzis"].join("");

let detector: Detector;

beforeAll(async () => {
  detector = await createDetector(RULES, "v8");
});

/** The texts that the rules whose ids start like this find. */
function found(rule: string, text: string, path = "a.js"): string[] {
  const bytes = Buffer.from(text);
  return detector
    .detect({ path, container: [], bytes, encoding: "utf-8", included: null })
    .filter((match) => match.rule.id.startsWith(rule))
    .map((match) => bytes.toString("utf8", match.start, match.end));
}

/** How many of a hundred texts hold a secret that nothing finds. */
function missed(make: (g: Generator) => string, path?: string): number {
  return (
    Array.from({ length: 400 }, (_, seed) => found("generic", make(new Generator(seed)), path)).filter(
      (hits) => hits.length === 0,
    ).length / 4
  );
}

describe("random values in the form of something harmless", () => {
  it.each([24, 30, 48])("base64 of %i bytes, which may look like owner/repository", (bytes) => {
    expect(missed((g) => `api_secret = "${g.base64((bytes / 3) * 4)}"`)).toBeLessThan(3);
  });

  it("two runs joined by a dot, which may look like a.b", () => {
    expect(missed((g) => `api_token = "${g.alnum(12)}.${g.alnum(20)}"`)).toBeLessThan(3);
  });

  it.each([16, 32, 40])("%i hexadecimal digits", (digits) => {
    expect(missed((g) => `api_secret = "${g.hex(digits)}"`)).toBeLessThan(2);
  });

  it.each([
    "owner/repository-2",
    "application/vnd.company.v2+json",
    "text/html;charset=utf-8",
    "/v1/oauth2/token",
    "company.oauth2.TokenProvider",
    "X-Amz-Sha256-Content",
  ])("%s is a name all the same", (name) => {
    expect(hasHarmlessShape(name)).toBe(true);
  });
});

describe("passwords that open with a sign", () => {
  it.each([
    "(Zq81!xKpWm",
    "[Zq81!xKpWm",
    "{Zq81!xKpWm",
    "<Zq81!xKpWm",
    "$Zq81xKpWm",
    "$Zq81!xKpWm",
    "@Zq81!xKpWm",
    "#Zq81xKpWm",
    "%Zq81xKpWm",
    "q8(Zq81!xKpWm",
    "q8[Zq81!xKpWm",
  ])("%s is found", (password) => {
    expect(found("generic", `const password = "${password}";`)).toEqual([password]);
  });

  it.each([
    "$PASSWORD",
    "$db_password_1",
    "$dbPassword",
    "$(pass show db)",
    "$env:DB_PASSWORD",
    "$config->password",
    "$HOME/password",
    "$1",
    "${x}",
    "a${x}b",
    "{{password}}",
    "#{password}",
    "%PASSWORD%",
    "@password@",
    "%(password)s",
    "<password>",
    "[PASSWORD]",
    "(optional)",
    "getPassword(user)",
    "getPassword(",
    "a.b[0]",
    "a(b).c",
    "#password-field",
    "@scope/password-input",
    "[a-z0-9]{8,}",
  ])("%s is a reference", (value) => {
    expect(isReference(value)).toBe(true);
  });

  it("with any signs are found as others are, if they have a digit", () => {
    const signs = "!#$%&()*+,-./:;<=>?@[]^_{|}~";
    const password = (g: Generator): string =>
      `${g.pick(signs, 1)}${g.alnum(5)}7${g.pick(signs, 2)}${g.alnum(5)}`;
    expect(missed((g) => `password = "${password(g)}"`)).toBeLessThan(3);
  });

  it("hashes of passwords are none", () => {
    const g = new Generator(1);
    expect(found("generic", `password: "$2b$10$${g.alnum(53)}"`)).toEqual([]);
    expect(
      found("generic", `password: "$argon2id$v=19$m=65536,t=3,p=4$${g.base64(22)}$${g.base64(43)}"`),
    ).toEqual([]);
  });
});

describe("the name of a value", () => {
  const password = ["S3cr!t", "Zx81"].join("-");

  it.each([
    ["stands once though the value stands twice", `const password = "${password}"; // ${password}`],
    [
      "is of the first where another has the same value",
      `u = { password: "${password}", confirm: "${password}" }`,
    ],
    ["stands on the line before", `const password =\n  "${password}";`],
    ["stands on the line before, in CRLF", `const dbPassword =\r\n  '${password}';`],
    ["is in capitals, in source code", `DB_PASSWORD="${password}"`],
    ["is a field", `{"DB_PASSWORD": "${password}"}`],
  ])("%s", (_, text) => {
    expect(found("generic", text)).toContain(password);
  });

  it("counts where another place of the line has a public one", () => {
    const secret = `${new Generator(1).alnum(15)}7${new Generator(2).alnum(16)}`;
    expect(found("generic", `csrf_token="${secret}"; token="${secret}"`)).toContain(secret);
    expect(found("generic", `csrf_token="${secret}"`)).toEqual([]);
  });

  it("leads to long values too", () => {
    const secret = `${new Generator(3).alnum(239)}7`;
    expect(found("generic", `api_secret = "${secret}"`)).toEqual([secret]);
    expect(found("generic", `API_SECRET=${secret}`, ".env")).toEqual([secret]);
  });
});

describe("hosts of URLs", () => {
  const url = (host: string): string => `postgres://app:${CHOSEN}@${host}:5432/db`;

  it.each([
    "db.acme.io",
    "host.acme.io",
    "server.acme.io",
    "server-1.corp.net",
    "hostname.acme.io",
    "example-1.acme.io",
    "db.acme.host",
    "localhost.acme.io",
    "10.0.0.7",
    "db.acme.io.",
    "${DB_HOST}",
    "[2001:db8::1]",
  ])("%s is somebody's", (host) => {
    expect(found("postgres-url", `x = "${url(host)}"`)).toEqual([CHOSEN]);
  });

  it.each([
    "db",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",
    "host.docker.internal",
    "host",
    "hostname",
    "server",
    "your-host",
    "example.com",
    "db.example.org",
    "db.example",
    "DB.EXAMPLE.COM",
  ])("%s is a sample or of this machine", (host) => {
    expect(found("postgres-url", `x = "${url(host)}"`)).toEqual([]);
    expect(found("postgres-url", `${url(host).replace(":5432/db", "")} `)).toEqual([]);
  });

  it("with a password in which letters happen to spell key", () => {
    const password = ["k", "Eybw", "Ptzis"].join("");
    expect(found("postgres-url", `postgres://app:${password}@db.acme.io/a`)).toEqual([password]);
  });

  it("count each for itself on one line", () => {
    expect(
      found("postgres-url", `"postgres://app:${CHOSEN}@db/a" "postgres://app:${CHOSEN}@db.acme.io/a"`),
    ).toEqual([CHOSEN]);
    const both = found(
      "url-with-password",
      `redis://app:${CHOSEN}@a.acme.io https://app:${CHOSEN}@a.acme.io`,
    );
    expect(both).toContain(CHOSEN);
  });
});

describe("long ones are found whole", () => {
  it.each([500, 3000, 6000, 12_000])("a JSON web token with %i characters of claims", (size) => {
    const g = new Generator(size);
    const parts = [
      { alg: "RS256", kid: g.alnum(20) },
      { sub: g.uuid(), groups: g.alnum(size) },
    ];
    const token = [...parts.map((part) => toBase64url(JSON.stringify(part))), g.of("base64url", 342)].join(
      ".",
    );
    expect(found("json-web-token", `x ${token}\n`)).toEqual([token]);
    expect(found("json-web-token", `"a\\n${token}"`)).toEqual([token]);
    expect(found("json-web-token", `?token%3D${token}&x`)).toEqual([token]);
  });

  it.each(["\n", "\r\n", "\\n"])("a key of 8192 bits, lines joined by %j", (newline) => {
    const key = new Generator(1).pem("RSA PRIVATE KEY", 99, newline);
    expect(found("private-key", `x\n${key}\n`)).toEqual([key]);
  });

  it("a key on one line of 100 KB", () => {
    const body = new Generator(1).base64(100_000);
    expect(
      found("private-key", `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`),
    ).toHaveLength(1);
  });

  it("a PGP key whose end is far off or missing", () => {
    const [first = "", ...lines] = new Generator(1).pem("PGP PRIVATE KEY BLOCK", 400).split("\n");
    const key = [first, "Version: GnuPG v2.0.22 (MingW32)", "Comment: a-b", "", ...lines];
    expect(found("pgp-private-key", key.join("\n"))).toHaveLength(1);
    expect(found("pgp-private-key", key.slice(0, 20).join("\n"))).toHaveLength(1);
  });
});

/** Texts that make a backtracking engine go back over and over, 400 KB each; what is quadratic takes minutes on them. */
const REPEATED = [
  "a",
  "=",
  '"',
  " ",
  "\\",
  "a=",
  "eyJ",
  "-eyJ",
  "a:",
  "://a:b",
  "-----A",
  "token",
  "a-1.1",
  "k: ",
  "{{",
].map((unit) => unit.repeat(Math.ceil(400_000 / unit.length)));

test.each(REPEATED.map((text) => [text.slice(0, 8), text]))(
  "%j over and over is read in one go",
  (_, text) => {
    for (const { holdsSecret, matches } of FILE_RULES) {
      expect(typeof matches(text)).toBe("boolean");
      expect(typeof holdsSecret?.(text)).not.toBe("string");
    }
    for (const { accepts } of RULES)
      expect(typeof accepts?.(text, { path: "a", match: text, line: "" })).not.toBe("string");
    expect(found("json-web-token", text)).toEqual([]);
  },
);

test("the armour's words over and over do not overflow the engine's stack", () => {
  const body = `PGP PRIVATE KEY BLOCK ${"Ab3dEf6hIj9lMn2pQr5tUvWxYz01".repeat(100)}`;
  const pgp = RULES.find(({ id }) => id === "pgp-private-key");
  const text = `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${body.repeat(7000)}`;
  expect(() => new RegExp(pgp?.pattern ?? "").exec(text)).not.toThrow();
});
