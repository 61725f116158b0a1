import type { Environment } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";

/** Parts of Node whose own debug output shows a child's environment, and what goes through a stream. */
const TELLING = ["child_process", "stream"];

/**
 * Refuses to go on where Node prints to standard error what nobody is to see: it has looked at `NODE_DEBUG` before us.
 *
 * @throws UsageError
 * @see https://nodejs.org/api/util.html#utildebuglogsection-callback for the grammar
 */
export function refuseNodeDebug({ NODE_DEBUG: setting = "" }: Environment): void {
  const patterns = setting
    .split(",")
    .map(
      (part) =>
        new RegExp(
          `^${part.replaceAll(/[|\\{}()[\]^$+?.]/g, String.raw`\$&`).replaceAll(/\*+/g, ".*")}$`,
          "i",
        ),
    );
  const telling = TELLING.find((section) => patterns.some((pattern) => pattern.test(section)));
  if (telling === undefined) return;
  throw new UsageError(
    "node-debug",
    `NODE_DEBUG makes Node print what ${telling} is given, values and all: nothing was started`,
    { hint: "Set it for the program alone: stowaway run env NODE_DEBUG=… PROGRAM" },
  );
}
