import { describe, expect, test } from "vitest";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

const BOTH = "aws_access_key_id = ¤\naws_secret_access_key = §\n";
const COMMAND =
  "credential_process = /usr/local/bin/stowaway env --format aws --cwd /home/ada/work --only OTHER_KEY,MY_TOKEN\n";

test("both keys give way to a command", async () => {
  const { after, refused } = await editFile(
    ".aws/credentials",
    filled(`[default]\n${BOTH}region = eu-west-1\n[b]\nx = 1\n`),
  );
  expect(refused).toEqual([]);
  expect(after).toBe(`[default]\n${COMMAND}region = eu-west-1\n[b]\nx = 1\n`);
});

test("the secret first, other keys between, no last line end", async () => {
  const text = filled("[p]\r\naws_secret_access_key=§\r\nregion = x\r\naws_access_key_id=¤");
  const { after } = await editFile("home/.aws/credentials", text);
  expect(after).toBe(`[p]\r\n${COMMAND.trim()}\r\nregion = x\r\n`);
});

test("paths with blanks are put in quotes", async () => {
  const { after } = await editFile(".aws/credentials", filled(`[default]\n${BOTH}`), {
    helper: ["/opt/my node/node", "/opt/s/bin.cjs"],
    top: "/home/ada/my work",
  });
  expect(after).toContain(
    '= "/opt/my node/node" /opt/s/bin.cjs env --format aws --cwd "/home/ada/my work" --only ',
  );
});

describe("refused", () => {
  test.each([
    ["without the id", "[default]\naws_access_key_id = x\naws_secret_access_key = §\n", {}, /all its keys/],
    ["with a session that stays", `[default]\n${BOTH}aws_session_token = x\n`, {}, /all its keys/],
    ["from a project's node_modules", `[default]\n${BOTH}`, { helper: null }, /node_modules/],
    ["with a quote in the path", `[default]\n${BOTH}`, { top: '/home/a"b' }, /quotes/],
    ["in a comment", "[default]\n# §\n", {}, /whole value/],
  ])("%s", async (_name, text, options, why) => {
    const { after, refused } = await editFile(".aws/credentials", filled(text), options);
    expect(after).toBe(filled(text));
    expect(refused[0]?.why).toMatch(why);
  });
});
