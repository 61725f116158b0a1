import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeError } from "../../../src/host/problem.ts";
import { IncompleteError, UsageError } from "../../../src/model/errors.ts";

const VALUE = ["a-value", "that-is", "secret"].join("-");

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("a known error is short: path, message, hint", () => {
  const error = new UsageError("x", "this is wrong", { path: "a/b", hint: "Do that." });
  expect(describeError(error, false)).toEqual(["stowaway: a/b: this is wrong", "  hint: Do that."]);
  expect(describeError(new UsageError("x", "this is wrong"), false)).toEqual(["stowaway: this is wrong"]);
});

test("--verbose adds the cause of a known error", () => {
  const cause = thrownBy(() => readFileSync("/no/such/file"));
  const error = new IncompleteError("x", "cannot be read", { cause });
  expect(describeError(error, false)).toHaveLength(1);
  expect(describeError(error, true)[1]).toBe(
    "  caused by ENOENT: no such file or directory, open '/no/such/file'",
  );
});

test("an unknown error shows no text that may quote a value, with --verbose its stack", () => {
  const error = thrownBy(() => JSON.parse(`{"token": ${VALUE}`)) as Error;
  expect(error.message).toContain(VALUE.slice(0, 5));
  const wrapped = new Error(`about ${VALUE}\n    at ${VALUE} (${VALUE})`, { cause: error });
  for (const verbose of [false, true]) {
    const text = describeError(wrapped, verbose).join("\n");
    expect(text).not.toContain(VALUE.slice(0, 5));
    expect(text).toContain("internal error: Error");
    expect(text).toContain("/issues");
  }
  expect(describeError(wrapped, true).join("\n")).toMatch(/caused by SyntaxError\n {4}at /);
});

test("what is thrown need not be an error", () => {
  expect(describeError(VALUE, true)[0]).toBe("stowaway: internal error: a thrown string");
  expect(describeError(undefined, true)[0]).toBe("stowaway: internal error: a thrown undefined");
});
