import { expect, test } from "vitest";
import { memoryHost } from "./memory-host.ts";
import { startProgress } from "../../../src/host/progress.ts";

const CLEAR = "\r\u001b[2K";

test("appears after a second, and is gone before anything else is written", () => {
  let time = 0;
  const host = memoryHost({ terminal: true, now: () => time });
  const progress = startProgress(host, false);
  time = 999;
  progress.update("packing");
  expect(host.written.stderr).toBe("");
  time = 1000;
  progress.update("packing");
  expect(host.written.stderr).toBe(`${CLEAR}⠋ packing`);
  progress.stop();
  expect(host.written.stderr.endsWith(CLEAR)).toBe(true);
});

test("never writes more than a line, however long the text", () => {
  let time = 0;
  const host = memoryHost({ terminal: true, now: () => time });
  const progress = startProgress(host, false);
  time = 2000;
  progress.update("x".repeat(500));
  progress.stop();
  expect(host.written.stderr.replaceAll(CLEAR, "").length).toBeLessThan(80);
});

test.each([
  ["no terminal", { terminal: false, env: {} }, false],
  ["CI", { terminal: true, env: { CI: "true" } }, false],
  ["--quiet", { terminal: true, env: {} }, true],
])("nothing with %s", (_, options, quiet) => {
  let time = 0;
  const host = memoryHost({ ...options, now: () => time });
  const progress = startProgress(host, quiet);
  time = 5000;
  progress.update("packing");
  progress.stop();
  expect(host.written.stderr).toBe("");
});

test("a fast run writes nothing at all", () => {
  const host = memoryHost({ terminal: true });
  const progress = startProgress(host, false);
  progress.update("packing");
  progress.stop();
  expect(host.written.stderr).toBe("");
});
