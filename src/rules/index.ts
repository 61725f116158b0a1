import type { Rule } from "../model/rule.ts";
import { assigned } from "./assigned.ts";
import { AUTHORIZATION } from "./authorization.ts";
import { AWS } from "./aws.ts";
import { AZURE } from "./azure.ts";
import { COMMAND_LINE } from "./command-line.ts";
import { GCP_SERVICE_ACCOUNT } from "./gcp.ts";
import { GENERIC } from "./generic.ts";
import { GITHUB } from "./github.ts";
import { JWT } from "./jwt.ts";
import { NPM } from "./npm.ts";
import { prefixed } from "./prefixed.ts";
import { PRIVATE_KEY } from "./private-key.ts";
import { PYPI } from "./pypi.ts";
import { ASSIGNED_ROWS, PREFIXED_ROWS } from "./tables/index.ts";
import { URLS } from "./urls.ts";

/** Every rule over content. */
export const RULES: readonly Rule[] = [
  ...AWS,
  GCP_SERVICE_ACCOUNT,
  ...GITHUB,
  NPM,
  PYPI,
  ...AZURE,
  ...PREFIXED_ROWS.map(prefixed),
  ...ASSIGNED_ROWS.map(assigned),
  ...PRIVATE_KEY,
  ...URLS,
  ...JWT,
  ...AUTHORIZATION,
  ...COMMAND_LINE,
  ...GENERIC,
];

export { FILE_RULES } from "./files.ts";
