import type { Rule } from "../model/rule.ts";
import { fromBase64 } from "./base64.ts";
import { prefixed } from "./prefixed.ts";
import type { PrefixedRow } from "./prefixed.ts";
import { run } from "./shape.ts";

/** Version 2 of the binary macaroon format, then the location field: a byte for its length, and the index's host. */
const OPENING = "\x02\x01";
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
/** Bytes behind the location in the shortest token: identifier and signature. */
const LEAST_REST = 36;

export const PYPI_ROW: PrefixedRow = {
  id: "pypi-api-token",
  provider: "pypi",
  title: "PyPI API token",
  shape: ["pypi-AgE", run("base64url", 70, 900)],
  severity: "critical",
  allows: "publishes releases of one project, or of all the owner's projects",
  source: "https://packaging.python.org/en/latest/specifications/pypirc/",
  envName: "TWINE_PASSWORD",
  revokeUrl: null,
  advice:
    "Remove it under «API tokens» in the account's settings. Publish from CI with a trusted publisher, without any token; else limit the new token to one project.",
  accepts: (secret) => isMacaroon(secret.slice("pypi-".length)),
};

function isMacaroon(body: string): boolean {
  // Two spare bits at the end are no error in tokens that were cut from their padding.
  const bytes = fromBase64(body) ?? fromBase64(body.slice(0, -1));
  if (bytes === null || !bytes.startsWith(OPENING)) return false;
  const length = bytes.charCodeAt(OPENING.length);
  return HOST.test(bytes.slice(3, 3 + length)) && bytes.length >= length + LEAST_REST;
}

/** Tokens of PyPI and TestPyPI: a macaroon in base64url whose location names the index. */
export const PYPI: Rule = prefixed(PYPI_ROW);
