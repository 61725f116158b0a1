import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { locateDockerfile } from "../../../../../src/formats/dockerfile.ts";
import { editFile, filled, TOKEN } from "../../../../helpers/edit-file.ts";

const MOUNT = "--mount=type=secret,id=MY_TOKEN,env=MY_TOKEN";

describe("a command of the build gets a secret mount", () => {
  test.each([
    ["a word", "RUN x §", `RUN ${MOUNT} x "\${MY_TOKEN:?}"`],
    [
      "twice, over lines",
      'RUN x "§" && \\\n  # note\n  y §',
      `RUN ${MOUNT} x "\${MY_TOKEN:?}" && \\\n  # note\n  y "\${MY_TOKEN:?}"`,
    ],
    [
      "beside other mounts",
      "RUN --mount=type=cache,target=/c x §",
      `RUN ${MOUNT} --mount=type=cache,target=/c x "\${MY_TOKEN:?}"`,
    ],
    ["with the mount already there", `RUN ${MOUNT} x §`, `RUN ${MOUNT} x "\${MY_TOKEN:?}"`],
    [
      "two values",
      "run x § ¤",
      `run ${MOUNT} --mount=type=secret,id=OTHER_KEY,env=OTHER_KEY x "\${MY_TOKEN:?}" "\${OTHER_KEY:?}"`,
    ],
    ["a command of the container", "CMD x §", 'CMD x "${MY_TOKEN:?}"'],
    ["with a newer syntax", "RUN x '§'", `RUN ${MOUNT} x "\${MY_TOKEN:?}"`],
  ])("%s", async (name, before, after) => {
    const head = name === "with a newer syntax" ? "# syntax=docker/dockerfile:1.12\nFROM a\n" : "FROM a\r\n";
    const { after: text, refused } = await editFile("Dockerfile", filled(`${head}${before}\nUSER x`));
    expect(refused).toEqual([]);
    expect(text).toBe(`${head}${after}\nUSER x`);
  });
});

test("the command of a RUN gives the same words as before", async () => {
  const text = filled("FROM a\nRUN printf '%s\\n' \"a §\" 'b §' c§ \\\n  \"it's §\"\n");
  const { after } = await editFile("Dockerfile", text);
  const words = (dockerfile: string): string => {
    const run = locateDockerfile(dockerfile).instructions.find(({ keyword }) => keyword === "RUN");
    const body = dockerfile.slice(run?.body?.start, run?.body?.end);
    return execFileSync("sh", ["-c", body], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", MY_TOKEN: TOKEN },
    });
  };
  expect(words(after)).toBe(words(text));
  expect(after).not.toContain(TOKEN);
});

test("what is beside a refused instruction is still rewritten", async () => {
  const { after, refused, notes } = await editFile("Dockerfile", filled("FROM a\nENV A=§\nRUN x §\n"));
  expect(after).toBe(filled(`FROM a\nENV A=§\nRUN ${MOUNT} x "\${MY_TOKEN:?}"\n`));
  expect(refused).toHaveLength(1);
  expect(notes).toEqual([expect.stringContaining("docker build --secret id=MY_TOKEN,env=MY_TOKEN")]);
});
