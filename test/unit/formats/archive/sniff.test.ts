import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isArchive, sniff } from "../../../../src/formats/archive/sniff.ts";
import { tar, TAR_END, tgz, zip } from "../../../helpers/archives.ts";

const A = { name: "a", body: "x" };
const hex = (text: string): Buffer => Buffer.concat([Buffer.from(text, "hex"), Buffer.alloc(40)]);

const CASES: readonly (readonly [string, Uint8Array, string | null])[] = [
  ["tgz", tgz([A]), "gzip"],
  ["gzip", gzipSync(""), "gzip"],
  ["zip", zip([A]), "zip"],
  ["empty zip", zip([]), "zip"],
  ["zip behind a #! line", Buffer.concat([Buffer.from("#!/bin/python\n"), zip([A])]), "zip"],
  ["ustar", tar([A]), "tar"],
  ["GNU tar", tar([{ ...A, format: "gnu" }]), "tar"],
  ["v7 tar", tar([{ ...A, format: "v7" }]), "tar"],
  ["xz", hex("fd377a585a000004"), "xz"],
  ["zstd", hex("28b52ffd0458"), "zstd"],
  ["bzip2", hex("425a68393141592653590000"), "bzip2"],
  ["7z", hex("377abcaf271c0004"), "7z"],
  ["rar 4", hex("526172211a0700"), "rar"],
  ["rar 5", hex("526172211a070100"), "rar"],
  ["PNG", hex("89504e470d0a1a0a"), null],
  ["JPEG", hex("ffd8ffe000104a46"), null],
  ["PDF", Buffer.from("%PDF-1.7\n"), null],
  ["text that begins like bzip2", Buffer.from("BZh9 is a magic number"), null],
  ["text about zip", Buffer.from("it ends in PK\x05\x06, then 18 more bytes follow here"), null],
  ["zeros, an empty tar", TAR_END, null],
  ["nothing", new Uint8Array(0), null],
];

test.each(CASES)("%s", (_name, bytes, format) => {
  expect(sniff(bytes)).toBe(format);
  expect(isArchive(bytes)).toBe(format !== null);
});

test("any bytes can be asked about, wherever they lie in their buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(20), (bytes, skip) => {
      expect(sniff(bytes.subarray(skip))).toBe(sniff(Uint8Array.from(bytes.subarray(skip))));
    }),
  );
});
