import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { looksLikeArchive, sniff } from "../../../../src/formats/archive/sniff.ts";
import { gzipWith, tar, TAR_END, tgz, zip } from "../../../helpers/archives.ts";

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
  ["gzip with reserved flags", gzipWith("", { flags: 0x20 }), "gzip"],
  ["tar behind zeros", Buffer.concat([Buffer.alloc(5 * 512), tar([A])]), "tar"],
  ["tar behind a block of junk", Buffer.concat([Buffer.alloc(512, "junk"), tar([A])]), "tar"],
  ["LZMA alone", hex("5d00008000ffffffffffffffff00"), "lzma"],
  ["LZMA alone of known size", hex("5d0000400000100000000000000000"), "lzma"],
  ["compress", hex("1f9d90"), "compress"],
  ["text that begins like LZMA", Buffer.concat([Buffer.from("]\0\0"), Buffer.from("x".repeat(40))]), null],
  ["bytes that begin like compress", hex("1f9d20"), null],
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
  expect(looksLikeArchive("a.bin", bytes)).toBe(format !== null);
});

const LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n";
const CLAIMS: readonly (readonly [string, string | Uint8Array, boolean])[] = [
  ...[".tgz", ".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".whl", ".zip", ".crate", ".gem"].map(
    (end) => [`a/b${end}`, "<html>", true] as const,
  ),
  ...[".vsix", ".nupkg", ".jar", ".apk", ".7z", ".rar", ".ZIP"].map((end) => [`b${end}`, "", true] as const),
  ["zip", "", false],
  ["a.zip/b", "", false],
  ["a.zip.txt", "", false],
  ["a.zip", LFS, false],
  ["a.zip", `${LFS}${"x".repeat(5000)}`, true],
  ["a.zip", "/annex/objects/SHA256E-s3--00.zip\n", false],
  ["a.zip", "../.git/annex/objects/x1/y2/SHA256-s3--00/SHA256-s3--00", false],
  ["latest.jar", "../lib/app-1.0.jar", false],
  ["latest.jar", "moved to app-1.0.jar", true],
  ["latest.jar", "404", true],
  ["e.tar", TAR_END, false],
  ["e.tgz", TAR_END, true],
];

test.each(CLAIMS)("a file called %s", (name, bytes, claims) => {
  expect(looksLikeArchive(name, Buffer.from(bytes))).toBe(claims);
});

test("any bytes can be asked about, wherever they lie in their buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(20), (bytes, skip) => {
      expect(sniff(bytes.subarray(skip))).toBe(sniff(Uint8Array.from(bytes.subarray(skip))));
    }),
  );
});
