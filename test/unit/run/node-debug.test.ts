import { expect, test } from "vitest";
import { refuseNodeDebug } from "../../../src/run/node-debug.ts";

test.each(["child_process", "http,CHILD_PROCESS", "*", "child*", "stream", "**_*"])(
  "NODE_DEBUG=%s is refused",
  (setting) => {
    expect(() => refuseNodeDebug({ NODE_DEBUG: setting })).toThrow(
      expect.objectContaining({ exitCode: 2, code: "node-debug" }),
    );
  },
);

test.each([undefined, "", "http", "net,module", "child", "(stream", "s.ream", "*a".repeat(200)])(
  "NODE_DEBUG=%s is not",
  (setting) => {
    expect(() => refuseNodeDebug({ NODE_DEBUG: setting })).not.toThrow();
  },
);
