import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { relay } from "../../../src/run/relay.ts";

const NEEDLES = [Buffer.from("secret-value")];
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** A reader that takes what it is given, or nothing until it is told to. */
function sinkOf({ stuck = false } = {}) {
  const waiting: (() => void)[] = [];
  let text = "";
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (stuck) waiting.push(done);
      else done();
    },
  });
  return { sink, text: () => text, take: () => waiting.splice(0).forEach((done) => done()) };
}

test("all is passed on, and values are not", async () => {
  const source = new PassThrough();
  const { sink, text } = sinkOf();
  const { done } = relay(source, sink, NEEDLES);
  source.write("a secret-");
  source.write("value b sec");
  source.end();
  expect(await done).toBeNull();
  expect(text()).toBe("a *** b sec");
});

test("a program left behind that is silent is cut, what it began is written", async () => {
  const source = new PassThrough();
  const { sink, text } = sinkOf();
  const { done, programEnded } = relay(source, sink, NEEDLES);
  source.write("one sec");
  await settle();
  programEnded();
  await vi.advanceTimersByTimeAsync(1900);
  expect(source.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(await done).toBeNull();
  expect(source.destroyed).toBe(true);
  expect(text()).toBe("one sec");
});

test("one that never stops talking is cut too", async () => {
  const source = new PassThrough();
  const { done, programEnded } = relay(source, sinkOf().sink, NEEDLES);
  programEnded();
  for (let tick = 0; tick < 99; tick += 1) {
    source.write("more\n");
    await settle();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(source.destroyed).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(await done).toBeNull();
});

test("a reader that takes its time loses nothing", async () => {
  const source = new PassThrough();
  const { sink, text, take } = sinkOf({ stuck: true });
  const { done, programEnded } = relay(source, sink, NEEDLES);
  source.write("one\n");
  source.write("two\n");
  programEnded();
  await settle();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.destroyed).toBe(false);
  source.end();
  for (let turn = 0; turn < 6; turn += 1) {
    take();
    await settle();
  }
  expect(await done).toBeNull();
  expect(text()).toBe("one\ntwo\n");
});

test.each([
  ["EPIPE", null],
  ["ENOSPC", "ENOSPC"],
])("where the reader fails with %s, the program's output is closed", async (code, told) => {
  const source = new PassThrough();
  const sink = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("write"), { code })),
  });
  const { done } = relay(source, sink, NEEDLES);
  source.write("text");
  const failure = await done;
  expect(source.destroyed).toBe(true);
  expect(failure === null ? null : (failure as NodeJS.ErrnoException).code).toBe(told);
});
