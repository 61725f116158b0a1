import fc from "fast-check";
import { expect, test } from "vitest";
import { pathBytes, pathProblem } from "../../../src/remedy/raw-path.ts";
import { pathText } from "../../../src/source/git/list.ts";

const interesting = fc.oneof(
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom("\\", "\\x", "ff", "80", "x", "/", "\u00e9", "\u{1f600}", "\n"), { maxLength: 8 })
    .map((parts) => Buffer.from(parts.join(""))),
);

test("a path's bytes come back from the form in which it is shown", () => {
  fc.assert(
    fc.property(interesting, (raw) => {
      expect(pathBytes(pathText(raw))).toEqual(raw);
    }),
    {
      numRuns: 2000,
    },
  );
});

test.each([
  "/etc/passwd",
  "../a",
  "a/../../b",
  "a//b",
  "./a",
  "",
  ".git/config",
  "a/.GIT/hooks/x",
  "git~1/x",
])("%j is outside, or git's own", (shown) => expect(pathProblem("/tmp", shown)).toMatch(/outside|git's own/));
