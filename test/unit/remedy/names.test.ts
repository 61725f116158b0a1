import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnsafeName, NAME_PATTERN } from "../../../src/model/manifest.ts";
import { chooseName } from "../../../src/remedy/names.ts";
import type { NameHints } from "../../../src/remedy/names.ts";

const hints = (more: Partial<NameHints>): NameHints => ({
  envName: null,
  generic: false,
  field: null,
  path: "src/app.js",
  ...more,
});

test.each([
  ["the rule's own", { envName: "STRIPE_SECRET_KEY", field: "key" }, [], "STRIPE_SECRET_KEY"],
  ["a generic rule's field", { envName: "SECRET", generic: true, field: "db.passWord" }, [], "PASS_WORD"],
  ["a field without letters", { envName: "SECRET", generic: true, field: "[0]" }, [], "SECRET"],
  ["nothing known", {}, [], "SECRET_VALUE"],
  ["taken: with the field", { envName: "TOKEN", field: "bot.reply" }, ["TOKEN"], "TOKEN_REPLY"],
  ["taken: the field says it all", { envName: "TOKEN", field: "slackToken" }, ["TOKEN"], "SLACK_TOKEN"],
  ["taken: with the file", { envName: "TOKEN", path: "a/.env.prod" }, ["TOKEN"], "TOKEN_ENV_PROD"],
  ["taken: with a number", { envName: "TOKEN" }, ["TOKEN", "TOKEN_APP"], "TOKEN_2"],
  ["a name that decides what runs", { generic: true, field: "NODE_OPTIONS" }, [], "APP_NODE_OPTIONS"],
  ["git's own names", { generic: true, field: "git_token" }, [], "APP_GIT_TOKEN"],
] as const)("%s", (_what, more, taken, name) => {
  expect(chooseName(hints(more), (each) => (taken as readonly string[]).includes(each))).toBe(name);
});

test("whatever the field is called, the name is one that a shell and run take", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.boolean(), (field, path, generic) => {
      const name = chooseName(hints({ field, path, generic, envName: "TOKEN" }), () => false);
      expect(name).toMatch(NAME_PATTERN);
      expect(isUnsafeName(name)).toBe(false);
    }),
  );
});
