import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plant } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import { runTool, scratch } from "../helpers/run.ts";
import { githubToken, sample } from "../helpers/samples.ts";

/** The places in which the articles found secrets, each looked at by the built tool. */
const secret = (rule: string, seed: number): string => sample(rule, seed).secret;
const aws = { id: secret("aws-access-key", 1), secret: secret("aws-secret-access-key", 1) };

/** Requirement and place; file; its text; rule that must find it; field that must be named. */
const STORIES: readonly (readonly [
  what: string,
  file: string,
  text: string,
  rule: string,
  field?: string,
])[] = [
  [
    "S0-13 an AWS key in code",
    "a/deploy.py",
    `boto3.client("s3", aws_access_key_id="${aws.id}")\n`,
    "aws-access-key",
  ],
  [
    "S0-13 the secret of an AWS key in code",
    "b/deploy.py",
    `AWS_SECRET_ACCESS_KEY = "${aws.secret}"\n`,
    "aws-secret-access-key",
  ],
  ["S0-13 a dotenv file", "c/.env", `TELEGRAM_BOT_TOKEN=${secret("telegram-bot-token", 2)}\n`, "file/dotenv"],
  [
    "S0-14 ENV of a Dockerfile",
    "d/Dockerfile",
    `FROM node:20\nENV GITHUB_TOKEN=${githubToken(3)}\n`,
    "github-personal-token",
  ],
  [
    "S0-15 RUN of a Dockerfile",
    "e/Dockerfile",
    `RUN git clone https://ada:${plant("Vk3xQ9pLm2Zt7wRb")}@git.internal/app.git\n`,
    "url-with-password",
  ],
  ["S0-16 a comment", "f/index.js", `// old token: ${secret("npm-access-token", 4)}\n`, "npm-access-token"],
  [
    "S0-17 documentation",
    "g/README.md",
    `Run it with \`TOKEN=${secret("npm-access-token", 5)} npm start\`.\n`,
    "npm-access-token",
  ],
  [
    "S0-18 an example",
    "examples/use.js",
    `connect({ key: "${secret("gcp-api-key", 6)}" });\n`,
    "gcp-api-key",
  ],
  ["S0-19 a test case", "test/api.test.js", `const token = "${githubToken(7)}";\n`, "github-personal-token"],
  ["S0-20 Python code", "h/bot.py", `TOKEN = "${secret("telegram-bot-token", 8)}"\n`, "telegram-bot-token"],
  ["S0-20 Node code", "h/main.js", `const key = '${secret("gcp-api-key", 9)}';\n`, "gcp-api-key"],
  [
    "S0-23 a script of package.json",
    "i/package.json",
    `{ "scripts": { "release": "NPM_TOKEN=${secret("npm-access-token", 10)} semantic-release" } }\n`,
    "npm-access-token",
    "scripts.release",
  ],
  [
    "S0-27 one live section among placeholders",
    "spec/dummy/config/aws.yml",
    `test:\n  access_key_id: YOUR_KEY_HERE\nproduction:\n  access_key_id: ${secret("aws-access-key", 11)}\n`,
    "aws-access-key",
  ],
];

interface Found {
  readonly rule: string;
  readonly path: string;
  readonly severity: string;
  readonly field: string | null;
}

async function scanText(name: string, text: string): Promise<readonly Found[]> {
  const ran = await runTool(["check", "--stdin", "--stdin-name", name, "--format", "json"], { input: text });
  return (JSON.parse(ran.stdout) as { findings: Found[] }).findings;
}

let folder = "";
let findings: readonly Found[] = [];
let printed = "";
beforeAll(async () => {
  folder = scratch();
  for (const [, file, text] of STORIES) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  findings = (
    JSON.parse((await runTool(["check", ".", "--format", "json"], { cwd: folder })).stdout) as {
      findings: Found[];
    }
  ).findings;
  printed = (await runTool(["check", "."], { cwd: folder })).stdout;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("where secrets were found", () => {
  test.each(STORIES)("%s", (_, file, _text, rule, field) => {
    const found = findings.filter((finding) => finding.path === file && finding.rule === rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(field === undefined ? {} : { field });
  });

  test("every finding says its priority, its effort and whether it stops CI", () => {
    const standings = printed.match(
      /priority \d, effort (?:low|medium|high), CI (?:fail|warn), id [0-9a-f]{16}/g,
    );
    expect(standings).toHaveLength(findings.length);
  });
});

test.each(["aws-access-key", "gcp-service-account-key", "telegram-bot-token"])(
  "the three kinds that leak most are critical and first: %s",
  async (rule) => {
    const [first] = await scanText(
      "config.txt",
      `${sample("npm-access-token", 12).text}\n${sample(rule, 12).text}\n`,
    );
    expect(first?.severity).toBe("critical");
    expect(
      (await scanText("config.txt", sample(rule, 12).text)).map((finding) => finding.severity),
    ).toContain("critical");
  },
);

test("samples from documentation are not reported", async () => {
  const samples = [
    ["aws_access_key_id = AKIA", "IOSFODNN7", "EXAMPLE"],
    ["aws_secret_access_key = wJalrXUtnFEMI/", "K7MDENG/bPxRfiCY", "EXAMPLEKEY"],
    ["token = ghp_", "16C7e42F292c6912E7710c838347", "Ae178B4a"], // its checksum is wrong
  ].map((pieces) => pieces.join(""));
  expect(await scanText("README.md", `${samples.join("\n")}\n`)).toEqual([]);
});

test("a commit of a .env file is stopped", async () => {
  const repo = await makeRepo();
  repo.installHook();
  repo.write({ ".env": `API_KEY=${sample("gcp-api-key", 13).secret}\n` });
  await repo.git("add", "-f", ".env");
  const { code, stderr } = await repo.git("commit", "-m", "settings");
  expect(code).not.toBe(0);
  expect(stderr).toContain("(file/dotenv)");
  repo.remove();
});
