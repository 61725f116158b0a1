import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { buildAutomaton } from "../../../src/run/automaton.ts";
import { relay } from "../../../src/run/relay.ts";

const VALUES = buildAutomaton([Buffer.from("secret-value")]);
const settle = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

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
  const { done } = relay(source, sink, VALUES);
  source.write("a secret-");
  source.write("value b sec");
  source.end();
  expect(await done).toBeNull();
  expect(text()).toBe("a *** b sec");
});

test("it is open until its end, not where the reader is waited for", async () => {
  const source = new PassThrough();
  const { sink, text, take } = sinkOf({ stuck: true });
  const { done, isOpen } = relay(source, sink, VALUES);
  expect(isOpen()).toBe(true);
  source.write("one\n");
  await settle();
  expect(isOpen()).toBe(false);
  take();
  await settle();
  expect(isOpen()).toBe(true);
  source.write("two\n");
  source.end();
  for (let turn = 0; turn < 6; turn += 1) {
    take();
    await settle();
  }
  expect(await done).toBeNull();
  expect(isOpen()).toBe(false);
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
  const { done } = relay(source, sink, VALUES);
  source.write("text");
  const failure = await done;
  expect(source.destroyed).toBe(true);
  expect(failure === null ? null : (failure as NodeJS.ErrnoException).code).toBe(told);
});
