import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zip, zipExtra } from "../../../helpers/archives.ts";
import type { ZipEntry } from "../../../helpers/archives.ts";
import { readZipOf } from "./read.ts";

const A: ZipEntry = { name: "a", body: "first" };
const B: ZipEntry = { name: "b", body: "second" };

describe("members", () => {
  const cases: readonly (readonly [string, Buffer, readonly string[]])[] = [
    ["deflated and stored", zip([A, { ...B, method: 0 }]), ["a=first", "b=second"]],
    ["streamed, sizes behind the data", zip([{ ...A, flags: 8 }, B]), ["a=first", "b=second"]],
    [
      "climbing, absolute and drive names",
      zip([
        { ...A, name: "../../a" },
        { ...B, name: "/b" },
        { name: "C:\\c", body: "third" },
      ]),
      ["../../a=first", "/b=second", "C:\\c=third"],
    ],
    ["the same name twice", zip([A, { ...A, body: "again" }]), ["a=first", "a=again"]],
    ["a symbolic link", zip([{ name: "l", body: "/etc/passwd", mode: 0o120777 }]), ["l=/etc/passwd"]],
    ["an empty archive", zip([]), []],
    ["a comment at its end", zip([A], "note"), ["a=first", "(outside the members, byte 107)=note"]],
    [
      "text before it",
      Buffer.concat([Buffer.from("#!/usr/bin/python3\n"), zip([A])]),
      ["a=first", "(outside the members, byte 0)=#!/usr/bin/python3\n"],
    ],
    [
      "text behind it",
      Buffer.concat([zip([A]), Buffer.from("more")]),
      ["a=first", "(outside the members, byte 107)=more"],
    ],
  ];
  test.each(cases)("%s", async (_name, bytes, members) => {
    const read = await readZipOf(bytes);
    expect(read.members).toEqual(members);
    expect(read.problems).toEqual([]);
  });

  test("a comment of a member is text of the directory", async () => {
    const read = await readZipOf(zip([{ ...A, comment: "said here" }]));
    expect(read.members[1]).toContain("said here");
  });
});

const packed = Buffer.from(deflateRawSync("first"));

describe("what its two headers and its data say about a member is compared", () => {
  const cases: readonly (readonly [string, ZipEntry, readonly string[]])[] = [
    [
      "stored in the directory, deflated for readers from the start",
      { ...A, body: packed, method: 0, local: { method: 8 } },
      [`a=${packed.toString("latin1")}`, "a=first"],
    ],
    [
      "deflated in the directory, stored for readers from the start",
      { ...A, local: { method: 0 } },
      ["a=first", `a=${packed.toString("latin1")}`],
    ],
    ["another name", { ...A, local: { name: "b" } }, ["a|b=first"]],
    ["another size", { ...A, local: { bytes: 3 } }, ["a=first"]],
    [
      "bytes behind the compressed data",
      { ...A, data: Buffer.concat([packed, Buffer.from("slack")]) },
      ["a=first", `(outside the members, byte ${31 + packed.length})=slack`],
    ],
  ];
  test.each(cases)("%s", async (_name, entry, members) => {
    const read = await readZipOf(zip([entry, B]));
    expect(read.members).toEqual([...members, "b=second"]);
    expect(new Set(read.problems)).toEqual(new Set(["archive-corrupt"]));
  });

  test("encrypted by one header only", async () => {
    const read = await readZipOf(zip([{ ...A, local: { flags: 1 } }, B]));
    expect(read.members).toEqual(["a=first", "b=second"]);
    expect(read.problems).toEqual(["archive-corrupt", "archive-encrypted"]);
  });

  test("a name that other readers cut", async () => {
    const read = await readZipOf(zip([{ ...A, name: "a.p12\0.txt" }]));
    expect(read.members).toEqual(["a.p12\0.txt|a.p12=first"]);
    expect(read.problems).toEqual([]);
  });

  test("text in extra fields", async () => {
    const extra = zipExtra("text in the directory");
    const read = await readZipOf(zip([{ ...A, extra, local: { extra: zipExtra("text in the header") } }]));
    expect(read.members).toEqual([
      "a=first",
      expect.stringMatching(/^\(outside the members, byte 31\)=[^]{4}text in the header$/),
      expect.stringContaining("text in the directory"),
    ]);
    expect(read.problems).toEqual([]);
  });

  test("times and ids in extra fields are no text", async () => {
    const extra = Buffer.from("5554050003a0b1c2d3", "hex");
    expect((await readZipOf(zip([{ ...A, extra, local: { extra } }]))).members).toEqual(["a=first"]);
  });
});

test("a flood of damaged members outside the directory is not unpacked one by one", async () => {
  const fake = zip([{ ...A, flags: 8, data: Buffer.from([1]) }]).subarray(0, 32);
  const flood = Buffer.concat([...Array.from({ length: 20_000 }, () => fake), zip([B])]);
  const read = await readZipOf(flood);
  expect(read.events.length).toBeLessThan(300);
  expect(read.members).toContain("b=second");
  expect(read.problems.filter((code) => code === "archive-limit")).toHaveLength(1);
  const last = read.events.at(-1);
  expect(last?.kind === "member" && last.bytes.length).toBe(20_000 * 32);
});

describe("what cannot be read is said, and the others are read", () => {
  const cases: readonly (readonly [string, Buffer, readonly string[], readonly string[]])[] = [
    ["encrypted", zip([{ ...A, flags: 1 }, B]), ["archive-encrypted"], ["b=second"]],
    ["bzip2 inside", zip([{ ...A, method: 12 }, B]), ["archive-unsupported"], ["b=second"]],
    ["a wrong checksum", zip([{ ...A, badCrc: true }, B]), ["archive-corrupt"], ["a=first", "b=second"]],
    [
      "binary before it",
      Buffer.concat([Buffer.from([0, 1, 2, 255]), zip([B])]),
      ["archive-corrupt"],
      ["b=second", "(outside the members, byte 0)=\0\x01\x02\xff"],
    ],
  ];
  test.each(cases)("%s", async (_name, bytes, problems, members) => {
    const read = await readZipOf(bytes);
    expect(read.problems).toEqual(problems);
    expect(read.members).toEqual(members);
  });

  test("a member with a local header alone", async () => {
    const read = await readZipOf(zip([A, { name: "hidden", body: "found", unlisted: true }, B]));
    expect(read.members.slice(0, 3)).toEqual(["a=first", "b=second", "hidden=found"]);
    expect(read.problems).toEqual(["archive-corrupt"]);
  });

  test("an archive without its directory", async () => {
    const whole = zip([A, B]);
    const read = await readZipOf(whole.subarray(0, whole.indexOf("PK\x01\x02")));
    expect(read.members.slice(0, 2)).toEqual(["a=first", "b=second"]);
    expect(read.problems).toContain("archive-corrupt");
  });

  test("a second archive behind the first", async () => {
    const read = await readZipOf(Buffer.concat([zip([A]), zip([B])]));
    expect(read.members).toEqual(expect.arrayContaining(["a=first", "b=second"]));
    expect(read.problems).toContain("archive-corrupt");
  });

  test("a member above fileBytes", async () => {
    const read = await readZipOf(zip([{ name: "big", body: "x".repeat(500) }, B]), { fileBytes: 100 });
    expect(read.members).toEqual(["b=second"]);
    expect(read.problems).toEqual(["archive-limit"]);
  });
});

test("bounds of the whole archive end it", async () => {
  await expect(readZipOf(zip([A, B]), { entries: 1 })).rejects.toThrow(/more than 1 members/);
  await expect(readZipOf(zip([A, B]), { totalBytes: 8 })).rejects.toThrow(/more than 8 bytes/);
  const bomb = zip([{ name: "z", body: Buffer.alloc(4 * 1024 ** 2) }]);
  await expect(readZipOf(bomb, { ratioFrom: 1024 ** 2 })).rejects.toThrow(/more than 200 times/);
});

test("broken and random bytes never crash it", async () => {
  const change = fc.record({ at: fc.nat(400), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const bytes = zip([A, { ...B, flags: 8 }, { name: "c", body: "third", method: 0 }], "note");
      for (const { at, to } of changes) bytes[at % bytes.length] = to;
      expect((await readZipOf(bytes)).events.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
      await readZipOf(Buffer.concat([Buffer.from("PK\x03\x04"), noise]));
      await readZipOf(Buffer.concat([noise, Buffer.from("PK\x05\x06"), noise]));
    }),
    { numRuns: 200 },
  );
});
