import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { run } from "../helpers/run.ts";
import { gzipWith, paxMember, tar, tgz, zip } from "../helpers/archives.ts";
import { checkPack, makePackage, token } from "./package.ts";
import type { Checked, Package } from "./package.ts";

const made: Package[] = [];
afterEach(() => made.splice(0).forEach((pkg) => pkg.remove()));

const GITHUB = "github-personal-token";
const LZMA = Buffer.concat([Buffer.from("5d00008000ffffffffffffffff00", "hex"), Buffer.alloc(40)]);
const secret = token(31);
const body = `const t = "${secret}";\n`;

async function check(
  files: Readonly<Record<string, string | Buffer>>,
  args = Object.keys(files),
): Promise<Checked> {
  const pkg = makePackage(files);
  made.push(pkg);
  return await checkPack(args, { cwd: pkg.dir });
}

describe("finished artifacts", () => {
  const wheel = zip([{ name: "demo/a.py", body }]);
  const cases: readonly (readonly [string, string, Buffer, string])[] = [
    ["an npm tarball", "demo-1.0.0.tgz", tgz([{ name: "package/a.js", body }]), "demo-1.0.0.tgz!a.js"],
    ["an sdist", "demo-1.0.0.tar.gz", tgz([{ name: "demo-1.0.0/a.py", body }]), "demo-1.0.0.tar.gz!a.py"],
    ["a wheel", "demo.whl", wheel, "demo.whl!demo/a.py"],
    ["a tgz named zip", "demo.zip", tgz([{ name: "a", body }]), "demo.zip!a"],
    ["a plain tar", "demo.crate", tar([{ name: "a", body }]), "demo.crate!a"],
    [
      "a file within three archives",
      "o.jar",
      zip([{ name: "i.jar", body: zip([{ name: "w.whl", body: wheel }]) }]),
      "o.jar!i.jar!w.whl!demo/a.py",
    ],
    ["a name that climbs", "n.tgz", tgz([{ name: "../../../a", body }]), "n.tgz!a"],
    [
      "a token at the border of two chunks",
      "b.tgz",
      tgz([{ name: "a", body: "\n".repeat(65_530 - 512) + body }]),
      "b.tgz!a",
    ],
    [
      "behind zeros, where npm looks",
      "z.tgz",
      gzipSync(Buffer.concat([Buffer.alloc(512), tar([{ name: "package/a.gz", body: gzipSync(body) }])])),
      "z.tgz!a.gz!a",
    ],
    [
      "text in a gzip header",
      "c.tgz",
      gzipWith(tar([]), { comment: body.trim() }),
      "c.tgz!(outside the members, byte 0)",
    ],
    ["UTF-16", "u.zip", zip([{ name: "a", body: Buffer.from(`\uFEFF${body}`, "utf16le") }]), "u.zip!a"],
    ["no archive at all", "a.js", Buffer.from(body), "a.js"],
  ];
  test.each(cases)("%s", async (_name, file, bytes, place) => {
    const checked = await check({ [file]: bytes });
    expect(checked).toMatchObject({
      code: 1,
      found: [`${GITHUB} ${place}`],
      errors: [],
      scope: { kind: "artifact" },
    });
    expect(checked.stdout + checked.stderr).not.toContain(secret);
  });

  test("nothing of an archive is written to the disk", async () => {
    const pkg = makePackage({
      "n.tgz": tgz([
        { name: "../../x-written", body },
        { name: "x-written", body },
      ]),
    });
    made.push(pkg);
    const before = await pkg.state();
    await checkPack(["n.tgz"], { cwd: pkg.dir });
    expect(await pkg.state()).toBe(before);
  });
});

describe("what cannot be read makes the scan incomplete, and the rest is read", () => {
  const clean = tgz([{ name: "package/a.js", body: "1" }]);
  const cases: readonly (readonly [string, Record<string, Buffer>, readonly string[], string])[] = [
    ["a missing file", { "a.tgz": clean }, ["a.tgz", "gone.tgz"], "unreadable"],
    ["cut off", { "a.tgz": clean.subarray(0, -20) }, ["a.tgz"], "archive-corrupt"],
    [
      "garbage behind it",
      { "a.tgz": Buffer.concat([clean, Buffer.from("tail")]) },
      ["a.tgz"],
      "archive-corrupt",
    ],
    ["encrypted", { "a.zip": zip([{ name: "a", body: "1", flags: 1 }]) }, ["a.zip"], "archive-encrypted"],
    [
      "bzip2 within",
      { "a.zip": zip([{ name: "a", body: "1", method: 12 }]) },
      ["a.zip"],
      "archive-unsupported",
    ],
    [
      "xz",
      { "a.tar.xz": Buffer.concat([Buffer.from("fd377a585a000004", "hex"), Buffer.alloc(40)]) },
      ["a.tar.xz"],
      "archive-unsupported",
    ],
    ["an empty file called tgz", { "e.tgz": Buffer.alloc(0) }, ["e.tgz"], "archive-corrupt"],
    ["no wheel at all", { "r.whl": Buffer.from("not found") }, ["r.whl"], "archive-corrupt"],
    [
      "no jar in a jar",
      { "o.jar": zip([{ name: "i.jar", body: "not found" }]) },
      ["o.jar"],
      "archive-corrupt",
    ],
    ["LZMA alone", { "a.tar.xz": LZMA }, ["a.tar.xz"], "archive-unsupported"],
    ["reserved flags of gzip", { "a.tgz": gzipWith(tar([]), { flags: 0x20 }) }, ["a.tgz"], "archive-corrupt"],
    ["a bomb", { "a.gz": gzipSync(Buffer.alloc(80 * 1024 ** 2)) }, ["a.gz"], "archive-limit"],
  ];
  test.each(cases)("%s", async (_name, files, args, code) => {
    const checked = await check({ ...files, "ok.tgz": clean }, [...args, "ok.tgz"]);
    expect(checked.code).toBe(3);
    expect(checked.errors.map((error) => error.code)).toContain(code);
    expect(checked.files).toBeGreaterThan(0);
  });

  test("a finding outranks what a reader would pass over", async () => {
    const bytes = gzipWith(tar([{ name: "a", body }]), { flags: 0x20 });
    const checked = await check({ "a.tar.gz": bytes });
    expect(checked).toMatchObject({ code: 1, found: [`${GITHUB} a.tar.gz!a`] });
  });

  test("names that only some readers see are judged", async () => {
    const entry = { name: "x.bin", body: "1".repeat(600) };
    const checked = await check({
      "p.tgz": gzipSync(paxMember({ path: "k.p12" }, entry)),
      "z.zip": zip([{ ...entry, local: { name: "k.p12" } }]),
    });
    expect(checked.found.map((found) => found.split(" ")[1])).toEqual(["p.tgz!k.p12", "z.zip!k.p12"]);
  });

  test("a finding outranks it", async () => {
    const checked = await check({ "a.tgz": tgz([{ name: "a", body }]) }, ["gone.tgz", "a.tgz"]);
    expect(checked).toMatchObject({ code: 1, errors: [{ code: "unreadable" }] });
  });

  test("a pipe is not waited for", async () => {
    const pkg = makePackage({});
    made.push(pkg);
    await run("mkfifo", ["pipe.tgz"], { cwd: pkg.dir });
    expect(await checkPack(["pipe.tgz"], { cwd: pkg.dir })).toMatchObject({
      code: 3,
      errors: [{ code: "unreadable" }],
    });
  });
});
