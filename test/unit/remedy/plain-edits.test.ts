import { expect, test } from "vitest";
import { plainEdits } from "../../../src/remedy/plain-edits.ts";

const LATIN = Buffer.from("# caf\u00e9\n", "latin1");

function sidesOf(worktree: Buffer | null, index: Buffer | null = worktree) {
  return () => ({ worktree, index });
}

test("a list in another encoding keeps its bytes, and gains those that it is given", async () => {
  const line = Buffer.from("/配置é/.env\n");
  const change = {
    path: ".gitignore",
    bytes: true as const,
    change: (text: string | null) => `${text ?? ""}${line.toString("latin1")}`,
    says: "said",
  };
  const { edits, says } = await plainEdits([change], sidesOf(LATIN));
  expect(edits[0]?.worktree?.after).toEqual(Buffer.concat([LATIN, line]));
  expect(edits[0]?.index?.after).toEqual(Buffer.concat([LATIN, line]));
  expect(says).toEqual(["said"]);
});

test("a text is UTF-8, before and after", async () => {
  const before = Buffer.from('{ "é": 1 }');
  const change = { path: "a.json", change: (text: string | null) => `${text}// Ģ`, says: "said" };
  const { edits } = await plainEdits([change], sidesOf(before));
  expect(edits[0]?.worktree?.after.toString()).toBe('{ "é": 1 }// Ģ');
});

test.each([
  ["Latin-1", LATIN],
  ["UTF-16", Buffer.from("{}", "utf16le")],
])("what is no UTF-8 (%s) is refused by its name", async (_name, bytes) => {
  const change = { path: "a.json", change: () => "{}", says: "said" };
  await expect(plainEdits([change], sidesOf(bytes))).rejects.toMatchObject({
    code: "not-utf8",
    exitCode: 1,
    path: "a.json",
  });
});

test("only what changes anything is said", async () => {
  const changes = [
    { path: "a", change: () => null, says: "nothing" },
    { path: "a", change: (text: string | null) => `${text}b`, says: "something" },
  ];
  const { edits, says } = await plainEdits(changes, sidesOf(Buffer.from("a"), null));
  expect(says).toEqual(["something"]);
  expect(edits).toMatchObject([{ path: "a", index: null }]);
});
