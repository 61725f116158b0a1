import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { parse } from "dotenv";
import { afterEach, beforeEach, expect, test } from "vitest";
import { plant } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import type { Repo } from "../helpers/repo.ts";
import { scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";
import { Secret } from "../../src/model/secret.ts";
import { chooseDotenvFile } from "../../src/vault/dotenv-file.ts";
import { dotenvStore } from "../../src/vault/dotenv-store.ts";
import type { SecretStore } from "../../src/vault/store.ts";

let repo: Repo;
beforeEach(async () => {
  repo = await makeRepo({ commit: { ".gitignore": ".env.local\n" } });
});
afterEach(() => repo.remove());

const TOKEN = githubToken(71);
/** Short ones are no secrets: they stand in many an output. */
const secret = (name: string, value: string) => ({
  name,
  value: new Secret(value.length < 20 ? value : plant(value)),
});
const fileOf = (name = ".env.local"): string => path.join(repo.dir, name);
const textOf = (name = ".env.local"): string => readFileSync(fileOf(name), "utf8");

function open(
  file = ".env.local",
  isPublished: () => Promise<string | null> = () => Promise.resolve(null),
): SecretStore {
  const top = realpathSync(repo.dir);
  const env = scrubbed("/nonexistent");
  return dotenvStore({ cwd: top, env, top, commonDir: path.join(top, ".git"), file, isPublished });
}

async function put(store: SecretStore, ...secrets: ReturnType<typeof secret>[]) {
  const receipt = await store.prepare(secrets);
  await store.put(secrets, receipt);
  return async (): Promise<void> => await store.takeBack(secrets, receipt);
}

const failure = async (action: Promise<unknown>): Promise<string> =>
  await action.then(
    () => "no error",
    (error: unknown) => {
      const { exitCode, code, message } = error as { exitCode?: number; code?: string; message: string };
      return `${exitCode} ${code}: ${message}`;
    },
  );

test("a new file is the owner's only, gets the value, and is gone when that is taken back", async () => {
  const store = open();
  expect(await store.probe()).toEqual({ kind: "ready" });
  const takeBack = await put(store, secret("TOKEN", TOKEN), secret("PHRASE", "it has blanks"));
  expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
  expect(textOf()).toBe(`TOKEN=${TOKEN}\nPHRASE='it has blanks'\n`);
  expect((await store.get(["TOKEN", "NOT_THERE"])).get("TOKEN")?.expose()).toBe(TOKEN);
  await takeBack();
  await takeBack();
  expect(existsSync(fileOf())).toBe(false);
  expect(leftovers()).toEqual([]);
});

/** What must not be left: files of ours beside the store, and locks. */
function leftovers(): string[] {
  return readdirSync(repo.dir, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.includes(".stowaway-") || name.endsWith(".lock"),
  );
}

test.each([
  ["comments, CRLF and no final line end", "# mine\r\nA='x y' # why\r\n\r\nexport B=2"],
  ["a byte order mark", "\ufeffA=1\n"],
  ["nothing in it", ""],
  ["a comment at its end", "A=1\n# the end"],
  ["two lines of one name that is not ours", "A=1\nA=2\n"],
])("a file with %s comes back byte for byte, with its permissions", async (_, before) => {
  repo.write({ ".env.local": before });
  chmodSync(fileOf(), 0o640);
  const store = open();
  const takeBack = await put(store, secret("TOKEN", TOKEN), secret("OTHER", "a b"));
  expect(textOf().startsWith(before)).toBe(true);
  expect(parse(textOf())).toMatchObject({ TOKEN, OTHER: "a b" });
  expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
  expect(store.notes()).toEqual([".env.local was open to others; now only you can read it."]);
  await takeBack();
  await takeBack();
  expect(textOf()).toBe(before);
  expect(statSync(fileOf()).mode & 0o777).toBe(0o640);
});

test("what the user adds behind it stays when it is taken back", async () => {
  repo.write({ ".env.local": "A=1" });
  const takeBack = await put(open(), secret("TOKEN", TOKEN));
  repo.write({ ".env.local": `${textOf()}MINE=2\n` });
  await takeBack();
  expect(textOf()).toBe("A=1\nMINE=2\n");
});

test("the same value again writes nothing; another one is refused, unless it is to be replaced", async () => {
  repo.write({ ".env.local": `A=1\nTOKEN="${TOKEN}" # mine\nB=2` });
  const store = open();
  const before = textOf();
  const takeBack = await put(store, secret("TOKEN", TOKEN));
  expect(textOf()).toBe(before);
  await takeBack();
  expect(textOf()).toBe(before);
  const other = githubToken(72);
  expect(await failure(store.prepare([secret("TOKEN", other)]))).toBe(
    "1 name-taken: .env.local has another value for TOKEN",
  );
  await store.replace([secret("TOKEN", other)]);
  expect(textOf()).toBe(`A=1\nTOKEN=${other} # mine\nB=2`);
  await store.remove(["TOKEN", "NEVER_THERE"]);
  expect(textOf()).toBe("A=1\nB=2");
});

test("a name that is there twice, an open quote and bytes that are no text are refused, and nothing changes", async () => {
  const store = open();
  repo.write({ ".env.local": "TOKEN=1\nTOKEN=2\n" });
  expect(await failure(store.prepare([secret("TOKEN", TOKEN)]))).toBe(
    "1 dotenv-refused: TOKEN is given twice in this file",
  );
  repo.write({ ".env.local": `A="x\nB='` });
  expect(await failure(put(store, secret("PHRASE", "it's #here' "), secret("TOKEN", "a b")))).toMatch(/^1 /);
  expect(textOf()).toBe(`A="x\nB='`);
  repo.write({ ".env.local": Buffer.from([0x41, 0x3d, 0xff, 0x0a]) });
  expect(await failure(store.prepare([secret("TOKEN", TOKEN)]))).toBe(
    "3 dotenv-unreadable: this file is no UTF-8 text",
  );
  expect(await failure(open().prepare([secret("NUL", "a\0b")]))).toMatch(/^3 dotenv-unreadable/);
});

test("git must ignore the file, by its last rule", async () => {
  repo.write({ ".gitignore": ".env*\n!.env.local\n" });
  expect(await failure(put(open(), secret("TOKEN", TOKEN)))).toMatch(
    /^1 dotenv-refused: git does not ignore/,
  );
  expect(existsSync(fileOf())).toBe(false);
  repo.write({ ".gitignore": "" });
  expect(await failure(put(open(), secret("TOKEN", TOKEN)))).toMatch(
    /^1 dotenv-refused: git does not ignore/,
  );
  expect(existsSync(fileOf())).toBe(false);
});

test("a file that git ever tracked is passed over, on whatever branch", async () => {
  const place = { cwd: repo.dir, env: scrubbed("/nonexistent") };
  expect(chooseDotenvFile(place, null)).toBe(".env.local");
  await repo.git("checkout", "-q", "-b", "old");
  repo.write({ ".env.local": "A=1\n" });
  await repo.git("add", "-f", ".env.local");
  expect(chooseDotenvFile(place, null)).toBe(".env.development.local");
  expect(await failure(open().get(["A"]))).toMatch(/^3 dotenv-tracked/);
  await repo.git("commit", "-q", "-m", "oops");
  await repo.git("checkout", "-q", "main");
  expect(chooseDotenvFile(place, null)).toBe(".env.development.local");
  expect(() => chooseDotenvFile(place, ".env.local")).toThrow(/has tracked this file/);
  expect(await open().probe()).toMatchObject({ kind: "denied" });
  expect(await failure(put(open(), secret("TOKEN", TOKEN)))).toMatch(/^1 dotenv-refused: git has tracked/);
  expect(existsSync(fileOf())).toBe(false);
});

test("a file that a packer would take is not left behind, and an old one keeps its content", async () => {
  const published = (): Promise<string> => Promise.resolve("npm: files[0]");
  expect(await failure(put(open(".env.local", published), secret("TOKEN", TOKEN)))).toBe(
    "1 dotenv-refused: this file would be published (npm: files[0])",
  );
  expect(existsSync(fileOf())).toBe(false);
  repo.write({ ".env.local": "A=1\n" });
  expect(await failure(put(open(".env.local", published), secret("TOKEN", TOKEN)))).toMatch(
    /would be published/,
  );
  expect(textOf()).toBe("A=1\n");
});

test("links, second names, folders and paths out of the tree are refused", async () => {
  const refused = async (file: string): Promise<string> =>
    await failure(put(open(file), secret("TOKEN", TOKEN)));
  repo.write({ ".gitignore": "*\n", real: "A=1\n" });
  symlinkSync("real", fileOf(".env.local"));
  expect(await refused(".env.local")).toMatch(/^1 dotenv-refused: this is a link/);
  symlinkSync("/tmp", fileOf("out"));
  expect(await refused("out/.env.local")).toMatch(/^1 dotenv-refused: this is a link/);
  linkSync(fileOf("real"), fileOf("second"));
  expect(await refused("second")).toMatch(/^1 dotenv-refused: this file has a second name/);
  mkdirSync(fileOf("folder"));
  expect(await refused("folder")).toMatch(/^1 dotenv-refused: this is no regular file/);
  expect(await refused("none/.env.local")).toMatch(/^1 dotenv-refused: its folder is not there/);
  for (const file of ["../x", ".git/x", "/etc/x"]) expect(await refused(file)).toMatch(/^2 dotenv-outside/);
  expect(textOf("real")).toBe("A=1\n");
});

test("a file in a sub-module, which tracks it, is neither read nor written", async () => {
  const inner = await makeRepo({ commit: { ".env": `TOKEN=${TOKEN}\n` } });
  try {
    await repo.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.dir, "sub");
    expect(textOf("sub/.env")).toContain(TOKEN);
    repo.write({ ".gitignore": "*\n", "sub/deeper/.env": "A=1\n" });
    for (const file of ["sub/.env", "sub/deeper/.env"]) {
      expect(await failure(open(file).get(["TOKEN", "A"]))).toMatch(
        /^1 dotenv-refused: this file is in another repository/,
      );
      expect(await failure(put(open(file), secret("OTHER", "x")))).toMatch(/^1 dotenv-refused/);
    }
  } finally {
    inner.remove();
  }
});

test("a tracked file that differs in case alone is taken for it, as some file systems do", async () => {
  repo.write({ ".ENV.local": "A=1\n", ".env.LOCAL": "A=1\n" });
  await repo.git("add", "-f", ".ENV.local");
  expect(await failure(open(".env.LOCAL").get(["A"]))).toMatch(/^3 dotenv-tracked/);
});

test.each([
  ".gitignore",
  ".gitattributes",
  "stowaway.secrets.json",
  "stowaway.config.json",
  "conf/.env.example",
])("%s is no place for a value", async (file) => {
  mkdirSync(fileOf("conf"), { recursive: true });
  repo.write({ ".gitignore": "*\n" });
  const store = open(file);
  expect(await failure(put(store, secret("TOKEN", TOKEN)))).toMatch(
    /^1 dotenv-refused: this file is there to be committed/,
  );
  expect(textOf(".gitignore")).toBe("*\n");
});

test("a value that no reader would change is refused, with the reason and without the value", async () => {
  const message = await failure(put(open(), secret("KEY", `${TOKEN}\r\n`)));
  expect(message).toMatch(
    /^1 value-refused: KEY cannot be kept in a dotenv file: it holds a carriage return/,
  );
  expect(message).not.toContain(TOKEN);
  expect(existsSync(fileOf())).toBe(false);
});

test("node, dotenv and bash read the very values", async () => {
  const values = {
    PLAIN: TOKEN,
    QUOTE: "it's",
    DOLLAR: `$HOME $(id) \`id\` ${TOKEN}`,
    HASH: "a # b",
    DOUBLE: 'say "hi"',
    LINES: ["-----BEGIN", " KEY-----\nabc\ndef\n-----END", " KEY-----\n"].join(""),
    BLANKS: "  a\tb  ",
    BACKSLASH: String.raw`a\nb`,
    UMLAUT: "schlüssel 🔑",
    EMPTY: "",
    BANG: "a!b&c;d|e<f>(g){h}*?[i]~",
  };
  await put(open(), ...Object.entries(values).map(([name, value]) => secret(name, value)));
  expect({ ...parseEnv(textOf()) }).toEqual(values);
  expect(parse(textOf())).toEqual(values);
  const names = Object.keys(values);
  const script = `set -a; . ./.env.local; printf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`;
  const read = execFileSync("bash", ["--norc", "-c", script], {
    cwd: repo.dir,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  expect(read.split("\0").slice(0, -1)).toEqual(Object.values(values));
  const node = [
    "--env-file=.env.local",
    "-p",
    `JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name]))`,
  ];
  const again = execFileSync(process.execPath, node, { cwd: repo.dir, encoding: "utf8", env: {} });
  expect(JSON.parse(again)).toEqual(Object.values(values));
});

test("many writers at once lose nothing", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `NAME_${index}`);
  await Promise.all(names.map(async (name) => await put(open(), secret(name, `${TOKEN}-${name}`))));
  expect(parse(textOf())).toEqual(Object.fromEntries(names.map((name) => [name, `${TOKEN}-${name}`])));
  expect(leftovers()).toEqual([]);
});
