import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EMPTY_BLOBS,
  parseListing,
  parseStage,
  pathText,
  takeApart,
} from "../../../../src/source/git/list.ts";

const ID = "a".repeat(40);
const ZERO = "0".repeat(40);
const entry = (path: string, status = "A"): string => `:000000 100644 ${ZERO} ${ID} ${status}\0${path}\0`;
const staged = (path: string): string => `100644 ${ID} 0\t${path}\0`;
const listed = "stowaway-changes 0\0";
const configured = "stowaway-config 0\0";

describe("the raw listing", () => {
  test("is read whole, names with any byte too", () => {
    const names = ["a b.js", "new\nline", "tab\t", "-", ":(x)", "stowaway-status 0"];
    expect(
      parseListing(Buffer.from(names.map((name) => entry(name)).join(""))).map(({ path }) => path),
    ).toEqual(names);
  });

  test("a rename has two names, of which the second is the new one", () => {
    expect(
      parseListing(Buffer.from(`:100644 100644 ${ID} ${ID} R087\0old\0new\0${entry("next")}`)).map(
        ({ path }) => path,
      ),
    ).toEqual(["new", "next"]);
  });

  test.each(["x", ":000000", entry("a").slice(0, -3), `${entry("a")}junk`, entry("a").replace("A", "AA")])(
    "a broken one is an error: %j",
    (text) => {
      expect(() => parseListing(Buffer.from(text))).toThrow();
    },
  );

  test("any bytes are read or refused, never cut short", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (junk) => {
        const bytes = Buffer.concat([Buffer.from(entry("first")), junk]);
        let count = -1;
        try {
          count = parseListing(bytes).length;
        } catch {
          return;
        }
        expect(junk.length === 0 ? count === 1 : count > 1).toBe(true);
      }),
      { seed: 8 },
    );
  });

  test("bytes that are no UTF-8 stay apart in names", () => {
    expect(pathText(Buffer.from([0x61, 0xe9]))).toBe(String.raw`a\xe9`);
    expect(pathText(Buffer.from("é\ufffd"))).toBe("é\ufffd");
    expect(pathText(Buffer.from(String.raw`a\xe9`))).toBe(String.raw`a\\xe9`);
    expect(pathText(Buffer.from(String.raw`a\b`))).toBe(String.raw`a\b`);
  });

  test("two names never look alike", () => {
    const piece = fc.constantFrom(
      "a",
      "\\",
      "x",
      "xe9",
      "é",
      "\ufffd",
      Buffer.from([0xe9]),
      Buffer.from([0xc3]),
    );
    const name = fc
      .array(piece, { maxLength: 8 })
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part))));
    fc.assert(
      fc.property(name, (one) => {
        const other = Buffer.from(pathText(one));
        expect(pathText(one) === pathText(other)).toBe(one.equals(other));
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});

describe("what the shim pipes in", () => {
  test.each([
    [
      "both listings",
      `${entry("a")}${listed}${staged("package.json")}${configured}`,
      entry("a"),
      staged("package.json"),
    ],
    ["nothing staged, no configuration", `${listed}${configured}`, "", ""],
    [
      "a file that is called like the proof",
      `${entry("stowaway-changes 0")}${listed}${configured}`,
      entry("stowaway-changes 0"),
      "",
    ],
    [
      "a link and a conflict in the configuration",
      `${listed}120000 ${ID} 0\tpackage.json\x00100644 ${ID} 2\tpyproject.toml\0${configured}`,
      "",
      `120000 ${ID} 0\tpackage.json\x00100644 ${ID} 2\tpyproject.toml\0`,
    ],
  ])("%s", (_name, piped, changes, config) => {
    const taken = takeApart(Buffer.from(piped));
    expect([taken?.changes.toString(), taken?.config.toString()]).toEqual([changes, config]);
  });

  test.each([
    ["nothing at all", ""],
    ["one proof only", `${entry("a")}${listed}`],
    ["git failed in the first", `${entry("a")}stowaway-changes 128\0${configured}`],
    ["git failed in the second", `${entry("a")}${listed}stowaway-config 1\0`],
    ["cut short", `${entry("a")}${listed}${staged("x")}${configured}`.slice(0, -1)],
    ["only a file that is called like the proof", entry("stowaway-config 0")],
  ])("no proof: %s", (_name, piped) => {
    expect(takeApart(Buffer.from(piped))).toBeNull();
  });

  test("configuration is found by its path, links are not", () => {
    const listing = `${staged("package.json")}120000 ${ID} 0\tpyproject.toml\0`;
    expect([...parseStage(Buffer.from(listing))]).toEqual([["package.json", ID]]);
  });

  test("what is only intended to be added holds no configuration", () => {
    const hash = (name: string): string => createHash(name).update("blob 0\0").digest("hex");
    expect(EMPTY_BLOBS).toEqual([hash("sha1"), hash("sha256")]);
    for (const id of EMPTY_BLOBS)
      expect(parseStage(Buffer.from(`100644 ${id} 0\tstowaway.config.json\0`)).size).toBe(0);
  });
});
