import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAllowed } from "../../../src/judge/allow.ts";
import { eventId, findingIds, nameFindingId } from "../../../src/judge/fingerprint.ts";
import { frameOf } from "../../../src/judge/frame.ts";
import { LineViews } from "../../../src/judge/line-view.ts";
import { newInAll, newLines } from "../../../src/judge/new-lines.ts";
import { withoutOverlaps } from "../../../src/judge/overlap.ts";
import { verdict } from "../../../src/judge/verdict.ts";
import { LineMap } from "../../../src/model/line-map.ts";
import type { Frame } from "../../../src/model/finding.ts";
import type { Match } from "../../../src/model/match.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { Secret } from "../../../src/model/secret.ts";

const map = (text: string): LineMap => new LineMap(Buffer.from(text));

describe("new lines", () => {
  test.each([
    ["a\nb\nc", "a\nc", [1]],
    ["a\na\na", "a\na", [2]],
    ["c\nb\na", "a\nb\nc", []],
    ["a\r\nb\r\n", "a\nb\n", []],
    ["", "a", [0]],
    ["a", "", [0]],
  ])("%j after %j: %j", (now, before, added) => {
    expect([...newLines(map(now), map(before))]).toEqual(added);
  });

  test("in a merge only what no parent has is new", () => {
    expect(newInAll(map("a\nb\nc"), [map("a"), map("b")])).toEqual(new Set([2]));
    expect(newInAll(map("a"), [])).toBeNull();
  });

  test("a text is never new against itself, and always new against an empty one", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(newLines(map(text), map(text)).size).toBe(0);
        expect(newLines(map(`x${text}`), map("")).size).toBeGreaterThan(0);
      }),
      { seed: 5 },
    );
  });
});

describe("ids", () => {
  const marked = { id: "token", publicPrefix: 4 } as unknown as Rule;
  const unmarked = { id: "password", publicPrefix: 0 } as unknown as Rule;
  const strong = new Secret(`tok_${"zY9xW8vU7tS6rQ5pO4nM3".repeat(2)}`);
  const weak = new Secret("hunter22!");
  const id = async (rule: Rule, path: string, secret: Secret): Promise<string> =>
    (await findingIds([{ rule, secret }], path))[0] ?? "";

  test.each([
    ["a strong token", marked, strong],
    ["a weak token", marked, weak],
    ["a long phrase", unmarked, strong],
  ])("%s: the same while rule, path and value are", async (_name, rule, secret) => {
    const first = await id(rule, "a/b.js", secret);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await id(rule, "a/b.js", new Secret(secret.expose()))).toBe(first);
    expect(await id(rule, "a/c.js", secret)).not.toBe(first);
    expect(await id({ ...rule, id: "other" }, "a/b.js", secret)).not.toBe(first);
    expect(await id(rule, "a/b.js", new Secret(`${secret.expose()}x`))).not.toBe(first);
  });

  test("many at once keep their order", async () => {
    const secrets = Array.from({ length: 9 }, (_, index) => ({
      rule: unmarked,
      secret: new Secret(`value-${index}`),
    }));
    const together = await findingIds(secrets, "a");
    expect(together).toEqual(
      await Promise.all(secrets.map(async ({ rule, secret }) => await id(rule, "a", secret))),
    );
    expect(new Set([...together, nameFindingId("password", "a")]).size).toBe(10);
  });

  test("what could not be read is bound to its content", () => {
    expect(eventId("too-large", ["a"], "1")).not.toBe(eventId("too-large", ["a"], "2"));
  });
});

describe("frames", () => {
  /** The frame of one secret, with other matches on its line. */
  const frame = (text: string, secret: string, others: readonly string[] = [], redacted = "…"): Frame => {
    const bytes = Buffer.from(text);
    const matches = [secret, ...others].map((value) => {
      const start = bytes.indexOf(value);
      return { rule: { publicPrefix: 0 }, start, end: start + Buffer.from(value).length } as unknown as Match;
    });
    const lines = new LineMap(bytes);
    const document = { path: "a", container: [], bytes, encoding: "utf-8", included: null } as const;
    const first = matches[0];
    const range = lines.range(first?.start ?? 0, first?.end ?? 0);
    return frameOf(new LineViews(document, lines, matches).line(range.line - 1), range, redacted);
  };

  test.each([
    [
      `const t = "SECRETVALUE"; const other = "hello world";`,
      "SECRETVALUE",
      `const t = "…"; const other = "***";`,
    ],
    ["//host.example/:_authToken=SECRETVALUE", "SECRETVALUE", "//host.example/:_authToken=…"],
    [
      `fetch("https://host/SECRETVALUE") // stowaway:allow rule`,
      "SECRETVALUE",
      `fetch("https://host/…") // stowaway:allow rule`,
    ],
    [`$env:TOKEN = "SECRETVALUE"`, "SECRETVALUE", `$env:TOKEN = "…"`],
    ["TOKEN=SECRETVALUE # rest", "SECRETVALUE", "TOKEN=… # rest"],
    ["curl -H 'X: SECRETVALUE' -d pin=998877", "SECRETVALUE", "curl -H 'X: …' -d pin=***"],
    [
      `  "release": "X=SECRETVALUE run", "other": "hidden"`,
      "SECRETVALUE",
      `"release": "X=… run", "other": "***"`,
    ],
    ["    indented(SECRETVALUE)", "SECRETVALUE", "indented(…)"],
    ["{ user: root, hidden: pa55w0rd, t: SECRETVALUE }", "SECRETVALUE", "{ user: ***, hidden: ***, t: … }"],
  ])("%s", (text, secret, shown) => {
    expect(frame(text, secret)).toMatchObject({
      text: shown,
      start: shown.indexOf("…"),
      length: 1,
    });
  });

  test.each([
    ["another secret", "first OTHER+SECRET then SECRETVALUE and OTHER+SECRET", "first *** then … and ***"],
    ["one that reaches over the ends", "x SECRETVALUE/OTHER+SECRET y", "x …*** y"],
  ])("%s on the line is masked, wherever it stands", (_name, text, shown) => {
    const other = text.includes("VALUE/OTHER") ? "SECRETVALUE/OTHER+SECRET" : "OTHER+SECRET";
    expect(frame(text, "SECRETVALUE", [other]).text).toBe(shown);
  });

  test.each([
    ["the same value once more", `login k$9!x@Q#2z; const p = "k$9!x@Q#2z"`, `k$9!x@Q#2z`],
    ["a string with strings in it", String.raw`"{\"a\":\"two plain\",\"t\":\"SECRETVALUE\"}"`, "two plain"],
    ["a value glued to it", `"SECRETVALUE/k$9!x@Q#2z"`, "k$9!x"],
    [
      "a string behind a long one",
      `x={"p":"${"lorem ".repeat(90)}","b":"correct horse","t":"SECRETVALUE"}`,
      "correct",
    ],
  ])("%s does not show", (_name, text, hidden) => {
    const secret = text.includes("SECRETVALUE") ? "SECRETVALUE" : hidden;
    expect(frame(text, secret).text).not.toContain(hidden);
  });

  test("never shows the value, stays short, and points at the redacted form", () => {
    const filler = fc.string({
      unit: fc.constantFrom("a", "Z", "9", '"', "'", "=", ":", " ", "é", "\\", "/"),
      maxLength: 900,
    });
    fc.assert(
      fc.property(filler, filler, (before, after) => {
        const text = `${before}SECRETVALUE${after}`;
        const shown = frame(text, "SECRETVALUE", [], "<…>");
        expect(shown.text).not.toContain("SECRETVALUE");
        expect(shown.text.length).toBeLessThanOrEqual(125);
        expect(shown.text.slice(shown.start, shown.start + shown.length)).toBe("<…>");
      }),
      { seed: 6 },
    );
  });
});

describe("allow comments", () => {
  test.each([
    ["x = 1 // stowaway:allow", true],
    ["x = 1 # stowaway:allow some-rule", true],
    ["x = 1 # stowaway:allow some-rule -- a test value", true],
    ["x = 1 # stowaway:allow -- a test value", true],
    ["x = 1 # stowaway:allow other-rule", false],
    ["x = 1 # gitleaks:allow", true],
    ["x = 1 # pragma: allowlist secret", true],
    ["x = 1 # trufflehog:ignore", true],
    ["x = 1 # stowaway:allowance", false],
    ["x = 1", false],
  ])("%s: %s", (line, allowed) => {
    expect(isAllowed(line, "some-rule")).toBe(allowed);
  });
});

describe("overlaps", () => {
  const match = (id: string, confidence: "high" | "low", start: number, end: number): Match =>
    ({
      rule: { id, confidence, severity: "high" },
      start,
      end,
      matchStart: start,
      matchEnd: end,
    }) as unknown as Match;

  test("the surer match stays, then the longer one, in text order", () => {
    const kept = withoutOverlaps([
      match("generic", "low", 0, 50),
      match("exact", "high", 10, 20),
      match("b", "high", 60, 70),
      match("a", "high", 60, 80),
    ]);
    expect(kept.map(({ rule }) => rule.id)).toEqual(["exact", "a"]);
  });

  test("what is kept never overlaps, and what is dropped does", () => {
    const spans = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 12 });
    fc.assert(
      fc.property(spans, (list) => {
        const all = list.map(([start, length], index) =>
          match(`r${index}`, index % 2 === 0 ? "high" : "low", start, start + length),
        );
        const kept = withoutOverlaps(all);
        const meets = (a: Match, b: Match): boolean => a.start < b.end && b.start < a.end;
        for (const one of kept)
          for (const other of kept) if (one !== other) expect(meets(one, other)).toBe(false);
        for (const one of all)
          if (!kept.includes(one)) expect(kept.some((other) => meets(one, other))).toBe(true);
      }),
      { seed: 7 },
    );
  });
});

describe("verdict", () => {
  const finding = (severity: string, status = "new"): never => ({ severity, status }) as never;
  test.each([
    [[], [], 0],
    [[finding("low")], [], 0],
    [[finding("medium")], [], 1],
    [[finding("high", "allowed")], [], 0],
    [[], [{} as never], 3],
    [[finding("critical")], [{} as never], 1],
    [[finding("low")], [{} as never], 3],
  ])("%j and %j: %i", (findings, errors, code) => {
    expect(verdict({ findings, errors }, "medium")).toBe(code);
  });
});
