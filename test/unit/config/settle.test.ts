import { expect, test } from "vitest";
import { settle } from "../../../src/config/settle.ts";
import { skipVariable } from "../../../src/config/skip.ts";
import { DEFAULT_SETTINGS } from "../../../src/model/settings.ts";

test("without flags and configuration it is the defaults", () => {
  expect(settle({}, {})).toEqual(DEFAULT_SETTINGS);
});

test("flags win over configuration, configuration over defaults", () => {
  const config = { failOn: "high", disable: ["jwt"], limits: { depth: 2 } } as const;
  const settings = settle({ failOn: "critical", strict: true }, { ...config, disable: ["jwt"] });
  expect(settings).toEqual({
    ...DEFAULT_SETTINGS,
    failOn: "critical",
    strict: true,
    disable: ["jwt"],
    limits: { ...DEFAULT_SETTINGS.limits, depth: 2 },
  });
  expect(settle({}, { failOn: "high" }).failOn).toBe("high");
  expect(settle({}, { store: "conf/.env" }).store).toBe("conf/.env");
});

test("nothing can be changed afterwards, the defaults neither", () => {
  const settings = settle({}, { ignorePaths: ["a"] });
  expect([settings, settings.limits, settings.ignorePaths, settings.disable].every(Object.isFrozen)).toBe(
    true,
  );
  expect(Object.isFrozen(DEFAULT_SETTINGS.disable)).toBe(false);
});

test.each([
  [{}, null],
  [{ STOWAWAY_SKIP: "1" }, "STOWAWAY_SKIP"],
  [{ STOWAWAY_SKIP: "0" }, null],
  [{ STOWAWAY_SKIP: "" }, null],
  [{ SKIP: "stowaway" }, "SKIP"],
  [{ SKIP: "eslint, stowaway" }, "SKIP"],
  [{ SKIP: "not-stowaway" }, null],
])("%o is skipped by %s", (env, variable) => {
  expect(skipVariable(env)).toBe(variable);
});
