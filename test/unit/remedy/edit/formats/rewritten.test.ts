import { describe, expect, test } from "vitest";
import { editFile, filled } from "../../../../helpers/edit-file.ts";

/** Path, text, text afterwards; `§` stands for a value that is kept as MY_TOKEN, `¤` for one kept as OTHER_KEY. */
const ROWS: readonly (readonly [name: string, path: string, before: string, after: string])[] = [
  [
    "a script's leading assignment",
    "package.json",
    '{"scripts": {"p": "TOKEN=§ npm publish"}}\n',
    '{"scripts": {"p": "npm publish"}}\n',
  ],
  [
    "one behind others",
    "package.json",
    `{"scripts": {"p": "x && A=b TOKEN='§' node ."}}`,
    '{"scripts": {"p": "x && A=b node ."}}',
  ],
  [
    "one behind cross-env",
    "package.json",
    '{"scripts": {"p": "cross-env A=1 TOKEN=§ node ."}}',
    '{"scripts": {"p": "cross-env A=1 node ."}}',
  ],
  [
    "a script's argument",
    "package.json",
    '{"scripts": {"p": "x --t §"}}',
    '{"scripts": {"p": "x --t \\"${MY_TOKEN:?}\\""}}',
  ],
  [
    "one in quotes",
    "package.json",
    `{"scripts": {"p": "x \\"A: §\\" 'B: §'"}}`,
    `{"scripts": {"p": "x \\"A: \${MY_TOKEN:?}\\" 'B: '\\"\${MY_TOKEN:?}\\""}}`,
  ],
  [
    "no leading assignment inside quotes",
    "package.json",
    '{"scripts": {"p": "echo \\"a; T=§ b\\""}}',
    '{"scripts": {"p": "echo \\"a; T=${MY_TOKEN:?} b\\""}}',
  ],
  [
    ".npmrc",
    ".npmrc",
    "; x\r\n//r.example/:_authToken=§\r\nb=c",
    "; x\r\n//r.example/:_authToken=${MY_TOKEN}\r\nb=c",
  ],
  [
    ".npmrc, in an address",
    "a/.npmrc",
    "registry=https://u:§@r.example/ ; c\n",
    "registry=https://u:${MY_TOKEN}@r.example/ ; c\n",
  ],
  [
    ".yarnrc.yml",
    ".yarnrc.yml",
    'a: §\nb: { c: §, "d": "§" }\n',
    'a: ${MY_TOKEN}\nb: { c: "${MY_TOKEN}", "d": "${MY_TOKEN}" }\n',
  ],
  [
    ".pypirc",
    ".pypirc",
    "[pypi]\nusername = __token__\npassword = §\n\n[other]\nrepository = x\n",
    "[pypi]\nusername = __token__\n\n[other]\nrepository = x\n",
  ],
  [
    "requirements.txt",
    "requirements.txt",
    "--index-url https://u:§@r.example/simple\nx==1\n",
    "--index-url https://u:${MY_TOKEN}@r.example/simple\nx==1\n",
  ],
  [
    "compose",
    "docker-compose.yml",
    "services:\n  a:\n    environment:\n      - K=§\n",
    "services:\n  a:\n    environment:\n      - K=${MY_TOKEN:?}\n",
  ],
  [
    "compose, several in one value",
    "compose.prod.yaml",
    "a: pg://§:¤@h/db # c\r\nb: '§'\r\n",
    "a: pg://${MY_TOKEN:?}:${OTHER_KEY:?}@h/db # c\r\nb: '${MY_TOKEN:?}'\r\n",
  ],
  [
    "compose, a block",
    "compose.yml",
    "a:\n  command: |\n    x\n    y § z\n  b: 1\n",
    "a:\n  command: |\n    x\n    y ${MY_TOKEN:?} z\n  b: 1\n",
  ],
  ["serverless", "serverless.yml", "a:\n  b: §\n", "a:\n  b: ${env:MY_TOKEN}\n"],
  ["Spring, YAML", "src/main/resources/application-prod.yml", 'a:\n  b: "§"\n', 'a:\n  b: "${MY_TOKEN}"\n'],
  ["Spring, properties", "application.properties", "a.b=§\nc: x-§\n", "a.b=${MY_TOKEN}\nc: x-${MY_TOKEN}\n"],
  ["Symfony", "config/packages/mailer.yaml", "a: §\n", 'a: "%env(MY_TOKEN)%"\n'],
  [
    "Ansible",
    "group_vars/all.yml",
    'a: §\nb: "x §"\n',
    "a: \"{{ lookup('env', 'MY_TOKEN') }}\"\nb: \"x {{ lookup('env', 'MY_TOKEN') }}\"\n",
  ],
  ["OpenTelemetry", "otel-collector.yaml", "a:\n  b: Bearer §\n", "a:\n  b: Bearer ${env:MY_TOKEN}\n"],
  [".gem/credentials", ".gem/credentials", "---\n:rubygems_api_key: §\n:a: b\n", "---\n:a: b\n"],
  [
    "Maven",
    "settings.xml",
    '<s><a x="§"/><password>§</password></s>',
    '<s><a x="${env.MY_TOKEN}"/><password>${env.MY_TOKEN}</password></s>',
  ],
  ["log4j2", "log4j2.xml", "<C>\n  <P> § </P></C>\n", "<C>\n  <P> ${env:MY_TOKEN} </P></C>\n"],
  ["NuGet", "NuGet.Config", '<a><add key="p" value="§" /></a>', '<a><add key="p" value="%MY_TOKEN%" /></a>'],
  [
    "Gradle",
    "gradle.properties",
    "# x\nrepoToken=§\norg.gradle.jvmargs=-X\n",
    "# x\norg.gradle.jvmargs=-X\n",
  ],
  [
    "tox",
    "tox.ini",
    "[testenv]\nsetenv =\n    A = §\n    B=1\n",
    "[testenv]\nsetenv =\n    A = {env:MY_TOKEN}\n    B=1\n",
  ],
  [
    "supervisord",
    "supervisord.conf",
    '[program:x]\nenvironment=A="§",B="c"\n',
    '[program:x]\nenvironment=A="%(ENV_MY_TOKEN)s",B="c"\n',
  ],
  ["PHP", "php.ini", 'a = "§"\nb = § ; c\n', 'a = "${MY_TOKEN}"\nb = ${MY_TOKEN} ; c\n'],
  [
    "Cargo",
    ".cargo/credentials.toml",
    '[registry]\ntoken = "§"\n\n[registries.my-own]\ntoken = "¤"\n',
    "[registry]\n\n[registries.my-own]\n",
  ],
  [
    "mise",
    "mise.toml",
    '[tools]\nnode = "20"\n[env]\nA = "b"\nTOKEN = "§" # c\n',
    '[tools]\nnode = "20"\n[env]\nA = "b"\n',
  ],
  [
    ".mcp.json",
    ".mcp.json",
    '{"mcpServers": {"a": {"env": {"K": "§"}, "headers": {"A": "Bearer §"}}}}',
    '{"mcpServers": {"a": {"env": {"K": "${MY_TOKEN}"}, "headers": {"A": "Bearer ${MY_TOKEN}"}}}}',
  ],
  [
    "VS Code",
    ".vscode/mcp.json",
    '{ // c\n"servers": {"a": {"env": {"K": "§"}}},}',
    '{ // c\n"servers": {"a": {"env": {"K": "${env:MY_TOKEN}"}}},}',
  ],
  [
    "Cursor",
    ".cursor/mcp.json",
    '{"mcpServers": {"a": {"args": ["x", "§"]}}}',
    '{"mcpServers": {"a": {"args": ["x", "${env:MY_TOKEN}"]}}}',
  ],
  [
    "devcontainer",
    ".devcontainer/devcontainer.json",
    '{"remoteEnv": {"K": "§"}}',
    '{"remoteEnv": {"K": "${localEnv:MY_TOKEN}"}}',
  ],
  ["appsettings", "appsettings.json", '{"C": {"D": "§"}}', '{"C": {"D": ""}}'],
  [
    "dotenv",
    ".env",
    "# x\nexport A='§' # n\r\nMY_TOKEN=¤",
    "# x\n# A: kept by stowaway # n\r\n# MY_TOKEN: kept by stowaway",
  ],
  ["tfvars", "prod.auto.tfvars", 'a = "§" # c\nb = 1\n', "b = 1\n"],
  [
    "Terragrunt",
    "terragrunt.hcl",
    'inputs = {\n  a = "§"\n  b = "x-§"\n}\n',
    'inputs = {\n  a = get_env("MY_TOKEN")\n  b = "x-${get_env("MY_TOKEN")}"\n}\n',
  ],
  [
    "GitLab, a script",
    ".gitlab-ci.yml",
    "j:\n  script:\n    - x '§'\n    - y $[[ inputs.a ]]\n",
    'j:\n  script:\n    - x "${MY_TOKEN:?}"\n    - y $[[ inputs.a ]]\n',
  ],
  [
    "GitLab, a variable of several",
    ".gitlab-ci.yml",
    "variables:\n  A: 1\n  TOKEN: §\n",
    "variables:\n  A: 1\n",
  ],
  ["GitLab, the only variable", ".gitlab-ci.yml", "variables:\n  TOKEN: §\n", "variables:\n  {}\n"],
  [
    "CircleCI",
    ".circleci/config.yml",
    "a:\n  - run: x § << parameters.y >>\n  - auth:\n      password: §\n",
    'a:\n  - run: x "${MY_TOKEN:?}" << parameters.y >>\n  - auth:\n      password: $MY_TOKEN\n',
  ],
  [
    "Bitbucket",
    "bitbucket-pipelines.yml",
    "a:\n  script:\n    - x §\n    - pipe: p\n      variables:\n        K: §\n",
    'a:\n  script:\n    - x "${MY_TOKEN:?}"\n    - pipe: p\n      variables:\n        K: $MY_TOKEN\n',
  ],
  [
    "Azure",
    "azure-pipelines.yml",
    "steps:\n- bash: x §\n- task: T\n  inputs:\n    k: '§'\n",
    "steps:\n- env:\n    MY_TOKEN: $(MY_TOKEN)\n  bash: x \"${MY_TOKEN:?}\"\n- task: T\n  inputs:\n    k: '$(MY_TOKEN)'\n",
  ],
];

describe("the reader's own form takes the place", () => {
  test.each(ROWS)("%s", async (_name, path, before, after) => {
    const { after: text, refused } = await editFile(path, filled(before), {
      files: { "config/application.rb": "" },
    });
    expect(refused).toEqual([]);
    expect(text).toBe(filled(after));
  });
});

describe("a variable under another name gets the value too", () => {
  test.each([
    ["package.json", '{"scripts": {"p": "TOKEN=§ x"}}', { MY_TOKEN: ["TOKEN"] }],
    [".pypirc", "[p]\npassword: §\nusername: x\n", { MY_TOKEN: ["TWINE_PASSWORD"] }],
    [".env", "A=§\nMY_TOKEN=§\n", { MY_TOKEN: ["A"] }],
    [".env", "A=§\nA=¤\n", { OTHER_KEY: ["A"] }],
    [
      "gradle.properties",
      "a=§\nb=¤\n",
      { MY_TOKEN: ["ORG_GRADLE_PROJECT_a"], OTHER_KEY: ["ORG_GRADLE_PROJECT_b"] },
    ],
    [
      ".cargo/credentials.toml",
      '[registries.my-own]\ntoken = "§"\n',
      { MY_TOKEN: ["CARGO_REGISTRIES_MY_OWN_TOKEN"] },
    ],
    [".gem/credentials", ":rubygems_api_key: §\n", { MY_TOKEN: ["GEM_HOST_API_KEY"] }],
    ["appsettings.json", '{"A": {"B": ["§"]}}', { MY_TOKEN: ["A__B__0"] }],
    ["x.tfvars", 'a = "§"\n', { MY_TOKEN: ["TF_VAR_a"] }],
    ["main.tf", 'x = "§"\n', { MY_TOKEN: ["TF_VAR_my_token"] }],
    ["b.pkr.hcl", 'x = "§"\n', { MY_TOKEN: ["PKR_VAR_my_token"] }],
    ["compose.yml", "a: §\n", {}],
  ])("%s", async (path, before, aliases) => {
    expect((await editFile(path, filled(before))).aliases).toEqual(aliases);
  });
});

test("line ends, a missing last one and everything else stay", async () => {
  const text = "a: 1\r\nb:   §   # x\nc: '''q'\r\n\r\n  # end";
  const { after } = await editFile("compose.yml", filled(text));
  expect(after).toBe(text.replace("§", () => "${MY_TOKEN:?}"));
});
