import fc from "fast-check";
import { expect, test } from "vitest";
import { isRun } from "../../../src/remedy/journal-shape.ts";

const entry = { path: "a.js", before: "x", after: null, reversal: { kind: "none" } };
const file = {
  path: "a/b.js",
  before: null,
  after: "x",
  reversal: {
    kind: "splices",
    encoding: "utf8",
    splices: [{ at: 0, before: ["x", { name: "N" }], after: "" }],
  },
  inPlace: false,
};
const run = {
  state: "applied",
  version: 1,
  id: 1,
  started: "2026-01-01T00:00:00Z",
  projectId: "p",
  store: { kind: "keychain", label: "k", origin: "keychain" },
  receipt: null,
  secrets: [{ name: "N", mac: "x" }],
  plain: [{ ...file, reversal: { kind: "stretch", at: 1, length: 2, old: "eA==" } }],
  files: [file],
  indexes: [{ file: "index", entries: [entry, { ...entry, reversal: { kind: "clean" } }] }],
  untracked: ["a.js"],
  folders: ["a"],
};

test("a whole run is one", () => {
  expect(isRun(run)).toBe(true);
  expect(isRun({ ...run, receipt: { made: [] }, store: { ...run.store, origin: "dotenv:a/.env" } })).toBe(
    true,
  );
});

/** Every way to a value within a value. */
function waysIn(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [way];
  const inner = Object.entries(value).flatMap(([name, each]) => waysIn(each, [...way, name]));
  return way.length === 0 ? inner : [way, ...inner];
}

function changed(value: unknown, [name, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (name === undefined) return to;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[name] = changed(copy[name], rest, to);
  return copy;
}

test("with any of its parts of another kind it is none", () => {
  for (const way of waysIn(run)) {
    expect([way, isRun(changed(run, way, 1.5))]).toEqual([way, false]);
    expect([way, isRun(changed(run, way, undefined))]).toEqual([way, false]);
  }
});

test.each(["../a", "/a", "a/../b", "", "a//b", ".git/x", "a/.GIT/x", "a\0b"])(
  "a path %j is refused",
  (path) => {
    expect(isRun({ ...run, folders: [path] })).toBe(false);
    expect(isRun({ ...run, untracked: [path] })).toBe(false);
    expect(isRun({ ...run, files: [{ ...file, path }] })).toBe(false);
    expect(isRun({ ...run, indexes: [{ file: "index", entries: [{ ...entry, path }] }] })).toBe(false);
    expect(isRun({ ...run, store: { kind: "dotenv", label: "x", origin: `dotenv:${path}` } })).toBe(false);
  },
);

test("whatever JSON holds is looked at without an error, and is none", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => !isRun(value)));
  fc.assert(
    fc.property(fc.constantFrom(...waysIn(run)), fc.jsonValue(), (way, value) => {
      isRun(changed(run, way, value));
    }),
  );
});
