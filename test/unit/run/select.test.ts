import { expect, test } from "vitest";
import type { Manifest } from "../../../src/model/manifest.ts";
import { requireKnown, requireProfile, wantedVariables } from "../../../src/run/select.ts";

function manifest(secrets: Manifest["secrets"]): Manifest {
  return { version: 1, projectId: "0".repeat(32), secrets };
}

const PLAIN = manifest({
  API_TOKEN: { from: ["keychain"], as: ["TF_VAR_api_token"], profiles: ["staging"] },
  DB_PASSWORD: { from: ["keychain"] },
});

test("every name is wanted, and its further ones", () => {
  expect(wantedVariables(PLAIN, [])).toEqual([
    { variable: "API_TOKEN", secret: "API_TOKEN" },
    { variable: "TF_VAR_api_token", secret: "API_TOKEN" },
    { variable: "DB_PASSWORD", secret: "DB_PASSWORD" },
  ]);
  expect(wantedVariables(null, [])).toEqual([]);
});

test.each([
  [["DB_PASSWORD"], ["DB_PASSWORD"]],
  [["API_TOKEN"], ["API_TOKEN", "TF_VAR_api_token"]],
  [["TF_VAR_api_token"], ["TF_VAR_api_token"]],
  [["OTHER"], []],
])("--only %j takes %j", (only, variables) => {
  expect(wantedVariables(PLAIN, only).map(({ variable }) => variable)).toEqual(variables);
});

test.each([
  "PATH",
  "Path",
  "NODE_OPTIONS",
  "LD_PRELOAD",
  "DYLD_INSERT_LIBRARIES",
  "BASH_ENV",
  "PYTHONSTARTUP",
  "GIT_SSH_COMMAND",
  "npm_config_script_shell",
  "HTTPS_PROXY",
  "STOWAWAY_STORE",
])("%s is refused, as a name and as a further one, unless it is asked for", (name) => {
  const asName = manifest({ [name]: { from: ["keychain"] } });
  const asFurther = manifest({ TOKEN: { from: ["keychain"], as: [name] } });
  for (const hostile of [asName, asFurther]) {
    expect(() => wantedVariables(hostile, [])).toThrow(`asks for ${name}, which decides`);
    expect(wantedVariables(hostile, [name]).map(({ variable }) => variable)).toEqual([name]);
    expect(wantedVariables(hostile, ["OTHER"])).toEqual([]);
  }
  expect(() => wantedVariables(asFurther, ["TOKEN"])).toThrow(`asks for ${name}, which decides`);
});

test("what is misspelt is named, with what is meant", () => {
  expect(() => requireKnown(["API_TOKEN", "TF_VAR_api_token", "FILE"], PLAIN, ["FILE"])).not.toThrow();
  expect(() => requireKnown(["API_TOKNE"], PLAIN, [])).toThrow(
    expect.objectContaining({ exitCode: 2, hint: "Did you mean API_TOKEN?" }),
  );
  expect(() => requireKnown(["OTHER"], null, [])).toThrow(
    expect.objectContaining({ hint: "Add it with: stowaway secrets set OTHER" }),
  );
  expect(() => requireProfile(PLAIN, "staging")).not.toThrow();
  expect(() => requireProfile(PLAIN, "stagin")).toThrow(
    expect.objectContaining({ exitCode: 2, hint: "Did you mean staging?" }),
  );
  expect(() => requireProfile(manifest({}), "x")).toThrow(expect.objectContaining({ hint: "It has none." }));
});
