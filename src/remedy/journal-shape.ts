import type { Run } from "./journal.ts";
import { namedProblem } from "./raw-path.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === "boolean";
/** A path that stays in the work tree, as far as its words go. */
const isPath: Check = (value) => typeof value === "string" && namedProblem(value) === null;
const isOrigin: Check = (value) =>
  typeof value === "string" && (!value.startsWith("dotenv:") || isPath(value.slice("dotenv:".length)));

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const anyOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const isSplice = record({
  at: isCount,
  before: listOf(anyOf(isText, record({ name: isText }))),
  after: isText,
});
const isReversal = anyOf(
  record({ kind: oneOf("splices"), encoding: oneOf("utf8", "latin1", "utf16le"), splices: listOf(isSplice) }),
  record({ kind: oneOf("stretch"), at: isCount, length: isCount, old: isText }),
  record({ kind: oneOf("clean", "none") }),
);
const isFile = record({
  path: isPath,
  before: orNull(isText),
  after: isText,
  reversal: isReversal,
  inPlace: isFlag,
});
const isEntry = record({
  path: isPath,
  before: orNull(isText),
  after: orNull(isText),
  reversal: isReversal,
});
const isWholeRun = record({
  state: oneOf("prepared", "applied", "undone", "closed"),
  version: oneOf(1),
  id: isCount,
  started: isText,
  projectId: isText,
  store: record({ kind: oneOf("keychain", "dotenv"), label: isText, origin: isOrigin }),
  receipt: orNull(isObject),
  secrets: listOf(record({ name: isText, mac: isText })),
  plain: listOf(isFile),
  files: listOf(isFile),
  indexes: listOf(record({ file: isText, entries: listOf(isEntry) })),
  untracked: listOf(isPath),
  folders: listOf(isPath),
});

/** Whether what a journal holds is a run, all of it, with paths that stay in the work tree. */
export function isRun(value: unknown): value is Run {
  return isWholeRun(value);
}
