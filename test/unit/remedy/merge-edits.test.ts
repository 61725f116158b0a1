import fc from "fast-check";
import { expect, test } from "vitest";
import { Secret } from "../../../src/model/secret.ts";
import type { PlainEdit, SecretEdit } from "../../../src/model/transaction.ts";
import { mergeEdits } from "../../../src/remedy/merge-edits.ts";
import { applySplices } from "../../../src/remedy/splice.ts";

const VALUES = new Map([["TOKEN", "the-value"]]);
const SECRETS = new Map([["TOKEN", new Secret("the-value")]]);

function editOf(before: Buffer): SecretEdit {
  const at = before.indexOf("the-value");
  const splices = [{ at, before: [{ name: "TOKEN" }], after: "$TOKEN" }];
  return { path: "a", encoding: "utf8", worktree: { before, splices }, index: null };
}

function plainOf(before: Buffer, after: Buffer): PlainEdit {
  return { path: "a", worktree: { before, after }, index: null };
}

function result(edit: SecretEdit | null): string | null {
  if (edit?.worktree == null) return null;
  return applySplices(edit.worktree.before, edit.worktree.splices, "utf8", SECRETS).toString();
}

test("both changes are made", () => {
  const before = Buffer.from('{ "run": "x the-value", "files": ["a"] }');
  const after = Buffer.from('{ "run": "x the-value", "files": ["a", "!b"] }');
  expect(result(mergeEdits(editOf(before), plainOf(before, after), VALUES))).toBe(
    '{ "run": "x $TOKEN", "files": ["a", "!b"] }',
  );
});

test("two changes of the same bytes are not", () => {
  const before = Buffer.from("the-value");
  expect(mergeEdits(editOf(before), plainOf(before, Buffer.from("other")), VALUES)).toBeNull();
});

test("wherever the other change is, all else stays", () => {
  const part = fc.string({ unit: fc.constantFrom("a", "ä", "🔑", "\n"), maxLength: 8 });
  fc.assert(
    fc.property(part, part, part, part, (head, gap, old, now) => {
      const text = (value: string, tail: string): Buffer => Buffer.from(`${head}${value}-${gap}|${tail}`);
      const before = text("the-value", old);
      const merged = mergeEdits(editOf(before), plainOf(before, text("the-value", now)), VALUES);
      expect(result(merged)).toBe(text("$TOKEN", now).toString());
    }),
  );
});
