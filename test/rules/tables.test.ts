import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SEVERITIES } from "../../src/model/rule.ts";
import type { AnyRule, Rule } from "../../src/model/rule.ts";
import { EXAMPLES } from "../../src/rules/examples.ts";
import { FILE_RULES, RULES } from "../../src/rules/index.ts";

const ALL: readonly AnyRule[] = [...RULES, ...FILE_RULES];
const FOLDER = new URL("../../src/rules/", import.meta.url);

/** Runs without a bound: `+`, `*` or `{n,}` behind a class or a group. */
const UNBOUNDED = /[\])][+*]|\{\d+,\}/;
/** One way to match each of these runs, so a bound would only cut long keys. */
const UNBOUNDED_BY_REASON = new Set([
  "private-key",
  "encrypted-private-key",
  "pgp-private-key",
  "putty-private-key",
  "gcp-service-account-key",
  "json-web-token",
  "supabase-service-role-key",
]);

/** What engines read differently on bytes beyond ASCII, outside brackets or as negated classes. */
function forbidden(pattern: string): string[] {
  const outside = pattern.replace(/\\[^SWDdsPpx]/g, "").replace(/\[[^^\]][^\]]*\]/g, "");
  return [...outside.matchAll(/\[\^|\.|\\[SWDdsPpx]|\(\?[^:]|\(\?<|[^ -~]/g)].map(String);
}

function groupsOf({ pattern }: Rule): number {
  return (new RegExp(`${pattern}|`).exec("") ?? []).length - 1;
}

describe("every rule", () => {
  it("is registered: each file of the folder that makes rules is imported", () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).map((file) =>
      file.replaceAll("\\", "/"),
    );
    const text = files
      .filter((file) => file === "index.ts" || file === "tables/index.ts" || file === "files.ts")
      .map((file) => readFileSync(new URL(file, FOLDER), "utf8"))
      .join("\n");
    const makers = files.filter((file) => {
      if (!file.endsWith(".ts") || file.endsWith(".examples.ts") || file.endsWith("index.ts")) return false;
      const source = readFileSync(new URL(file, FOLDER), "utf8");
      return /^export const [A-Z_]+: (?:readonly )?(?:Rule|FileRule|PrefixedRow|AssignedRow|FileRow)\b(?!Row)/m.test(
        source,
      );
    });
    expect(makers.length).toBeGreaterThan(15);
    expect(makers.filter((file) => !text.includes(`/${file.split("/").at(-1) ?? file}"`))).toEqual([]);
  });

  it("has an id of its own, in kebab case", () => {
    const ids = ALL.map((rule) => rule.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(RULES.filter(({ id }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(FILE_RULES.filter(({ id }) => !/^file\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it("tells what it is, where that is written, and what to do", () => {
    const poor = ALL.filter(
      ({ title, description, sources, remedy, severity, provider }) =>
        title.length < 6 ||
        provider === "" ||
        description.length < 40 ||
        description.length > 700 ||
        sources.length === 0 ||
        sources.some((source) => !/^https:\/\/[\w.-]+\/?/.test(source)) ||
        !SEVERITIES.includes(severity) ||
        (remedy.revokeUrl !== null && !remedy.revokeUrl.startsWith("https://")),
    );
    expect(poor.map((rule) => rule.id)).toEqual([]);
  });

  it("names the variable its value should come from", () => {
    expect(
      RULES.filter(({ remedy }) => remedy.envName === null || !/^[A-Z][\w]*$/.test(remedy.envName)).map(
        ({ id }) => id,
      ),
    ).toEqual([]);
  });

  it("has examples, and there are none without a rule", () => {
    expect([...EXAMPLES.keys()].toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
  });
});

describe("every rule over content", () => {
  it("has keywords in lower case of three bytes or more", () => {
    expect(
      RULES.filter(
        ({ keywords }) =>
          keywords.length === 0 ||
          keywords.some((word) => word.length < 3 || word !== word.toLowerCase()) ||
          new Set(keywords).size !== keywords.length,
      ).map(({ id }) => id),
    ).toEqual([]);
  });

  it("has a pattern that every engine reads alike", () => {
    expect(RULES.flatMap(({ id, pattern }) => forbidden(pattern).map((hit) => `${id}: ${hit}`))).toEqual([]);
  });

  it("bounds every repetition, apart from those with a written reason", () => {
    expect(new Set(RULES.filter(({ pattern }) => UNBOUNDED.test(pattern)).map(({ id }) => id))).toEqual(
      UNBOUNDED_BY_REASON,
    );
  });

  it("has the group that holds its secret, and a reach", () => {
    expect(RULES.filter((rule) => rule.secretGroup > groupsOf(rule)).map(({ id }) => id)).toEqual([]);
    expect(
      RULES.filter(({ reach }) => reach === undefined || reach[0] < 0 || reach[1] < 16).map(({ id }) => id),
    ).toEqual([]);
  });

  it("covers the providers of the first issue", () => {
    const providers = new Set(RULES.map(({ provider }) => provider));
    const wanted =
      "aws gcp telegram github gitlab npm pypi rubygems cratesio docker slack stripe twilio sendgrid openai anthropic huggingface digitalocean cloudflare discord azure facebook jwt shopify mailgun datadog postman linear heroku hashicorp privatekey urlcredentials postgres generic";
    expect(wanted.split(" ").filter((provider) => !providers.has(provider))).toEqual([]);
  });
});
