import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createOutput } from "../../../src/host/output.ts";

/** A stream that fails every write with this code, as the system would. */
function failing(code: string): NodeJS.WriteStream {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error("write"), { code })),
  });
  return stream as unknown as NodeJS.WriteStream;
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("a reader who went away is no failure, and what follows is dropped", async () => {
  const failures: Error[] = [];
  const output = createOutput(
    () => failing("EPIPE"),
    1,
    (error) => failures.push(error),
  );
  output.write("one");
  await settled();
  output.write("two");
  await settled();
  expect(failures).toEqual([]);
});

test("a full disk is told, once", async () => {
  const failures: Error[] = [];
  const output = createOutput(
    () => failing("ENOSPC"),
    1,
    (error) => failures.push(error),
  );
  output.write("one");
  await settled();
  output.write("two");
  await settled();
  expect(failures).toMatchObject([{ code: "ENOSPC" }]);
});

test("the stream is not opened for nothing", () => {
  let opened = 0;
  const output = createOutput(
    () => {
      opened += 1;
      return failing("EPIPE");
    },
    1,
    () => undefined,
  );
  output.write("");
  expect(opened).toBe(0);
});
