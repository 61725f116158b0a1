import fc from "fast-check";
import { expect, test } from "vitest";
import { FILE_RULES } from "../../src/rules/files.ts";
import { isHarmlessName } from "../../src/rules/harmless.ts";

test.each(["src/index.ts", "README.md", "a.b.c/x-y_z.test.tsx", "main.py"])("%s is harmless", (path) => {
  expect(isHarmlessName(path)).toBe(true);
});

test.each([
  ".env",
  "a/.env.ts",
  ".git/hooks/x.js",
  ".aws/credentials",
  "deploy.pem",
  "key.json",
  "wp-config.php",
  "",
  "a b.js",
  "x.js\n",
])("%j is not", (path) => {
  expect(isHarmlessName(path)).toBe(false);
});

test("no rule over names matches a harmless name, whatever words it is made of", () => {
  // The words of the rules' own patterns are the ones that could make a name risky.
  const source = FILE_RULES.map(({ id, title }) => `${id} ${title}`).join(" ");
  const words = [
    ...new Set([
      ...source.split(/\W+/),
      "env",
      "npmrc",
      "id_rsa",
      "pem",
      "key",
      "config",
      "credentials",
      "history",
      "git",
      "kube",
      "docker",
      "tfstate",
      "htpasswd",
      "wp-config",
    ]),
  ];
  const part = fc
    .tuple(fc.constantFrom(...words), fc.constantFrom("", "-", ".", "_"), fc.constantFrom(...words))
    .map((bits) => bits.join(""));
  const ending = fc.constantFrom(
    "js",
    "mjs",
    "cjs",
    "ts",
    "tsx",
    "mts",
    "jsx",
    "css",
    "scss",
    "html",
    "md",
    "py",
    "go",
    "rs",
    "java",
    "rb",
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), ending, (parts, extension) => {
      const path = `${parts.join("/")}.${extension}`;
      fc.pre(isHarmlessName(path));
      expect(FILE_RULES.filter((rule) => rule.matches(path.toLowerCase())).map(({ id }) => id)).toEqual([]);
    }),
    { seed: 9, numRuns: 5000 },
  );
});
