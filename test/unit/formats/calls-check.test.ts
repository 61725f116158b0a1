import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CALLS_CHECK, FAILS_WITH_CHECK } from "../../../src/formats/calls-check.ts";

describe("a script that fails when check-pack does", () => {
  test.each([
    "check-pack",
    "npm test && check-pack --only npm",
    "node dist/check-pack.cjs",
    "npm run build && node --enable-source-maps dist/check-pack.cjs",
    "./node_modules/.bin/check-pack",
    String.raw`.\node_modules\.bin\check-pack.cmd`,
    '"node_modules/.bin/check-pack" .',
    "npx check-pack",
    "npx --no-install check-pack",
    "npx -y stowaway@1.2.3 check-pack",
    "npm exec -- check-pack",
    "yarn check-pack",
    "pnpm exec check-pack",
    "stowaway check-pack",
    "node node_modules/stowaway/dist/bin.cjs check-pack",
    "CI=1 check-pack",
    "cross-env CI=1 check-pack",
    "exec check-pack",
    "(a || b) && check-pack",
    "a; check-pack",
    "a | check-pack",
    "(a && check-pack) && b",
    "check-pack && (a || b)",
    "check-pack > log 2>&1",
    "check-pack || true; check-pack",
  ])("%s", (script) => {
    expect(FAILS_WITH_CHECK.test(script)).toBe(true);
    expect(CALLS_CHECK.test(script)).toBe(true);
  });
});

describe("a script that calls check-pack and takes no notice of its answer", () => {
  test.each([
    "check-pack || true",
    "check-pack; b",
    "check-pack\nb",
    "(check-pack) || true",
    "check-pack && b || true",
    "check-pack | tee log",
    "check-pack & wait",
  ])("%o", (script) => {
    expect(FAILS_WITH_CHECK.test(script)).toBe(false);
    expect(CALLS_CHECK.test(script)).toBe(true);
  });
});

describe("a script that does not call check-pack", () => {
  test.each([
    "",
    "echo check-pack",
    'echo "a && check-pack"',
    "echo 'a; check-pack'",
    String.raw`echo \; check-pack`,
    "make # all; check-pack",
    "# check-pack",
    "a || check-pack",
    "a || (check-pack)",
    "my-check-pack",
    "check-packs",
    "check-pack.json",
    "npm run check-pack",
    "npm run check-packages",
    "ls check-pack",
  ])("%s", (script) => {
    expect(CALLS_CHECK.test(script)).toBe(false);
  });
});

test("whatever follows a call, one notion is within the other", () => {
  const part = fc.constantFrom(
    "check-pack",
    "a",
    " ",
    "&&",
    "||",
    "|",
    ";",
    "(",
    ")",
    '"',
    "'",
    "\\",
    "#",
    "\n",
    "npx",
    "X=1",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const script = parts.join("");
      expect(FAILS_WITH_CHECK.test(script) && !CALLS_CHECK.test(script)).toBe(false);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
