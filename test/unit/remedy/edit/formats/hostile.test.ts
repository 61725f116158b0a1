import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editFile, filled, TOKEN, OTHER } from "../../../../helpers/edit-file.ts";

const PATHS = [
  "package.json",
  ".npmrc",
  ".yarnrc",
  ".pypirc",
  "requirements.txt",
  ".aws/credentials",
  ".git-credentials",
  "Dockerfile",
  "compose.yml",
  ".github/workflows/a.yml",
  ".gitlab-ci.yml",
  ".circleci/config.yml",
  "azure-pipelines.yml",
  "group_vars/all.yml",
  "k8s.yaml",
  ".gem/credentials",
  "main.tf",
  "a.tfvars",
  "terragrunt.hcl",
  ".env",
  "a.ipynb",
  "appsettings.json",
  "pom.xml",
  "gradle.properties",
  "application.properties",
  "tox.ini",
  "php.ini",
  "mise.toml",
];

const PIECES = [
  ..."§§§§¤¤\n\n\n   \t'\"`:=#{}[](),|>&*!%@\\$;-<>/?~".split(""),
  ...'\r\n|${|$(|${{|}}|<<E\n|E\n|- |  |key: |key=|a |---\n|&a |*a|!t |<a>|</a>|<!--|-->|<![CDATA[|]]>|RUN |ENV |FROM a\n|CMD |ONBUILD |# escape=`\n|jobs:\n|steps:\n|run: |run: |\n|env:\n|script: |variables:\n|environment:\n|kind: Secret\n|{"scripts": {"a": "|"cells": [|"source"|variable "x" {\n|default = |terraform {|[section]\n|[env]\n|aws_access_key_id = |aws_secret_access_key = |password = |TOKEN=|export |cross-env '.split(
    "|",
  ),
];

const text = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })), { maxLength: 25 })
  .map((pieces) => filled(pieces.join("")));

describe("any text is edited soundly, or refused", () => {
  test.each(PATHS)("%s", async (path) => {
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const { after, places, refused } = await editFile(path, given);
        if (refused.length === places.length) expect(after).toBe(given);
        else expect(after.split(TOKEN).length + after.split(OTHER).length).toBe(refused.length + 2);
      }),
      { numRuns: 150 },
    );
  });
});

/** Texts that a parser could take quadratic time or a deep stack for. */
const LARGE: readonly (readonly [string, string, string])[] = [
  ["YAML in brackets", "compose.yml", "[".repeat(100_000)],
  ["YAML, many values", "compose.yml", "a: §\n".repeat(3000)],
  ["YAML, many keys", "k8s.yaml", "k: v\n".repeat(30_000)],
  [
    "a workflow, many scripts",
    ".github/workflows/a.yml",
    `jobs:\n  a:\n    steps:\n${"      - run: x §\n".repeat(400)}`,
  ],
  ["JSON in brackets", "package.json", '{"a":'.repeat(100_000)],
  ["JSON, one long text", ".mcp.json", `{"mcpServers": {"a": {"url": "${"\\u0041".repeat(100_000)}§"}}}`],
  ["TOML in brackets", "mise.toml", `a = ${"[".repeat(100_000)}`],
  ["XML without ends", "pom.xml", "<a>".repeat(100_000)],
  ["XML of angles", "pom.xml", "<".repeat(200_000)],
  ["XML, many values", "pom.xml", `<a>${"<b>§</b>".repeat(3000)}</a>`],
  ["HCL in braces", "main.tf", "a {\n".repeat(100_000)],
  ["HCL in interpolations", "main.tf", 'a = "${'.repeat(100_000)],
  ["HCL, a line of words", "main.tf", "a ".repeat(200_000)],
  ["HCL, comments without end", "main.tf", "/* ".repeat(100_000)],
  ["properties of backslashes", "gradle.properties", "\\".repeat(500_000)],
  ["properties, one long value", "application.properties", `a=${"b\\\n".repeat(50_000)}`],
  ["INI, many values", "tox.ini", `[a]\n${"b = §\n".repeat(3000)}`],
  ["a Dockerfile of one command", "Dockerfile", `FROM a\nRUN x \\\n${"  y \\\n".repeat(3000)}  §\n`],
  ["dotenv, many assignments", ".env", "A=§\n".repeat(3000)],
  [
    "a notebook of many cells",
    "a.ipynb",
    `{"cells": [${'{"cell_type": "code", "source": ["x = \\"§\\"\\n"]},'.repeat(150)}{}]}`,
  ],
];

test.each(LARGE)(
  "%s is done in time",
  async (_name, path, given) => {
    const { after } = await editFile(path, filled(given));
    expect(after.length).toBeGreaterThan(0);
  },
  20_000,
);
