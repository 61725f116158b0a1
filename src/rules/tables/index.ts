import type { AssignedRow } from "../assigned.ts";
import type { PrefixedRow } from "../prefixed.ts";
import { AI } from "./ai.ts";
import { CHAT } from "./chat.ts";
import { CLOUD } from "./cloud.ts";
import { CODE_HOSTING } from "./code-hosting.ts";
import { DEVTOOLS } from "./devtools.ts";
import { HOSTING } from "./hosting.ts";
import { MESSAGING } from "./messaging.ts";
import { NAMED_CLOUD } from "./named-cloud.ts";
import { NAMED_DATA } from "./named-data.ts";
import { NAMED_DEVTOOLS } from "./named-devtools.ts";
import { NAMED_MESSAGING } from "./named-messaging.ts";
import { PAYMENTS } from "./payments.ts";
import { REGISTRIES } from "./registries.ts";

/** Tokens that tell by their own text what they are. */
export const PREFIXED_ROWS: readonly PrefixedRow[] = [
  CLOUD,
  HOSTING,
  CODE_HOSTING,
  REGISTRIES,
  PAYMENTS,
  AI,
  DEVTOOLS,
  MESSAGING,
  CHAT,
].flat();

/** Keys that only the name beside them tells. */
export const ASSIGNED_ROWS: readonly AssignedRow[] = [
  NAMED_CLOUD,
  NAMED_DEVTOOLS,
  NAMED_MESSAGING,
  NAMED_DATA,
].flat();
