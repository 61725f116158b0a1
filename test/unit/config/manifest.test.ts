import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addToManifest,
  dropFromManifest,
  newProjectId,
  parseManifest,
} from "../../../src/config/manifest.ts";
import { isTreePath } from "../../../src/config/tree-path.ts";

const ID = "0011223344556677";

const withSecrets = (secrets: unknown, more: object = {}): string =>
  JSON.stringify({ version: 1, projectId: ID, secrets, ...more });

const problem = (text: string): string => {
  try {
    parseManifest(text);
    return "none";
  } catch (error) {
    const { exitCode, message, hint } = error as { exitCode: number; message: string; hint?: string };
    return `${exitCode} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
  }
};

test("reads what it says, in an object that holds nothing else", () => {
  const entry = {
    from: ["keychain", "dotenv:conf/.env.local"],
    about: "a",
    provider: "b",
    profiles: ["c"],
    as: ["D"],
  };
  const manifest = parseManifest(`\ufeff${withSecrets({ A: entry, constructor: { from: ["keychain"] } })}`);
  expect(manifest).toEqual({
    version: 1,
    projectId: ID,
    secrets: { A: entry, constructor: { from: ["keychain"] } },
  });
  expect(manifest.secrets["toString"]).toBeUndefined();
});

test.each([
  ["", /^2 line 1, column 1: a value is missing$/],
  ["[]", /the manifest must be an object/],
  ["{}", /version/],
  [withSecrets({}, { version: 2 }), /version must be 1$/],
  [withSecrets({}, { projectId: "x/../y" }), /projectId must be 16 to 64 hexadecimal digits/],
  [withSecrets([]), /secrets must be an object/],
  [withSecrets({ "A-B": { from: ["keychain"] } }), /what stands here must be the name of a variable/],
  [withSecrets({ ["A".repeat(129)]: { from: ["keychain"] } }), /the name of a variable/],
  [
    `{"version":1,"projectId":"${ID}","secrets":{"__proto__":{"from":["keychain"]}}}`,
    /the name of a variable/,
  ],
  [withSecrets({ A: { from: [] } }), /from must be a list that is not empty/],
  [
    withSecrets({ A: { from: ["vault"] } }),
    /from\.0 must be keychain or dotenv: with the path of a file inside/,
  ],
  [withSecrets({ A: { from: ["dotenv:../x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["dotenv:/etc/x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["dotenv:.git/x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["keychain"], form: 1 } }), /this key is not known \| Did you mean from\?/],
  [withSecrets({ A: { from: ["keychain"], profiles: ["a/b"] } }), /profiles\.0 must be at most 64 letters/],
  [withSecrets({ A: { from: ["keychain"], as: ["a b"] } }), /as\.0 must be the name/],
  [
    withSecrets({}, { value: 1 }),
    /this key is not known \| Known here: \$schema, version, projectId, secrets\./,
  ],
  [`{"version":1,"version":1,"projectId":"${ID}","secrets":{}}`, /this key is given twice/],
  ["[".repeat(100_000), /nested deeper/],
])("refuses %.60j", (text, message) => {
  expect(problem(text)).toMatch(message);
});

test("no text whatever makes it fail in another way, or quote what it read", () => {
  const marker = "QUOTED";
  const json = fc.jsonValue().map((value) => JSON.stringify(value).replaceAll("a", marker));
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        json.map((value) => withSecrets({ A: value })),
        fc.string(),
      ),
      (text) => {
        expect(problem(text)).toMatch(/^(?:none|2 line \d+, column \d+: )/);
        expect(problem(text)).not.toContain(marker);
      },
    ),
    { numRuns: 2000, seed: 2 },
  );
});

test("a new manifest has a random id and sorted names", () => {
  const text = addToManifest(null, {
    B: { from: ["keychain"] },
    A: { from: ["keychain"], about: undefined },
  });
  expect(text).toMatch(
    /^\{\n {2}"version": 1,\n {2}"projectId": "[0-9a-f]{32}",\n {2}"secrets": \{\n {4}"A"/,
  );
  expect(text.endsWith("}\n")).toBe(true);
  expect(Object.keys(parseManifest(text).secrets)).toEqual(["A", "B"]);
  expect(newProjectId()).not.toBe(newProjectId());
});

test("what is there stays as it is: comments, indent, line ends, what is said of other names", () => {
  const before = [
    "{",
    '\t"version": 1, // the format',
    `\t"projectId": "${ID}",`,
    '\t"secrets": {',
    '\t\t"A": {',
    '\t\t\t"from": [',
    '\t\t\t\t"keychain"',
    "\t\t\t],",
    '\t\t\t"about": "mine"',
    "\t\t}",
    "\t}",
    "}",
    "",
  ].join("\r\n");
  const after = addToManifest(before, { B: { from: ["keychain"] } });
  expect(after.startsWith(before.slice(0, before.indexOf("\r\n\t}\r\n}")))).toBe(true);
  expect(after).not.toMatch(/[^\r]\n/);
  expect(parseManifest(after).secrets).toEqual({
    A: { from: ["keychain"], about: "mine" },
    B: { from: ["keychain"] },
  });
  expect(addToManifest(after, { A: { from: ["keychain"] } })).toBe(after);
  const changed = parseManifest(addToManifest(after, { A: { from: ["dotenv:.env.local"] } }));
  expect(changed.secrets["A"]).toEqual({ from: ["dotenv:.env.local"], about: "mine" });
  expect(changed.projectId).toBe(ID);
  expect(parseManifest(dropFromManifest(after, ["A", "NOT_THERE"])).secrets).toEqual({
    B: { from: ["keychain"] },
  });
  expect(() => addToManifest("{", { A: { from: ["keychain"] } })).toThrow(/line 1/);
});

test.each([
  [".env.local", true],
  ["a/b/.env", true],
  ["", false],
  ["/a", false],
  ["a//b", false],
  ["./a", false],
  ["a/../b", false],
  [".git/config", false],
  ["a/.GIT/x", false],
  ["git~1/x", false],
  [".git /x", false],
  [".git::$INDEX_ALLOCATION/x", false],
  ["C:/x", false],
  [String.raw`a\b`, false],
  ["a\nb", false],
  ["a\u202eb", false],
])("%j is inside the work tree: %s", (path, inside) => {
  expect(isTreePath(path)).toBe(inside);
});
