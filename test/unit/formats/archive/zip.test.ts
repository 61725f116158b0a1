import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zip } from "../../../helpers/archives.ts";
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
