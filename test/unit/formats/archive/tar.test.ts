import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paxBody, paxMember, tar, TAR_END, tarMembers } from "../../../helpers/archives.ts";
import type { TarEntry } from "../../../helpers/archives.ts";
import { readTarInPieces, readTarOf } from "./read.ts";

const LONG = `${"folder/".repeat(30)}file.txt`;
const A: TarEntry = { name: "a", body: "first" };
const B: TarEntry = { name: "b", body: "second" };

/** Old GNU sparse header: the map goes on in one more block. */
const sparse = Buffer.concat([
  tarMembers([
    { name: "holes", type: "S", format: "gnu", sizeField: "00000000006\0", patch: (h) => void (h[482] = 1) },
  ]),
  Buffer.alloc(512),
  Buffer.from("stored".padEnd(512, "\0")),
]);

const base256 = (size: number): Uint8Array => {
  const field = new Uint8Array(12);
  field[0] = 0x80;
  field[11] = size;
  return field;
};

const MEMBERS: readonly (readonly [string, Buffer, readonly string[]])[] = [
  ["ustar", tar([A, B]), ["a=first", "b=second"]],
  ["v7, without any magic", tar([{ ...A, format: "v7" }]), ["a=first"]],
  ["a prefix", tar([{ ...A, patch: (h) => void h.write("deep/er", 345) }]), ["deep/er/a=first"]],
  [
    "a GNU long name",
    Buffer.concat([
      tarMembers([
        { name: "././@LongLink", type: "L", format: "gnu", body: `${LONG}\0` },
        { ...A, format: "gnu" },
      ]),
      TAR_END,
    ]),
    [`${LONG}|a=first`],
  ],
  [
    "a GNU long link",
    tarMembers([
      { name: "././@LongLink", type: "K", format: "gnu", body: `${LONG}\0` },
      { name: "l", type: "2", format: "gnu" },
    ]),
    [`l=${LONG}`],
  ],
  ["a pax path", paxMember({ path: LONG }, A), [`${LONG}|a=first`]],
  [
    "a pax size",
    Buffer.concat([paxMember({ size: "5" }, { ...A, sizeField: "00000000000\0" })]),
    ["a=first"],
  ],
  ["a size in base 256", tar([{ ...A, sizeField: base256(5) }, B]), ["a=first", "b=second"]],
  ["GNU sparse with a continued map", Buffer.concat([sparse, tar([B])]), ["holes=stored", "b=second"]],
  ["a GNU sparse name in pax", paxMember({ "GNU.sparse.name": "real" }, A), ["real|a=first"]],
  ["concatenated archives", Buffer.concat([tar([A]), tar([B])]), ["a=first", "b=second"]],
  [
    "a member behind the end mark",
    Buffer.concat([tarMembers([A]), TAR_END, TAR_END, tarMembers([B])]),
    ["a=first", "b=second"],
  ],
  ["no end mark", tarMembers([A]), ["a=first"]],
  ["the same name twice", tar([A, { ...A, body: "again" }]), ["a=first", "a=again"]],
  [
    "a symbolic and a hard link",
    tar([
      { name: "s", type: "2", link: "/etc/passwd" },
      { name: "h", type: "1", link: "a" },
    ]),
    ["s=/etc/passwd", "h=a"],
  ],
  [
    "a link whose size is noise",
    tar([{ name: "s", type: "2", link: "t", sizeField: "00000007777\0" }, B]),
    ["s=t", "b=second"],
  ],
  ["an unknown type", tar([{ ...A, type: "Z" }]), ["a=first"]],
  [
    "climbing and absolute names",
    tar([
      { ...A, name: "../../a" },
      { ...B, name: "/b" },
    ]),
    ["../../a=first", "/b=second"],
  ],
  ["an archive without members", TAR_END, []],
  [
    "free text in a pax header",
    paxMember({ comment: "x" }, A, "g"),
    [`(outside the members, byte 512)=${paxBody({ comment: "x" })}`, "a=first"],
  ],
  [
    "text where pax has a number or an owner",
    Buffer.concat([paxMember({ mtime: "now", "GNU.sparse.note": "y" }, A), paxMember({ uname: "me" }, B)]),
    [
      `(outside the members, byte 512)=${paxBody({ mtime: "now", "GNU.sparse.note": "y" })}`,
      "a=first",
      `(outside the members, byte 2560)=${paxBody({ uname: "me" })}`,
      "b=second",
    ],
  ],
  [
    "pax times, ids and charset are no text",
    paxMember({ mtime: "1.5", uid: "7", hdrcharset: "BINARY", "GNU.sparse.map": "0,5" }, A),
    ["a=first"],
  ],
  [
    "text behind the last pax record",
    tarMembers([{ name: "p", type: "x", body: `${paxBody({ mtime: "1" })}\0text` }, A]),
    [`(outside the members, byte 512)=${paxBody({ mtime: "1" })}\0text`, "a=first"],
  ],
  [
    "text in fields that no reader shows, once for members alike",
    tar([
      { ...A, link: "not-a-link-at-all", patch: (h) => void h.write("someone-quite-long", 265) },
      { ...B, link: "not-a-link-at-all", patch: (h) => void h.write("someone-quite-long", 265) },
    ]),
    [
      `(outside the members, byte 0)=${"someone-quite-long".padEnd(32, "\0")}\n${"not-a-link-at-all".padEnd(100, "\0")}\n`,
      "a=first",
      "b=second",
    ],
  ],
  [
    "text in the padding",
    Buffer.concat([tarMembers([A]).subarray(0, 600), Buffer.from("a text in the padding".padEnd(424, "\0"))]),
    [expect.stringContaining("a text in the padding"), "a=first"],
  ],
  [
    "a folder with a size, which has no data",
    Buffer.concat([tarMembers([{ name: "d/", type: "5", sizeField: "00000003000\0" }]), TAR_END, tar([A])]),
    ["d/=", "a=first"],
  ],
  ["the same without its type", tar([{ name: "d/", sizeField: "00000003000\0" }, A]), ["d/=", "a=first"]],
];

describe("members", () => {
  test.each(MEMBERS)("%s", async (_name, bytes, members) => {
    const read = await readTarOf(bytes);
    expect(read.members).toEqual(members);
    expect(read.problems).toEqual([]);
  });
});

describe("damage is said, and what can be read is read", () => {
  const bad = tarMembers([{ name: "bad", body: "hidden", badChecksum: true }]);
  const cases: readonly (readonly [string, Buffer, readonly string[]])[] = [
    [
      "a wrong checksum",
      Buffer.concat([tarMembers([A]), bad, tar([B])]),
      ["a=first", "(outside the members, byte 1024)=", "b=second"],
    ],
    [
      "cut off in a member",
      tarMembers([A, { name: "b", body: "x".repeat(600) }]).subarray(0, 512 * 3 + 100),
      ["a=first", "b=x"],
    ],
    [
      "cut off in a header",
      tar([A, B]).subarray(0, 1024 + 100),
      ["a=first", "(outside the members, byte 1024)="],
    ],
    ["a pax size that is no number", paxMember({ size: "-1" }, A), ["a=first"]],
    ["a pax size beyond all bounds", paxMember({ size: "9".repeat(30) }, A), ["a=first"]],
    [
      "a pax record of the wrong length",
      tarMembers([{ name: "p", type: "x", body: "99 path=x\n" }, A]),
      ["(outside the members, byte 512)=99 path=x", "a=first"],
    ],
    [
      "a negative size",
      tar([{ ...A, sizeField: Buffer.alloc(12, 0xff) }, B]),
      ["a=", "(outside the members, byte 512)=first", "b=second"],
    ],
    ["one size for all members", paxMember({ size: "0" }, A, "g"), ["a=first"]],
    ["an end after an extended header", paxMember({ path: "x" }, A).subarray(0, 1024), []],
  ];
  test.each(cases)("%s", async (_name, bytes, members) => {
    const read = await readTarOf(bytes);
    expect(read.problems.length).toBeGreaterThan(0);
    expect(new Set(read.problems)).toEqual(new Set(["archive-corrupt"]));
    expect(read.members.map((member, index) => member.slice(0, members[index]?.length))).toEqual(members);
  });

  test("bytes between members are given as they stand", async () => {
    const { members } = await readTarOf(Buffer.concat([bad, tar([B])]));
    expect(members[0]).toContain("hidden");
  });
});

test("a member above fileBytes is said and its neighbours are read", async () => {
  const read = await readTarOf(tar([{ name: "big", body: "x".repeat(50) }, B]), { fileBytes: 20 });
  expect(read.members).toEqual(["b=second"]);
  expect(read.problems).toEqual(["archive-limit"]);
});

test("one member too many ends it", async () => {
  await expect(readTarOf(tar([A, B]), { entries: 1 })).rejects.toThrow(/more than 1 members/);
});

test("the size of the chunks does not matter", async () => {
  const bytes = Buffer.concat([
    tar([A, { name: "b", body: "x".repeat(1500) }]),
    paxMember({ path: LONG }, B),
    TAR_END,
  ]);
  const whole = await readTarOf(bytes);
  for (const size of [1, 7, 511, 512, 513, 4096])
    expect((await readTarInPieces(bytes, size)).members).toEqual(whole.members);
});

test("random and broken bytes never crash it, and no member's text is lost", async () => {
  const body = fc.string({ minLength: 1, maxLength: 700, unit: "grapheme-ascii" });
  const change = fc.record({ at: fc.nat(4000), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(body, { maxLength: 4 }),
      fc.array(change, { maxLength: 6 }),
      async (bodies, changes) => {
        const bytes = tar(bodies.map((text, index) => ({ name: `f${index}`, body: text })));
        expect((await readTarOf(bytes)).members).toEqual(bodies.map((text, index) => `f${index}=${text}`));
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        const all = (await readTarOf(bytes)).events.map((event) =>
          event.kind === "member" ? event.bytes.length : 0,
        );
        expect(all.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 150 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => void (await readTarOf(bytes))),
    { numRuns: 200 },
  );
});
