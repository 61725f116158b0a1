import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import { buildAutomaton } from "../../../src/run/automaton.ts";
import { createMasker } from "../../../src/run/mask.ts";
import { needlesOf } from "../../../src/run/needles.ts";

/** Made of characters that every encoding treats in its own way; no token of anybody's. */
const VALUE = ["p@ss/w+rd", '"it\'s"', "ü~x y"].join("&");

function masked(text: string, ...values: string[]): string {
  const masker = createMasker(buildAutomaton(needlesOf(values.map((value) => new Secret(value)))));
  return Buffer.concat([masker.write(Buffer.from(text)), masker.end()]).toString();
}

test.each<[string, string]>([
  ["itself", VALUE],
  ["encodeURIComponent", encodeURIComponent(VALUE)],
  ["small digits", encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase())],
  ["a form", new URLSearchParams({ a: VALUE }).toString().slice(2)],
  ["JSON", JSON.stringify({ a: VALUE }).slice(6, -2)],
  ["base64 for URLs", Buffer.from(VALUE).toString("base64url")],
])("%s is masked", (_, text) => {
  expect(masked(`[${text}]`, VALUE)).toBe("[***]");
});

test("base64 is masked, also of a text that has the value in it", () => {
  expect(masked(Buffer.from(VALUE).toString("base64"), VALUE)).toMatch(/^\*{3}=*$/);
  for (const before of ["a", "ab", "abc", "user:"])
    for (const after of ["", "z", "zz"]) {
      const text = Buffer.from(before + VALUE + after).toString("base64");
      const shown = masked(text, VALUE).split("***");
      expect(shown.length).toBe(2);
      // At most the two characters at each end that other bits are in too.
      expect(Buffer.from(shown[0] ?? "", "base64").toString()).not.toContain(VALUE.slice(0, 2));
      expect((shown[0] ?? "").length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3));
    }
});

test("each line of several is masked, and the lines that every PEM file has are not", () => {
  const key = [
    "-----BEGIN EXAMPLE KEY-----",
    "a".repeat(20),
    "short",
    "b".repeat(20),
    "-----END EXAMPLE KEY-----",
  ];
  const value = `${key.join("\r\n")}\r\n`;
  expect(masked(value, value)).toBe("***");
  expect(masked(`x ${key[1]} y\n${key[0]}\n${key[2]}\n  ${key[3]}`, value)).toBe(
    `x *** y\n${key[0]}\n${key[2]}\n  ***`,
  );
});

test("what is shorter than six characters is no needle", () => {
  expect(
    needlesOf(["", "12345", " \n ", "1234\n1234"].map((value) => new Secret(value))).map(String),
  ).toEqual([
    "1234\n1234",
    ...needlesOf([new Secret("1234\n1234")])
      .map(String)
      .slice(1),
  ]);
  expect(masked("1234 1234", "1234\n1234")).toBe("1234 1234");
});

test("half a surrogate pair is no error", () => {
  expect(needlesOf([new Secret("\ud800abcdef")]).length).toBeGreaterThan(0);
});

/** Runs a program of the machine that writes the value it gets in VALUE in a way of its own. */
function written(command: string, args: readonly string[], value: string): string {
  const env = { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", VALUE: value };
  // With a pipe for its input, bash would read the user's own settings.
  const { status, stdout, stderr } = spawnSync(command, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** Without what bash writes as `$'…'`. */
const ASCII = VALUE.replace("ü", "u") + String.raw`\<b>$HOME` + "`id`";

test.each<[string, string, readonly string[], string]>([
  ["bash's export", "bash", ["-c", "export -p | grep ' VALUE='"], ASCII],
  ["bash's %q", "bash", ["-c", `printf '%q' "$VALUE"`], ASCII],
  ["bash's set -x", "bash", ["-c", `{ set -x; : "$VALUE"; } 2>&1`], ASCII],
  ["sh's export", "sh", ["-c", "export -p | grep VALUE="], ASCII],
  ["Python's repr", "python3", ["-c", "import os; print([os.environ['VALUE']])"], VALUE],
  [
    "Python's repr of a single quote",
    "python3",
    ["-c", "import os; print([os.environ['VALUE']])"],
    "don't\\tell\n",
  ],
  ["Python's JSON", "python3", ["-c", "import os, json; print(json.dumps(os.environ['VALUE']))"], VALUE],
  ["Python's html", "python3", ["-c", "import os, html; print(html.escape(os.environ['VALUE']))"], VALUE],
  ["Python's shlex", "python3", ["-c", "import os, shlex; print(shlex.quote(os.environ['VALUE']))"], VALUE],
  ["PHP's JSON", "php", ["-r", "echo json_encode(getenv('VALUE'));"], VALUE],
  ["PHP's JSON for HTML", "php", ["-r", "echo json_encode(getenv('VALUE'), 15);"], VALUE],
  ["PHP's JSON as it is", "php", ["-r", "echo json_encode(getenv('VALUE'), 64 | 256);"], VALUE],
  ["PHP's var_export", "php", ["-r", "var_export(getenv('VALUE'));"], ASCII],
  ["PHP's HTML", "php", ["-r", "echo htmlspecialchars(getenv('VALUE'));"], VALUE],
  ["Ruby's inspect", "ruby", ["-e", "p ENV['VALUE']"], `${VALUE}#{a}`],
  ["Ruby's HTML", "ruby", ["-rcgi", "-e", "puts CGI.escapeHTML(ENV['VALUE'])"], VALUE],
  ["Node's inspect", process.execPath, ["-e", "console.log([process.env.VALUE])"], ASCII],
])("what %s writes is masked", (_, command, args, value) => {
  const shown = masked(written(command, args, value), value);
  expect(shown).toContain("***");
  expect(shown).not.toContain(value.slice(0, 6));
  expect(shown).not.toContain(value.slice(-5));
});

test("JSON for HTML, of every dialect, is masked", () => {
  const value = `a&b<c>/d+'e"ü🦊=`;
  const unicode = (text: string, set: RegExp, upper = false): string =>
    text.replace(set, (one) => {
      const digits = one.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${upper ? digits.toUpperCase() : digits}`;
    });
  const json = JSON.stringify(value).slice(1, -1);
  for (const text of [
    unicode(json, /[<>&]/g),
    unicode(json, /[<>&]/g).replaceAll("/", String.raw`\/`),
    unicode(json, /[<>&='\u0080-\uffff]/g),
    unicode(json.replaceAll(String.raw`\"`, '"'), /[<>&'"+\u0080-\uffff]/g, true),
    unicode(json, /[\u0080-\uffff]/g).replaceAll("/", String.raw`\/`),
  ])
    expect(masked(`[${text}]`, value)).toBe("[***]");
});

const pem = (body: string): string => `-----BEGIN EXAMPLE KEY-----\n${body}-----END EXAMPLE KEY-----\n`;
const lines = (text: string, width: number, end = "\n"): string =>
  text.replace(new RegExp(`.{1,${width}}`, "g"), (line) => line + end);

test("base64 in lines is masked, wherever the value stands in it", () => {
  const random = fc.uint8Array({ minLength: 6, maxLength: 400 });
  const shape = fc.record({
    bytes: fc.oneof(random, fc.uint8Array({ minLength: 40, maxLength: 60 })),
    before: fc.nat(80),
    after: fc.nat(80),
    width: fc.constantFrom(64, 76),
    end: fc.constantFrom("\n", "\r\n"),
  });
  fc.assert(
    fc.property(shape, ({ bytes, before, after, width, end }) => {
      const value = Buffer.from(bytes).toString("base64url").slice(0, Math.max(6, bytes.length));
      const whole = Buffer.concat([Buffer.alloc(before, 1), Buffer.from(value), Buffer.alloc(after, 2)]);
      const text = whole.toString("base64");
      const from = Math.ceil((before * 8) / 6);
      const to = Math.floor(((before + value.length) * 8) / 6);
      const shown = masked(lines(text, width, end), value);
      const left = text.slice(0, from) + text.slice(to);
      // A character that holds bits of the value and of what comes after it, or nothing more, may be masked or not.
      const less = text.slice(0, from) + text.slice(to + 1);
      expect([left, less]).toContain(shown.replaceAll(/[*\s]/g, ""));
    }),
    { numRuns: 400 },
  );
});

test("the body of a key is masked, however its lines are broken", () => {
  const body = Buffer.from(
    Array.from({ length: 610 }, (_, index) => (index * 89 + (index >> 3)) % 256),
  ).toString("base64");
  const value = pem(lines(body, 64));
  const left = (text: string): string => masked(text, value).replaceAll(/[*=\s]/g, "");
  for (const width of [64, 76, body.length]) expect(left(lines(body, width))).toBe("");
  // Of the last character, half is nobody's.
  for (const width of [64, 76])
    expect(left(lines(Buffer.from(value).toString("base64"), width)).length).toBeLessThanOrEqual(1);
  expect(left(JSON.stringify(value))).toBe('""');
});
