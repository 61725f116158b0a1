import { describe, expect, test } from "vitest";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

/** Path, text, what the reason says, what the advice says. */
const ROWS: readonly (readonly [name: string, path: string, text: string, why: RegExp, instead: RegExp])[] = [
  ["another field", "package.json", '{"config": {"t": "§"}}', /as it stands/, /config\.t/],
  ["a script's name", "package.json", '{"scripts": {"§": "x"}}', /a key/, /another name/],
  ["a script for cmd.exe", "package.json", '{"scripts": {"a": "set T=§&& x"}}', /cmd\.exe/, /MY_TOKEN/],
  ["a comment", ".npmrc", "; §\n", /comment/, /delete/],
  ["yarn 1", ".yarnrc", '"//r/:_authToken" "§"\n', /\.npmrc only/, /\.npmrc/],
  [
    "two passwords",
    ".pypirc",
    "[a]\nrepository = https://a.example\npassword = §\n[b]\npassword = ¤\n",
    /several passwords/,
    /keyring set/,
  ],
  ["pip", "pip.conf", "[global]\nindex-url = https://u:§@h\n", /no variables/, /PIP_INDEX_URL/],
  ["a comment of requirements", "requirements/dev.txt", "x # §\n", /comment/, /delete/],
  [
    "git's credentials",
    ".git-credentials",
    "https://ada:§@github.com\n",
    /as it stands/,
    /host=github\.com\\nusername=USER/,
  ],
  [".netrc", ".netrc", "machine h login a password §\n", /as they stand/, /credential\.helper/],
  [".pgpass", ".pgpass", "h:5432:d:u:§\n", /as they stand/, /PGPASSWORD/],
  ["ENV", "Dockerfile", "FROM a\nENV A=§\n", /into the image/, /docker run --env MY_TOKEN/],
  [
    "ARG",
    "Dockerfile",
    "ARG A=§\nFROM a\n",
    /into the image/,
    /--mount=type=secret,id=MY_TOKEN,env=MY_TOKEN/,
  ],
  ["an array", "Dockerfile", 'FROM a\nRUN ["x", "§"]\n', /no shell/, /--mount/],
  ["a here-document", "api.Dockerfile", "FROM a\nRUN <<E\nx §\nE\n", /no shell/, /--mount/],
  ["a label", "Dockerfile", "FROM a\nLABEL a=§\n", /LABEL takes no secret/, /--mount/],
  [
    "an old syntax",
    "Dockerfile",
    "# syntax=docker/dockerfile:1.4\nFROM a\nRUN x §\n",
    /1\.4/,
    /syntax=docker\/dockerfile:1/,
  ],
  ["PowerShell", "Dockerfile", 'FROM a\nSHELL ["powershell", "-c"]\nRUN x §\n', /not POSIX/, /--mount/],
  ["a comment between lines", "Dockerfile", "FROM a\nRUN x \\\n  # §\n  y\n", /comment/, /delete/],
  ["a comment", "compose.yml", "a: 1 # §\n", /comment/, /delete/],
  ["a key", "compose.yml", "§: 1\n", /key/, /another name/],
  ["an anchor that is used", "compose.yml", "a: &x §\nb: *x\n", /anchor/, /by hand/],
  ["a tag", "compose.yml", "a: !x §\n", /tag/, /by hand/],
  ["a folded plain value", "compose.yml", "a: x\n  y §\n", /several lines/, /by hand/],
  ["broken YAML", "compose.yml", "a: [§\nb: 1\n", /syntax errors/, /mend/],
  [
    "a workflow's condition",
    ".github/workflows/a.yml",
    "jobs:\n  a:\n    if: x == '§'\n",
    /cannot be read/,
    /secrets\.MY_TOKEN/,
  ],
  [
    "a workflow's PowerShell",
    ".github/workflows/a.yml",
    "jobs:\n  a:\n    steps:\n      - run: x §\n        shell: pwsh\n",
    /pwsh/,
    /\$env:MY_TOKEN/,
  ],
  [
    "a workflow's Windows",
    ".github/workflows/a.yml",
    "jobs:\n  a:\n    runs-on: windows-latest\n    steps:\n      - run: x §\n",
    /PowerShell/,
    /env:/,
  ],
  [
    "another value of the name",
    ".github/workflows/a.yml",
    "jobs:\n  a:\n    steps:\n      - run: x §\n        env:\n          MY_TOKEN: b\n",
    /another MY_TOKEN/,
    /another name/,
  ],
  [
    "in an expression",
    ".github/workflows/a.yml",
    "jobs:\n  a:\n    steps:\n      - run: x ${{ f('§') }}\n",
    /expression/,
    /by hand/,
  ],
  ["an action", "action.yml", "runs:\n  a: §\n", /action/, /inputs\.my_token/],
  ["GitLab's tags", ".gitlab-ci.yml", "j:\n  tags:\n    - §\n", /no variables/, /script/],
  [
    "part of a variable of CircleCI",
    ".circleci/config.yml",
    "a:\n  environment:\n    K: x-§\n",
    /no variables/,
    /Project Settings/,
  ],
  [
    "Azure on Windows",
    "azure-pipelines.yml",
    "pool:\n  vmImage: windows-latest\nsteps:\n- script: x §\n",
    /cmd\.exe/,
    /%MY_TOKEN%/,
  ],
  [
    "a Secret",
    "k8s/s.yaml",
    "kind: Secret\nmetadata:\n  name: app\n  namespace: ns\nstringData:\n  key: §\n",
    /Kubernetes/,
    /kubectl create secret generic app --namespace ns --from-file=key=\/dev\/stdin/,
  ],
  [
    "a Secret in a second document",
    "k8s/s.yaml",
    "kind: ConfigMap\n---\nkind: Secret\nmetadata:\n  name: two\ndata:\n  k: §\n",
    /Kubernetes/,
    /generic two /,
  ],
  ["a kubeconfig", ".kube/config", "users:\n- user:\n    token: §\n", /kubectl/, /exec/],
  ["other YAML", "a.yaml", "a: §\n", /as they stand/, /a\.yaml\.example/],
  ["Rails without Rails", "config/database.yml", "a: §\n", /no Rails/, /code/],
  ["other JSON", "a.json", '{"a": "§"}', /as they stand/, /MY_TOKEN/],
  [
    "Docker's sign-in",
    ".docker/config.json",
    '{"auths": {"h": {"auth": "§"}}}',
    /credential store/,
    /credsStore/,
  ],
  ["Composer", "auth.json", '{"http-basic": {"h": {"password": "§"}}}', /Composer/, /COMPOSER_AUTH/],
  ["part of a setting", "appsettings.json", '{"A": {"B": "x=§"}}', /no variables/, /A__B/],
  ["other TOML", "pyproject.toml", '[a]\nb = "§"\n', /as they stand/, /MY_TOKEN/],
  ["Workers", "wrangler.toml", '[vars]\nK = "§"\n', /Workers/, /wrangler secret put K/],
  ["other INI", "setup.cfg", "[a]\nb = §\n", /as they stand/, /MY_TOKEN/],
  ["other XML", "web.config", "<a b='§'/>", /as they stand/, /MY_TOKEN/],
  ["an XML comment", "pom.xml", "<a><!-- § --></a>", /comment/, /delete/],
  ["a dotted property", "gradle.properties", "systemProp.a=§\n", /no variable/, /~\/\.gradle/],
  ["other properties", "a.properties", "a=§\n", /as they stand/, /MY_TOKEN/],
  ["part of a dotenv value", ".env.production", "U=pg://u:§@h\n", /part/, /secrets set U/],
  ["a name that decides what runs", ".env", "NODE_OPTIONS=§\n", /NODE_OPTIONS/, /shell/],
  ["no name for a variable", ".env", "a.b=§\n", /a\.b is no name/, /rename/],
  ["a commented assignment", ".env", "# A=§\n", /comment/, /delete/],
  ["PHP in single quotes", "php.ini", "a = '§'\n", /single quotes/, /double/],
  [
    "a backend",
    "main.tf",
    'terraform {\n  backend "s3" {\n    k = "§"\n  }\n}\n',
    /terraform/,
    /backend-config/,
  ],
  ["a module's source", "main.tf", 'module "a" {\n  source = "git::https://x:§@h"\n}\n', /module/, /./],
  ["an output", "main.tf", 'output "a" {\n  value = "§"\n}\n', /output/, /sensitive/],
  ["part of a default", "main.tf", 'variable "a" {\n  default = "x-§"\n}\n', /default/, /TF_VAR_a/],
  ["a label", "main.tf", 'resource "a" "§" {\n}\n', /name/, /another/],
  ["a comment", "main.tf", "a = 1 # §\n", /comment/, /delete/],
  ["an inner value", "x.tfvars", 'a = { b = "§" }\n', /part/, /TF_VAR_a/],
  [
    "a notebook's output",
    "a.ipynb",
    '{"cells": [{"cell_type": "code", "source": [], "outputs": [{"text": ["§"]}]}]}',
    /output/,
    /--clear-output/,
  ],
  [
    "a notebook's text",
    "a.ipynb",
    '{"cells": [{"cell_type": "markdown", "source": ["§"]}]}',
    /outside of the code/,
    /Jupyter/,
  ],
  [
    "a notebook in R",
    "a.ipynb",
    '{"cells": [{"cell_type": "code", "source": ["x = \\"§\\""]}], "metadata": {"kernelspec": {"language": "R"}}}',
    /R/,
    /by hand/,
  ],
];

describe("what cannot be rewritten is refused with a way out", () => {
  test.each(ROWS)("%s", async (_name, path, template, why, instead) => {
    const text = filled(template);
    const { after, refused, places, notes, aliases } = await editFile(path, text);
    expect(places.length).toBeGreaterThan(0);
    expect(after).toBe(text);
    expect(refused).toHaveLength(places.length);
    expect(refused[0]?.why).toMatch(why);
    expect(refused[0]?.instead.join("\n")).toMatch(instead);
    expect({ notes, aliases }).toEqual({ notes: [], aliases: {} });
  });
});

test("with a lock file of pnpm, .npmrc is refused", async () => {
  const text = filled("//r.example/:_authToken=§\n");
  for (const files of [{ "pnpm-lock.yaml": "" }, { "a/pnpm-lock.yaml": "" }]) {
    const { refused } = await editFile("a/.npmrc", text, { files });
    expect(refused[0]?.why).toMatch(/pnpm/);
    expect(refused[0]?.instead[0]).toContain("//r.example/:_authToken=${MY_TOKEN}");
  }
});

test("a value whose own characters mean something to the reader is refused", async () => {
  const value = `pa$${"word".repeat(4)}`;
  const { refused } = await editFile("compose.yml", `a: ${value}\n`, { values: [[value, "P"]] });
  expect(refused[0]?.why).toMatch(/meaning/);
});

test("a value that is written with an escape is refused", async () => {
  const written = `abc\\u0041${"defg".repeat(4)}`;
  const text = `{"mcpServers": {"a": {"url": "${written}"}}}`;
  expect((await editFile(".mcp.json", text, { values: [[written, "P"]] })).refused[0]?.why).toMatch(
    /escapes/,
  );
});

test("what is beside a refused place is still rewritten", async () => {
  const { after, refused } = await editFile("compose.yml", filled("a: § # §\nb: '§'\n"));
  expect(after).toBe(filled("a: ${MY_TOKEN:?} # §\nb: '${MY_TOKEN:?}'\n"));
  expect(refused).toHaveLength(1);
});

test("what stands in the comment of a line that goes, goes with it", async () => {
  const { after, refused } = await editFile("mise.toml", filled('[env]\nA = "§" # was ¤\n'));
  expect(after).toBe("[env]\n");
  expect(refused).toEqual([]);
});
