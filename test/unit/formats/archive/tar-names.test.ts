import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paxBody, paxMember, tarMembers } from "../../../helpers/archives.ts";
import type { TarEntry } from "../../../helpers/archives.ts";
import { readTarOf } from "./read.ts";

const A: TarEntry = { name: "a", body: "first" };
const B: TarEntry = { name: "b", body: "second" };

const extended = (type: string, body: string): Buffer => tarMembers([{ name: "././@LongLink", type, body }]);
const pax = (records: Readonly<Record<string, string>>, type = "x"): Buffer =>
  extended(type, paxBody(records));
const named = tarMembers([A]);

/** The name that the member has for npm's reader comes first, then those of others. */
const NAMES: readonly (readonly [string, readonly Buffer[], string])[] = [
  ["two pax headers add up", [pax({ path: "p" }), pax({ mtime: "1" })], "p|a"],
  ["the later of two pax paths", [pax({ path: "p" }), pax({ path: "q" })], "q|p|a"],
  ["a GNU long name after pax", [pax({ path: "p" }), extended("L", "l\0")], "l|p|a"],
  ["pax after a GNU long name", [extended("L", "l\0"), pax({ path: "p" })], "p|l|a"],
  ["a long name of the older form", [extended("N", "n\0")], "n|a"],
  ["pax of old Solaris", [pax({ path: "p" }, "X")], "p|a"],
  ["a path beside a sparse name", [pax({ path: "p", "GNU.sparse.name": "s" })], "s|p|a"],
  ["a global path", [pax({ path: "g" }, "g")], "a|g"],
  ["an empty pax path", [pax({ path: "" })], "a"],
  ["the same name again", [pax({ path: "a" }), extended("L", "a\0")], "a"],
];

describe("names", () => {
  test.each(NAMES)("%s", async (_name, headers, shown) => {
    const read = await readTarOf(Buffer.concat([...headers, named, tarMembers([B])]));
    expect(read.members).toEqual([`${shown}=first`, "b=second"]);
    expect(read.problems).toEqual([]);
  });

  test("a short form of a long name is no other name", async () => {
    const long = `${"x".repeat(120)}.txt`;
    const read = await readTarOf(
      Buffer.concat([
        paxMember({ path: long }, { ...A, name: long.slice(0, 100) }),
        paxMember({ path: "a\u00e9.txt" }, { ...B, name: "a?.txt" }),
        paxMember({ "GNU.sparse.name": "d/s" }, { ...B, name: "d/GNUSparseFile.12/s" }),
      ]),
    );
    expect(read.members).toEqual([`${long}=first`, "a\u00e9.txt=second", "d/s=second"]);
  });

  test("an extended header that npm passes over keeps its path, and the stored name stays", async () => {
    const records = { comment: "x".repeat(1_100_000), path: "p" };
    const read = await readTarOf(Buffer.concat([pax(records), named]));
    expect(read.members.map((member) => member.slice(0, 40))).toEqual([
      "(outside the members, byte 512)=1100017 ",
      "p|a=first",
    ]);
    expect(read.problems).toEqual(["archive-limit"]);
  });
});

test("extended headers of any content never crash it, and what follows them is always given", async () => {
  const content = fc.oneof(fc.uint8Array({ maxLength: 600 }), fc.string({ maxLength: 40 }).map(pieceOfPax));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom("x", "X", "L", "N", "K"), content), { maxLength: 4 }),
      async (headers) => {
        const before = headers.map(([type, body]) => tarMembers([{ name: "e", type, body }]));
        const { members } = await readTarOf(
          Buffer.concat([...before, tarMembers([{ name: "m", body: "said" }])]),
        );
        expect(members.some((member) => member.includes("said"))).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

function pieceOfPax(text: string): string {
  return paxBody({ path: text, [text]: text });
}
