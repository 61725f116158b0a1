import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { parse as parseDotenv } from "dotenv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { editFile, filled, OTHER, TOKEN } from "../../helpers/edit-file.ts";
import { scratch, scrubbed } from "../../helpers/run.ts";

/** What these programs print holds the values: it is theirs, not the tool's, and is not noted as an output. */
const VALUES = { MY_TOKEN: TOKEN, OTHER_KEY: OTHER };

let dir = "";
beforeAll(() => {
  dir = scratch("stowaway-formats-");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function edited(file: string, template: string): Promise<string> {
  const { after, refused } = await editFile(file, filled(template), {
    files: { "config/application.rb": "" },
  });
  expect(refused).toEqual([]);
  expect(after).not.toContain(TOKEN);
  return after;
}

function put(file: string, text: string): string {
  const at = path.join(dir, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, text, { mode: 0o600 });
  return at;
}

/** Runs a program with the values in its environment. */
function ran(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = VALUES,
): string {
  return execFileSync(command, args, { cwd: dir, encoding: "utf8", env: { ...scrubbed(dir), ...env } });
}

test("npm runs scripts with the same words", async () => {
  const show = 'node -p \\"process.argv.slice(1).concat(process.env.T ?? []).join()\\"';
  const before = `{"name": "x", "scripts": {"a": "T=§ ${show}", "b": "${show} § 'it is §' \\"a §\\"", "c": "true && A=1 T='¤' ${show}"}}`;
  const after = await edited("package.json", before);
  const outputs = (text: string): string[] => {
    put("package.json", text);
    return ["a", "b", "c"].map((name) => {
      const values = text === after ? { ...VALUES, T: name === "a" ? TOKEN : OTHER } : {};
      return ran("npm", ["run", "--silent", name], name === "b" ? VALUES : values);
    });
  };
  const wanted = outputs(filled(before));
  expect(outputs(after)).toEqual(wanted);
  expect(ran("npm", ["pkg", "get", "scripts.a"])).toBe(`${JSON.stringify(show.replaceAll('\\"', '"'))}\n`);
});

test("npm and pip sign in with the value", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ username: "ada" }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const options = { cwd: dir, env: { ...scrubbed(dir), ...VALUES } };
  try {
    put(".npmrc", await edited(".npmrc", `registry=http://${host}/\n//${host}/:_authToken=§\n`));
    const npm = ["whoami", "--registry", `http://${host}/`];
    expect((await promisify(execFile)("npm", npm, options)).stdout).toBe("ada\n");
    expect(seen.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
    put(
      "requirements.txt",
      await edited("requirements.txt", `--index-url http://ada:§@${host}/simple\nx==1\n`),
    );
    const pip = [
      "-m",
      "pip",
      "download",
      "--no-deps",
      "--retries",
      "0",
      "--disable-pip-version-check",
      "-r",
      "requirements.txt",
    ];
    const python = process.env["STOWAWAY_TEST_PYTHON"] ?? "python3";
    await promisify(execFile)(python, pip, options).catch(() => undefined);
    expect(seen.at(-1)?.authorization).toBe(`Basic ${Buffer.from(`ada:${TOKEN}`).toString("base64")}`);
  } finally {
    server.close();
  }
});

test("bash, node and the dotenv package take what was in .env from the environment", async () => {
  const after = await edited(".env", "# x\nexport A='§' # n\nB=plain\nOTHER_KEY=\"¤\"\n");
  const env = { ...VALUES, A: TOKEN };
  const file = put(".env", after);
  expect(ran("bash", ["-c", `set -a; . ./.env; printf %s "$A $B $OTHER_KEY"`], env)).toBe(
    `${TOKEN} plain ${OTHER}`,
  );
  const script = "process.stdout.write([process.env.A, process.env.B, process.env.OTHER_KEY].join(' '))";
  expect(ran("node", [`--env-file=${file}`, "-e", script], env)).toBe(`${TOKEN} plain ${OTHER}`);
  expect(parseDotenv(after)).toEqual({ B: "plain" });
});

const PYTHON = `
import configparser, json, sys, tomllib, xml.etree.ElementTree as tree
kind, text = sys.argv[1], sys.stdin.read()
if kind == "toml": out = tomllib.loads(text)
elif kind == "xml": out = [[e.tag, e.attrib, (e.text or "").strip()] for e in tree.fromstring(text).iter()]
else:
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    out = {s: dict(parser.items(s)) for s in parser.sections()}
print(json.dumps(out))
`;

function pythonReads(kind: string, text: string): unknown {
  const env = { ...scrubbed(dir) };
  return JSON.parse(execFileSync("python3", ["-c", PYTHON, kind], { encoding: "utf8", input: text, env }));
}

describe("Python's own parsers read what is left", () => {
  test.each([
    ["ini", ".pypirc", "[pypi]\nusername = u\npassword = §\n", { pypi: { username: "u" } }],
    [
      "ini",
      "tox.ini",
      "[testenv]\nsetenv =\n  A=§\n  B=x\n",
      { testenv: { setenv: "\nA={env:MY_TOKEN}\nB=x" } },
    ],
    [
      "ini",
      "supervisord.conf",
      '[program:x]\nenvironment = A="§"\n',
      { "program:x": { environment: 'A="%(ENV_MY_TOKEN)s"' } },
    ],
    [
      "ini",
      ".aws/credentials",
      "[a b]\naws_access_key_id = ¤\naws_secret_access_key = §\n",
      {
        "a b": {
          credential_process:
            "/usr/local/bin/stowaway env --format aws --cwd /home/ada/work --only OTHER_KEY,MY_TOKEN",
        },
      },
    ],
    [
      "toml",
      ".cargo/credentials.toml",
      '[registry]\ntoken = "§"\n[registries.a]\ntoken = "¤"\nx = 1\n',
      { registry: {}, registries: { a: { x: 1 } } },
    ],
    ["toml", "mise.toml", '[env]\nA = "§"\nB = """\nx"""\n', { env: { B: "x" } }],
    [
      "xml",
      "settings.xml",
      '<s a="x §"><p> § </p><q>&lt;</q></s>',
      [
        ["s", { a: "x ${env.MY_TOKEN}" }, ""],
        ["p", {}, "${env.MY_TOKEN}"],
        ["q", {}, "<"],
      ],
    ],
    [
      "xml",
      "nuget.config",
      "<c><add value='§' /></c>",
      [
        ["c", {}, ""],
        ["add", { value: "%MY_TOKEN%" }, ""],
      ],
    ],
  ])("%s: %s", async (kind, file, before, expected) => {
    expect(pythonReads(kind, await edited(file, before))).toEqual(expected);
  });
});

describe("the yaml package reads the same but for the values", () => {
  test.each([
    [
      "compose.yml",
      "${MY_TOKEN:?}",
      "a:\n  b: { K: §, L: 'x §' }\n  c: >-\n    run\n    § now\n  d: |2-\n    x\n",
    ],
    ["group_vars/all.yml", "{{ lookup('env', 'MY_TOKEN') }}", "a: §\nb: [ x, § ]\nc: 'it''s'\n"],
    [".yarnrc.yml", "${MY_TOKEN}", 'npmScopes:\n  a:\n    npmAuthToken: "§" # x\n    b: §\n'],
    ["config/packages/a.yaml", "%env(MY_TOKEN)%", "a: §\n? b\n: '§'\n"],
  ])("%s", async (file, form, before) => {
    const wanted = JSON.stringify(parseYaml(filled(before))).replaceAll(TOKEN, () => form);
    expect(JSON.stringify(parseYaml(await edited(file, before)))).toBe(wanted);
  });
});

test("Ruby reads Rails' YAML through ERB, and RubyGems its key from the environment", async () => {
  const text = await edited("config/database.yml", "a: §\nb: \"redis://:§@h\"\nc: '§'\n");
  const ruby =
    'require "erb"; require "yaml"; require "json"; puts JSON.generate(YAML.load(ERB.new(File.read(ARGV[0])).result))';
  expect(JSON.parse(ran("ruby", ["-e", ruby, put("database.yml", text)]))).toEqual({
    a: TOKEN,
    b: `redis://:${TOKEN}@h`,
    c: TOKEN,
  });
  put(".gem/credentials", await edited(".gem/credentials", "---\n:rubygems_api_key: §\n"));
  const gem = "require 'rubygems/config_file'; p Gem.configuration.api_keys";
  expect(ran("ruby", ["-e", gem])).toBe("{}\n");
});

test("PHP expands its ini", async () => {
  const file = put("php.ini", await edited("php.ini", 'user_agent = "x §"\ndefault_charset = § ; y\n'));
  const script = 'echo ini_get("user_agent"), "|", ini_get("default_charset");';
  expect(ran("php", ["-c", file, "-r", script])).toBe(`x ${TOKEN}|${TOKEN}`);
});

test("Java reads the properties", async () => {
  const text = await edited("application.properties", "# c\na.b = x\\\n   §\nk : §\nu\\u0041=\\u0042\n");
  const source = `import java.util.*; import java.io.*;
class P { public static void main(String[] a) throws Exception {
  Properties p = new Properties(); p.load(new FileReader(a[0]));
  for (String k : new TreeSet<>(p.stringPropertyNames())) System.out.println(k + "=" + p.getProperty(k)); } }`;
  const file = put("P.java", source);
  expect(ran("java", [file, put("application.properties", text)])).toBe(
    "a.b=x${MY_TOKEN}\nk=${MY_TOKEN}\nuA=B\n",
  );
});

test("a shell runs a workflow's script to the same end", async () => {
  const before =
    "jobs:\n  a:\n    steps:\n      - run: |\n          printf '%s|' \"a §\" 'b §' c-§\n          cat <<E\n          § ¤\n          E\n";
  const script = (text: string): string =>
    (parseYaml(text) as { jobs: { a: { steps: [{ run: string }] } } }).jobs.a.steps[0].run;
  const after = await edited(".github/workflows/a.yml", before);
  expect(ran("bash", ["-c", script(after)])).toBe(ran("bash", ["-c", script(filled(before))], {}));
});
