import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { expand } from "../../../src/content/expand.ts";
import type { Item, SourceEvent } from "../../../src/model/item.ts";
import { DEFAULT_LIMITS } from "../../../src/model/settings.ts";
import type { Limits } from "../../../src/model/settings.ts";
import { gzipWith, paxBody, paxMember, tar, TAR_END, tgz, zip } from "../../helpers/archives.ts";

const A = { name: "a", body: "first" };
const B = { name: "b", body: "second" };

async function expandAll(
  path: string,
  bytes: Uint8Array,
  limits: Partial<Limits> = {},
  more: Partial<Item> = {},
): Promise<SourceEvent[]> {
  const item: Item = { kind: "item", path, container: [], bytes, included: null, ...more };
  const events: SourceEvent[] = [];
  for await (const event of expand(item, { ...DEFAULT_LIMITS, ...limits })) events.push(event);
  return events;
}

/** `container!path=content`, or `container!path: code`. */
function show(event: SourceEvent): string {
  const place = [...event.container, event.path].join("!");
  if (event.kind === "item") return `${place}=${Buffer.from(event.bytes).toString("latin1")}`;
  return `${place}: ${event.kind === "error" ? event.code : event.reason}`;
}

const MEMBERS: readonly (readonly [string, string, Buffer, readonly string[]])[] = [
  ["no archive", "notes.txt", Buffer.from("plain"), ["notes.txt=plain"]],
  [
    "an npm tarball drops package/",
    "demo-1.0.0.tgz",
    tgz([
      { name: "package/package.json", body: "{}" },
      { name: "package/lib/a.js", body: "x" },
    ]),
    ["demo-1.0.0.tgz!package.json={}", "demo-1.0.0.tgz!lib/a.js=x"],
  ],
  [
    "an sdist is shown without its folder",
    "dist/demo-1.0.0.tar.gz",
    tgz([{ name: "demo-1.0.0/setup.py", body: "x" }]),
    ["dist/demo-1.0.0.tar.gz!setup.py=x"],
  ],
  ["a wheel", "demo.whl", zip([A, B]), ["demo.whl!a=first", "demo.whl!b=second"]],
  ["a plain tar under any name", "data.bin", tar([A]), ["data.bin!a=first"]],
  ["a tgz named zip", "x.zip", tgz([A]), ["x.zip!a=first"]],
  ["one gzipped file", "log.txt.gz", gzipSync("line"), ["log.txt.gz!log.txt=line"]],
  ["a gzipped zip", "w.gz", gzipSync(zip([A])), ["w.gz!w!a=first"]],
  [
    "archives in archives",
    "o.zip",
    zip([{ name: "lib/i.jar", body: zip([{ name: "x.tgz", body: tgz([A]) }]) }]),
    ["o.zip!lib/i.jar!x.tgz!a=first"],
  ],
  [
    "names that climb or are absolute are cleaned",
    "n.tgz",
    tgz([
      { name: "../../etc/a", body: "1" },
      { name: "/abs", body: "2" },
      { name: "./b", body: "3" },
      { name: "..", body: "4" },
    ]),
    ["n.tgz!etc/a=1", "n.tgz!abs=2", "n.tgz!b=3", "n.tgz!(no name)=4"],
  ],
  ["folders are no files", "d.tgz", tgz([{ name: "dir/", type: "5" }, A]), ["d.tgz!a=first"]],
  ["a link within", "l.tgz", tgz([{ name: "d/l", type: "2", link: "../a" }]), ["l.tgz!d/l=../a"]],
  [
    "links out of it",
    "l.tgz",
    tgz([
      { name: "d/l", type: "2", link: "../../a" },
      { name: "m", type: "1", link: "/etc/passwd" },
    ]),
    [
      "l.tgz!d/l=../../a",
      "l.tgz!d/l: a link out of the archive; what it points at is not part of it",
      "l.tgz!m=/etc/passwd",
      "l.tgz!m: a link out of the archive; what it points at is not part of it",
    ],
  ],
  ["an empty tar", "e.tgz", tgz([]), []],
  ["an empty plain tar", "e.tar", TAR_END, [`e.tar=${"\0".repeat(1024)}`]],
  ["a tar behind zeros", "x.bin", gzipSync(Buffer.concat([Buffer.alloc(512), tar([A])])), ["x.bin!a=first"]],
  [
    "the body of a link is looked into",
    "l.tgz",
    tgz([{ name: "h.gz", type: "1", link: "a", body: gzipSync("line") }]),
    ["l.tgz!h.gz!h=line"],
  ],
  [
    "so is what a zip has under the name of a folder",
    "d.zip",
    zip([{ name: "d.gz/", body: gzipSync("line") }]),
    ["d.zip!d.gz!d=line"],
  ],
  [
    "another name of a member is an empty file",
    "p.tgz",
    gzipSync(Buffer.concat([paxMember({ path: "package/k.p12" }, { ...A, name: "package/x" }), TAR_END])),
    ["p.tgz!k.p12=first", "p.tgz!x="],
  ],
  ["but not a folder's", "p.tgz", gzipSync(paxMember({ path: "e/" }, { name: "d/", type: "5" })), []],
  [
    "a link that is called an archive",
    "l.tgz",
    tgz([{ name: "l.zip", type: "2", link: "o.zip" }]),
    ["l.tgz!l.zip=o.zip"],
  ],
  [
    "the same in a zip",
    "l.zip",
    zip([{ name: "l.jar", body: "target", mode: 0o120777 }]),
    ["l.zip!l.jar=target"],
  ],
];

describe("members", () => {
  test.each(MEMBERS)("%s", async (_name, path, bytes, shown) => {
    expect((await expandAll(path, bytes)).map(show)).toEqual(shown);
  });
});

describe("what cannot be seen is said, beside the rest", () => {
  const xz = Buffer.concat([Buffer.from("fd377a585a000004", "hex"), Buffer.alloc(30)]);
  const cases: readonly (readonly [string, Buffer, readonly string[]])[] = [
    ["an encrypted member", zip([{ ...A, flags: 1 }, B]), ["x!a: archive-encrypted", "x!b=second"]],
    ["another compression", zip([{ ...A, method: 93 }, B]), ["x!a: archive-unsupported", "x!b=second"]],
    ["another format", xz, ["x: archive-unsupported", `x=${xz.toString("latin1")}`]],
    [
      "another format within",
      tgz([{ name: "i", body: xz }, B]),
      ["x!i: archive-unsupported", `x!i=${xz.toString("latin1")}`, "x!b=second"],
    ],
    [
      "garbage behind gzip",
      Buffer.concat([tgz([A]), Buffer.from("tail")]),
      ["x!a=first", "x: archive-corrupt", expect.stringContaining("=tail")],
    ],
    [
      "a cut-off tarball",
      gzipSync(tar([A, { name: "b", body: "x".repeat(3000) }]).subarray(0, 2000)),
      ["x!a=first", "x!b: archive-corrupt", expect.stringContaining("x!b=xxx")],
    ],
  ];
  test.each(cases)("%s", async (_name, bytes, shown) => {
    expect((await expandAll("x", bytes)).map(show)).toEqual(shown);
  });

  const NAMED: readonly (readonly [string, string, Buffer, readonly string[]])[] = [
    ["empty", "e.tgz", Buffer.alloc(0), ["e.tgz: archive-corrupt", "e.tgz="]],
    ["no zip", "r.whl", Buffer.from("noise"), ["r.whl: archive-corrupt", "r.whl=noise"]],
    [
      "no tar",
      "h.tgz",
      Buffer.from("<html>"),
      ["h.tgz: archive-corrupt", "h.tgz!(outside the members, byte 0)=<html>"],
    ],
    [
      "gzip without a tar",
      "h.tgz",
      gzipSync("<html>"),
      ["h.tgz: archive-corrupt", "h.tgz!(outside the members, byte 0)=<html>"],
    ],
    ["gzip of nothing", "h.tar.gz", gzipSync(""), ["h.tar.gz: archive-corrupt"]],
    ["within", "o.zip", zip([{ name: "i.jar", body: "" }]), ["o.zip!i.jar: archive-corrupt", "o.zip!i.jar="]],
    [
      "a tar behind junk, without its gzip",
      "j.tgz",
      Buffer.concat([Buffer.alloc(1536, "j"), tar([{ ...A, name: "package/a" }])]),
      ["j.tgz: archive-corrupt", `j.tgz!(outside the members, byte 0)=${"j".repeat(1536)}`, "j.tgz!a=first"],
    ],
    [
      "reserved flags of gzip",
      "s.tar.gz",
      gzipWith(tar([A]), { flags: 0x80 }),
      ["s.tar.gz!a=first", "s.tar.gz: archive-corrupt"],
    ],
  ];
  test.each(NAMED)("called an archive: %s", async (_name, path, bytes, shown) => {
    expect((await expandAll(path, bytes)).map(show)).toEqual(shown);
  });

  test("an error is bound to the archive's bytes and quotes none of them", async () => {
    const [error] = await expandAll("x", zip([{ name: "a", body: "hush", flags: 1 }]));
    expect(error).toMatchObject({ kind: "error", digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    expect(JSON.stringify(error)).not.toContain("hush");
  });
});

describe("bounds", () => {
  const nest = (depth: number): Buffer =>
    depth === 0 ? zip([A]) : zip([{ name: `n${depth}.zip`, body: nest(depth - 1) }, B]);

  test("depth: the closed archive is handed on, its neighbours are read", async () => {
    const events = await expandAll("o", nest(4));
    expect(events.filter(({ kind }) => kind === "error").map(show)).toEqual([
      "o!n4.zip!n3.zip!n2.zip!n1.zip: archive-limit",
    ]);
    expect(events.filter((event) => event.kind === "item" && event.path === "b")).toHaveLength(4);
    expect(events.at(0)).toMatchObject({ hint: expect.stringContaining("limits.depth") });
  });

  test.each([
    ["entries", { entries: 2 }, tgz([A, B, { name: "c", body: "third" }]), 1],
    [
      "totalBytes",
      { totalBytes: 1500 },
      zip([
        { name: "a", body: "x".repeat(1000) },
        { name: "b", body: "y".repeat(1000) },
      ]),
      1,
    ],
    ["ratio", { ratioFrom: 1024 ** 2 }, tgz([A, { name: "z", body: Buffer.alloc(8 * 1024 ** 2) }]), 1],
    ["fileBytes", { fileBytes: 100 }, zip([{ name: "a", body: "x".repeat(1000) }, B]), 1],
  ] as const)("%s", async (limit, limits, bytes, members) => {
    const events = await expandAll("x", bytes, limits);
    expect(events.filter(({ kind }) => kind === "item")).toHaveLength(members);
    const errors = events.filter((event) => event.kind === "error");
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: "archive-limit",
      hint: expect.stringContaining(`limits.${limit}`),
    });
  });

  test("many names of one member count as members", async () => {
    const names = Array.from({ length: 50 }, (_, index) => paxBody({ path: `n${index}` })).join("");
    const bytes = tar([{ name: "PaxHeader", type: "x", body: names }, A]);
    const events = await expandAll("x", bytes, { entries: 20 });
    expect(events.map(show).at(-1)).toBe("x: archive-limit");
    expect(events.length).toBeLessThan(22);
  });

  test("bombs in an archive are stopped together, not one after the other", async () => {
    const bomb = gzipSync(Buffer.alloc(3 * 1024 ** 2));
    const many = tgz(Array.from({ length: 50 }, (_, index) => ({ name: `b${index}.gz`, body: bomb })));
    const events = await expandAll("x", many, { ratioFrom: 1024 ** 2 });
    expect(events.map(show).at(-1)).toBe("x: archive-limit");
    expect(events.length).toBeLessThan(50);
  });

  test("a 4 GB bomb costs no memory to speak of", async () => {
    const gigabyte = gzipSync(Buffer.alloc(1024 ** 3));
    const bomb = Buffer.concat([gigabyte, gigabyte, gigabyte, gigabyte]);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const events = await expandAll("bomb.gz", bomb);
    expect(events.map(show)).toEqual(["bomb.gz: archive-limit"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 ** 2);
  });
});

describe("why a member is included", () => {
  test("a function of the artifact answers for each member, and for all that lies in it", async () => {
    const inner = zip([{ name: "deep", body: "x" }]);
    const events = await expandAll(
      "x.tgz",
      tgz([
        { name: "package/lib/i.zip", body: inner },
        { name: "package/a", body: "" },
      ]),
      {},
      { reasonFor: (path) => `for ${path}` },
    );
    expect(events.map((event) => event.kind === "item" && event.included)).toEqual([
      "for lib/i.zip",
      "for a",
    ]);
  });

  test("else they share the item's reason", async () => {
    const events = await expandAll("x.tgz", tgz([A]), {}, { included: 'files[0] "dist"' });
    expect(events[0]).toMatchObject({ included: 'files[0] "dist"' });
  });
});
