import { expect, test } from "vitest";
import { CONTENT_RULE, NAME_RULE, OPTIONS } from "./samples.ts";
import { ruleFacts, rulePage, ruleTable } from "../../../src/report/rule-page.ts";

test("the page of a rule over content", () => {
  expect(rulePage(CONTENT_RULE, OPTIONS)).toBe(`Demo access token (demo-access-token)
  severity critical, priority 1, effort low, CI fail, confidence high

What it is
  Demo access token: whoever has it publishes in the owner's name.

Recognised by
  a pattern near "abcd_"; at least 3.0 bits of entropy a character; a check of
  its structure, made offline

What to do
  - Read it from the environment variable DEMO_TOKEN, and keep the value in an
    ignored file or the keychain.
  - If it ever left this machine, revoke it: https://example.com/revoke
  - Ask the owner of the account.

Sources
  - https://example.com/format
`);
});

test("the page of a rule over names", () => {
  expect(rulePage(NAME_RULE, OPTIONS)).toContain("Recognised by\n  the file's name\n");
});

test("facts for programs", () => {
  expect(ruleFacts(NAME_RULE)).toMatchObject({ looksAt: "name", priority: 2, ci: "fail", envName: null });
  expect(ruleFacts({ ...CONTENT_RULE, severity: "low" })).toMatchObject({
    looksAt: "content",
    priority: 4,
    ci: "warn",
  });
});

test("the table", () => {
  expect(ruleTable([CONTENT_RULE, NAME_RULE], OPTIONS)).toBe(`ID                 SEVERITY  TITLE
demo-access-token  critical  Demo access token
file/dotenv        high      dotenv file
`);
});
