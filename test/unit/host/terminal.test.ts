import { expect, test } from "vitest";
import { isWatched, painter, usableColumns, usesColor } from "../../../src/host/terminal.ts";

test.each([
  ["a terminal", true, {}, false, true],
  ["no terminal", false, {}, false, false],
  ["--no-color", true, { FORCE_COLOR: "1" }, true, false],
  ["NO_COLOR", true, { NO_COLOR: "1" }, false, false],
  ["an empty NO_COLOR", true, { NO_COLOR: "" }, false, true],
  ["FORCE_COLOR", false, { FORCE_COLOR: "1" }, false, true],
  ["an empty FORCE_COLOR", false, { FORCE_COLOR: "" }, false, true],
  ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false, false],
  ["FORCE_COLOR over NO_COLOR", false, { FORCE_COLOR: "2", NO_COLOR: "1" }, false, true],
  ["a dumb terminal", true, { TERM: "dumb" }, false, false],
])("colours with %s", (_, isTTY, env, noColor, expected) => {
  expect(usesColor({ isTTY }, env, noColor)).toBe(expected);
});

test("painting keeps the text, whatever stream there is", () => {
  expect(painter(false)("red", "text")).toBe("text");
  expect(painter(true)(["bold", "red"], "text")).toBe("\u001b[1m\u001b[31mtext\u001b[39m\u001b[22m");
});

test.each([
  [null, 80],
  [10, 40],
  [100, 100],
  [400, 120],
])("%s columns are used as %s", (columns, expected) => {
  expect(usableColumns({ columns })).toBe(expected);
});

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { CI: "true" }, false],
  [true, { CI: "false" }, true],
  [true, { TERM: "dumb" }, false],
])("terminal %s with %o is watched: %s", (isTTY, env, expected) => {
  const stderr = { isTTY, columns: null, write: () => undefined };
  expect(isWatched({ stderr, env })).toBe(expected);
});
