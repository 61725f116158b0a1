import { describe, expect, it } from "vitest";
import { Generator } from "../../src/rules/example-generator.ts";
import { FILE_RULES, isPriorityFile } from "../../src/rules/files.ts";

const g = new Generator(7);
const KEY = g.pem("RSA PRIVATE KEY");
const VALUE = g.alnum(24);

/** What is said of a file: nothing, the rule alone (low), or the rule with `!` when it holds a secret. */
function verdict(path: string, text: string): string[] {
  return FILE_RULES.filter((rule) => rule.matches(path)).flatMap(({ id, holdsSecret, reportEmpty }) => {
    const holds = holdsSecret === undefined || holdsSecret(text);
    return holds ? [`${id}!`] : reportEmpty ? [id] : [];
  });
}

const CASES: readonly (readonly [path: string, text: string, expected: readonly string[]])[] = [
  [".env", `API_KEY=${VALUE}\n`, ["file/dotenv!"]],
  ["apps/web/.env.production.local", `DB_PASSWORD='${VALUE}'\n`, ["file/dotenv!"]],
  ["prod.env", `export TOKEN="${VALUE}"\n`, ["file/dotenv!"]],
  [".envrc", "export PATH=$PWD/bin\n", ["file/dotenv"]],
  [".env", "PORT=3000\nAPI_KEY=${API_KEY}\nTOKEN=\n", ["file/dotenv"]],
  [".env", `DATABASE_URL=postgres://ada:${VALUE}@db/app\n`, ["file/dotenv!"]],
  [".env.example", "API_KEY=your_api_key\nTOKEN=<token>\nPASSWORD=changeme\n", []],
  [".env.example", `API_KEY=${VALUE}\n`, ["file/dotenv-example!"]],
  [".env.sample", "", []],
  [".env.template", "", []],
  ["src/env.ts", `const API_KEY = "${VALUE}"`, []],
  [
    "home/.aws/credentials",
    `[default]\naws_secret_access_key = ${g.base64(40)}\n`,
    ["file/aws-credentials!"],
  ],
  [".npmrc", `//registry.internal/:_authToken=${VALUE}\n`, ["file/npmrc!"]],
  [".npmrc", "//registry.internal/:_authToken=${NPM_TOKEN}\nsave-exact=true\n", []],
  [".yarnrc.yml", `npmAuthToken: "${VALUE}"\n`, ["file/yarnrc!"]],
  [".yarnrc.yml", "npmAuthToken: ${NPM_TOKEN}\n", []],
  [".pypirc", `[pypi]\nusername = __token__\npassword = ${VALUE}\n`, ["file/pypirc!"]],
  [".pypirc", "[distutils]\nindex-servers = pypi\n", []],
  [".netrc", `machine h login ada password ${VALUE}\n`, ["file/netrc!"]],
  [".git-credentials", `https://ada:${VALUE}@git.internal\n`, ["file/git-credentials!"]],
  ["id_rsa", KEY, ["file/ssh-private-key!"]],
  ["keys/deploy_ed25519", g.pem("OPENSSH PRIVATE KEY"), ["file/ssh-private-key!"]],
  ["id_rsa.pub", "ssh-rsa AAAA", []],
  ["server.key", KEY, ["file/private-key!"]],
  ["server.pem", g.pem("CERTIFICATE"), []],
  ["server.pem", g.pem("CERTIFICATE") + KEY, ["file/private-key!"]],
  ["app.p12", "", ["file/key-store!"]],
  ["release.keystore", "", ["file/key-store!"]],
  ["debug.JKS", "", ["file/key-store!"]],
  ["credentials.json", `{"client_secret": "${VALUE}"}`, ["file/cloud-credentials!"]],
  ["credentials.json", "{}", ["file/cloud-credentials"]],
  ["gc_api_file.json", `{"private_key": "${KEY.replaceAll("\n", "\\n")}"}`, ["file/cloud-credentials!"]],
  [
    "my-app-firebase-adminsdk-x1.json",
    `{"private_key": "${KEY.replaceAll("\n", "\\n")}"}`,
    ["file/cloud-credentials!"],
  ],
  [".kube/config", `users:\n- user:\n    token: ${VALUE}\n`, ["file/kubeconfig!"]],
  ["kubeconfig", "users:\n- user:\n    exec: {command: aws}\n", []],
  [".docker/config.json", `{"auths": {"r.internal": {"auth": "${g.base64(32)}"}}}`, ["file/docker-config!"]],
  [".docker/config.json", '{"auths": {"r.internal": {}}, "credsStore": "desktop"}', []],
  ["terraform.tfstate", `{"password": "${VALUE}"}`, ["file/terraform-state!"]],
  ["terraform.tfstate", "{}", ["file/terraform-state"]],
  ["prod.tfvars", `db_password = "${VALUE}"\n`, ["file/terraform-variables!"]],
  ["prod.tfvars", 'region = "eu-north-1"\n', []],
  [".htpasswd", `ada:$apr1$${g.alnum(8)}$${g.alnum(22)}\n`, ["file/htpasswd!"]],
  [".bash_history", "", ["file/shell-history!"]],
  ["fish_history", "", ["file/shell-history!"]],
  ["package/.git/config", "", ["file/git-folder!"]],
  [".gitignore", "", []],
  [".github/workflows/ci.yml", "", []],
  [".vault-token", `hvs.${g.alnum(90)}\n`, ["file/vault-token!"]],
  ["config/master.key", g.hex(32), ["file/rails-master-key!"]],
  ["README.md", "", []],
  ["src/token.js", "", []],
];

describe("files by name and content", () => {
  it.each(CASES)("%s", (path, text, expected) => {
    expect(verdict(path, text)).toEqual(expected);
  });

  it("is not told by the case of the name", () => {
    expect(verdict("ID_RSA", KEY)).toEqual(["file/ssh-private-key!"]);
  });
});

describe("files whose findings come first", () => {
  it("are those in which published tokens are found most", () => {
    const names = [
      ".env",
      "a/.aws/credentials",
      "config.json",
      "gc_api_file.json",
      "main.py",
      "key.json",
      "config.py",
      "credentials.json",
      "src/bot.py",
    ];
    expect(names.filter((name) => !isPriorityFile(name))).toEqual([]);
    expect(["index.js", "README.md", "domain.py", "tsconfig.json"].filter(isPriorityFile)).toEqual([]);
  });
});
