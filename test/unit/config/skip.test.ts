import { expect, test } from "vitest";
import { skipVariable } from "../../../src/config/skip.ts";

test.each([
  ["eslint stowaway", "SKIP"],
  ["stowaway eslint,prettier", "SKIP"],
  ["eslint ,\tstowaway", "SKIP"],
  ["not stow away", null],
  ["stowaway-docs stowaway_2", null],
])("SKIP=%o is taken as by the shim", (SKIP, variable) => {
  expect(skipVariable({ SKIP })).toBe(variable);
});
