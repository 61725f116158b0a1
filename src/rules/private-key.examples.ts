import { plain } from "./example.ts";
import type { RuleExamples, Sample } from "./example.ts";
import type { Generator } from "./example-generator.ts";

const KIND = "PRIVATE KEY";
const PEM_KINDS = ["RSA ", "EC ", "DSA ", "OPENSSH ", ""].map((kind) => kind + KIND);

/** A block in every place a key is found in: a file, CRLF, a source string, a string in a string, cut short. */
function inPlaces(g: Generator, kind: string): Sample[] {
  const block = g.pem(kind);
  const crlf = g.pem(kind, 4, "\r\n");
  const escaped = g.pem(kind, 4, "\\n");
  const twice = g.pem(kind, 4, "\\\\n");
  const cut = g.pem(kind, 6).split("\n").slice(0, 5).join("\n");
  const indented = g.pem(kind, 4, "\n    ");
  return [
    { text: `${block}\n`, secret: block, path: "id_rsa" },
    { text: `${crlf}\r\n`, secret: crlf },
    { text: `{"key": "${escaped}\\n"}`, secret: escaped, path: "key.json" },
    { text: `{\\"key\\": \\"${twice}\\"}`, secret: twice },
    { text: `${cut}\n`, secret: cut },
    { text: `key: |\n    ${indented}\nnext: 1\n`, secret: indented, path: "key.yml" },
  ];
}

function notKeys(g: Generator, kind: string): Sample[] {
  return [
    { text: `if (text.startsWith("-----BEGIN ${kind}-----")) return true;\n`, path: "pem.js" },
    { text: `-----BEGIN ${kind}-----\n...\n-----END ${kind}-----\n` },
    { text: `-----BEGIN ${kind}-----\nyour key here\n-----END ${kind}-----\n` },
    { text: `-----BEGIN ${kind}-----\n${"x".repeat(64)}\n${"x".repeat(64)}\n-----END ${kind}-----\n` },
    { text: g.pem("CERTIFICATE") },
    { text: g.pem("PUBLIC KEY") },
  ];
}

function encrypted(g: Generator): string {
  const [first = "", ...rest] = g.pem(`RSA ${KIND}`).split("\n");
  return [first, "Proc-Type: 4,ENCRYPTED", `DEK-Info: AES-128-CBC,${g.of("upper", 32)}`, "", ...rest].join(
    "\n",
  );
}

function putty(g: Generator): { text: string; secret: string } {
  const body = `${g.base64(64)}\n${g.base64(64)}\n${g.base64(40)}\n`;
  return {
    text: `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 3\n${body}Private-MAC: ${g.hex(64)}\n`,
    secret: body,
  };
}

export const PRIVATE_KEY_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "private-key",
    {
      match: (g) => PEM_KINDS.flatMap((kind) => inPlaces(g, kind)),
      ignore: (g) => [
        ...PEM_KINDS.flatMap((kind) => notKeys(g, kind)),
        { text: encrypted(g) },
        { text: g.pem(`ENCRYPTED ${KIND}`) },
      ],
    },
  ],
  [
    "encrypted-private-key",
    {
      match: (g) => [
        ...inPlaces(g, `ENCRYPTED ${KIND}`),
        ...[encrypted(g)].map((secret) => ({ text: `${secret}\n`, secret })),
      ],
      ignore: (g) => [...notKeys(g, `ENCRYPTED ${KIND}`), { text: g.pem(`RSA ${KIND}`) }],
    },
  ],
  [
    "pgp-private-key",
    {
      match: (g) => inPlaces(g, `PGP ${KIND} BLOCK`),
      ignore: (g) => [...notKeys(g, `PGP ${KIND} BLOCK`), { text: g.pem("PGP PUBLIC KEY BLOCK") }],
    },
  ],
  ["putty-private-key", { match: (g) => [putty(g)], ignore: (g) => plain("Private-Lines", [g.words(6)]) }],
  [
    "gcp-service-account-key",
    {
      match: (g) => {
        const secret = `${g.pem(KIND, 26, "\\n")}\\n`;
        return [
          {
            text: `{\n  "type": "service_account",\n  "private_key": "${secret}",\n  "client_id": "1"\n}\n`,
            secret,
            path: "key.json",
          },
        ];
      },
      ignore: (g) => [
        { text: `{"private_key": "-----BEGIN ${KIND}-----\\n${g.words(9)}\\n-----END ${KIND}-----\\n"}` },
      ],
    },
  ],
]);
